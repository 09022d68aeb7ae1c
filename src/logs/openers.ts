// Where one record ends and the next begins, for dialects whose times are too coarse to tell.

const openers =
  /^(?:[Aa]ccepting |[Aa]ccepted |[Cc]losing |[Cc]onnection <|[Cc]onnection \S{1,300} (?:has|->)|connection \S{1,300} |Error on |Channel error |Raw client |Resolved client |Client address |[Uu]ser '|MQTT |STOMP |TLS |HTTP |Web ?(?:MQTT|STOMP) |FORMATTER CRASH|(?:\*\* |=[A-Z]{4,12} REPORT|CRASH REPORT|Supervisor: ))/;

/** How RabbitMQ's messages about connections begin. */
export const startsRecord = (text: string): boolean => openers.test(text);

/** Whether `next` may be a further line of the message whose last line is `last`. */
export function goesOn(last: string, next: string): boolean {
  const code = next.charCodeAt(0);
  if (code === 0x20 || code === 0x09) return true;
  // An open bracket: the name that a client gave itself holds a line feed.
  if (last.lastIndexOf('(') > last.lastIndexOf(')')) return true;
  return /[:,]$/.test(last) && !startsRecord(next);
}
