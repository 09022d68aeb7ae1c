// How rabbit_reader.erl words an ending, and how its parts are read: names of users, vhosts and clients are hostile text.
//
//   closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672 - NAME, vhost: 'V', user: 'U', duration: '9s'):
//                           └─ pid ──┘  └────────── connection ────────┘└─────────────── details ──────────────────┘
//
// A pattern may hold one open-ended part only, the details. They are taken apart from their end: what the broker writes
// comes last, and the name that a client gave itself comes first and may imitate the rest.

import type { LogMatch, Sureness } from '../core/reason';

type Values = Readonly<Record<string, string>>;

const closes = 'closing AMQP connection ';
const troubles = [closes, 'Closing AMQP connection ', 'Error on AMQP connection '];

const pid = String.raw`(?:(?<pid><\d{1,10}\.\d{1,10}\.\d{1,10}>) )?`;
// Ends before a comma, a bracket or a space, so that there is one way to match it.
const bareEnds = String.raw`(?<connection>[^\s(]{1,300} -> [^\s(),]{1,300})(?=[\s,)])`;
const ends = String.raw`\((?<connection>\S{1,300} -> [^\s(),]{1,300})(?=[\s,)])`;

/** `closing AMQP connection … (…)` with `tail` after it; a `single_line` log joins them by a comma. */
export function closing(
  literal: string,
  tail: string,
  sure: Sureness,
  read: (groups: Values) => Values | undefined = named,
): LogMatch {
  const pattern = new RegExp(String.raw`^closing AMQP connection ${pid}${ends}(?<details>[^]*)\)${tail}$`);
  return { literal, starts: [closes], pattern, read, sure };
}

/** What begins the second line of a closing. */
export const secondLine = String.raw`:(?:\n|, ) {0,4}`;

/** `Error on AMQP connection … (…): …` and `closing AMQP connection … (…): …`, with all that follows in `details`. */
export function errorOn(
  literal: LogMatch['literal'],
  sure: Sureness,
  read: (groups: Values) => Values | undefined,
): LogMatch {
  const pattern = new RegExp(String.raw`^(?:Error on|[Cc]losing) AMQP connection ${pid}${ends}(?<details>[^]*)$`);
  return { literal, starts: troubles, pattern, read, sure };
}

/** `closing AMQP connection` with a header that is none, as term or since 4.1 as sentence, without a process id. */
export function closingHeader(term: string, sentence?: string): LogMatch {
  const bytes = String.raw`(?:\{bad_header,|client did not start with AMQP protocol header: )${term}\}?`;
  const tail = String.raw`\)${secondLine}(?:${bytes}${sentence === undefined ? '' : `|${sentence}`})`;
  return {
    literal: ['{bad_header,', ' detected on ', 'start with AMQP protocol header'],
    starts: [closes],
    pattern: new RegExp(String.raw`^closing AMQP connection ${pid}\(?${bareEnds}(?<details>[^]*)${tail}$`),
    read: ({ details = '', ...values }) => {
      const duration = /duration: '([^']{1,40})'$/.exec(details.slice(-60))?.[1];
      return { ...values, ...(duration !== undefined && { duration }) };
    },
    sure: 'certain',
  };
}

/** Details of a line that names no user: a client's name and, since 4.0, how long the connection lived. */
export function named({ details = '', ...values }: Values): Values {
  const [rest, duration] = cutQuoted(details, 'duration');
  return {
    ...values,
    ...(rest.startsWith(' - ') && { name: rest.slice(3) }),
    ...(duration !== undefined && { duration }),
  };
}

/** Details of a line that may name the user and the vhost too. */
export function namedWithUser({ details = '', ...values }: Values): Values {
  const [withUser, duration] = cutQuoted(details, 'duration');
  const [withVhost, user] = cutQuoted(withUser, 'user');
  const [rest, vhost] = user === undefined ? [withUser] : cutQuoted(withVhost, 'vhost');
  return {
    ...named({ ...values, details: rest }),
    ...(vhost !== undefined && { vhost }),
    ...(user !== undefined && { user }),
    ...(duration !== undefined && { duration }),
  };
}

/** Cuts `, label: 'value'` off the end of a text. */
export function cutQuoted(text: string, label: string): readonly [rest: string, value?: string] {
  const start = `, ${label}: '`;
  const at = text.endsWith("'") ? text.lastIndexOf(start) : -1;
  return at < 0 || at + start.length === text.length ? [text] : [text.slice(0, at), text.slice(at + start.length, -1)];
}

/**
 * The explanation within a pretty-printed `{handshake_error,STATE,0,{amqp_error,NAME,"…",…}}`, as 3.5 logs a refusal.
 * Erlang breaks a long string into several, one on each line.
 */
export function explanationOf(details: string, state: string, name: string): string | undefined {
  const opening = new RegExp(
    String.raw`^[^]{0,2}:\n\{handshake_error,${state},\d{1,5},\s{0,40}\{amqp_error,${name},\s{0,60}"`,
  );
  const found = opening.exec(details.slice(details.indexOf(')')));
  if (!found) return undefined;
  const from = details.indexOf(')') + found[0].length;
  const to = details.lastIndexOf('"');
  return to < from
    ? undefined
    : details
        .slice(from, to)
        .replace(/"\n {0,60}"/g, '')
        .replace(/\\(["\\])/g, '$1');
}
