// The names of log levels: Erlang's eight, and the spellings that RabbitMQ can be told to shorten them to.

const spellings: Readonly<Record<string, readonly string[]>> = {
  debug: ['dbg', 'dbug'],
  info: ['inf'],
  notice: ['ntc', 'noti'],
  warning: ['wrn', 'warn'],
  error: ['err', 'erro'],
  critical: ['crt', 'crit'],
  alert: ['alt', 'alrt'],
  emergency: ['emg', 'emgc'],
};

const levels: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([level, short]) => [level, ...short].map((word) => [word, level])),
);

/** 'ERROR', 'erro' and 'err' are 'error'. Undefined for what is no level. */
export const levelOf = (written: string): string | undefined => levels.get(written.toLowerCase());
