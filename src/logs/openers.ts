// Where one record ends and the next begins, for dialects whose times are too coarse to tell.

const openers =
  /^(?:[Aa]ccepting (?:AMQP|MQTT|STOMP|Web)|[Cc]losing (?:AMQP|MQTT|STOMP|all channels)|Error on AMQP|Channel error on|[Cc]onnection \S{1,300} -> |[Cc]onnection <\d{1,10}\.\d{1,10}\.\d{1,10}> )/;

/** How RabbitMQ's messages about connections begin, and no other program's: stands in for a process too. */
export const isAboutConnection = (text: string): boolean => openers.test(text);

/** Whether `next` may be a further line of the message whose last line is `last`. */
export function goesOn(last: string, next: string): boolean {
  const code = next.charCodeAt(0);
  if (code === 0x20 || code === 0x09) return true;
  // An open bracket: the name that a client gave itself holds a line feed.
  if (last.lastIndexOf('(') > last.lastIndexOf(')')) return true;
  return /[:,]$/.test(last) && !isAboutConnection(next);
}
