// How RabbitMQ's messages about connections begin: tells two records apart that carry the same coarse time.

const openers =
  /^(?:accepting |[Cc]losing |[Cc]onnection <|[Cc]onnection \S{1,300} (?:has|->)|Error on |Raw client |Resolved client |Client address |User ')/;

export const startsRecord = (text: string): boolean => openers.test(text);
