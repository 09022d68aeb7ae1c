// RabbitMQ 3.9 and newer with a text format of its own: `log.*.formatter.plaintext.format`, or a time pattern.

import type { LineHead, LogFormat } from '../record';
import { lager } from './lager';
import { levelOf } from './levels';
import { otp } from './otp';
import { microsOf } from './times';

const clock = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?`;
const time = String.raw`(?<time>(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/. ][A-Z][a-z]{2}[-/. ]\d{4})[ T:]{1,2}${clock}|${clock}|\d{10}(?:[.,]?\d{3}){0,2})`;
const level = '(?<level>[A-Za-z]{3,9})';
const pid = String.raw`(?<pid><\d{1,10}\.\d{1,10}\.\d{1,10}>|<unknown pid>)`;
const gap = String.raw`[\])}]?(?: ?[-|:,;/=]{1,2})? ?[\[({]?`;
/** One blank only: what follows may be indented, and that is the message's own. */
const end = String.raw`[\])}]?(?: ?[-|:,;>]{1,2})?(?: |$)`;

/** `msg` always comes last; the process is asked for, since time and level alone are anybody's. */
const orders = [
  [time, level, pid],
  [time, pid, level],
  [level, time, pid],
  [level, pid, time],
  [pid, time, level],
  [pid, level, time],
].map((parts) => new RegExp(String.raw`^[\[({]?${parts.join(gap)}${end}`));
/** Without `$pid`: RabbitMQ's own time and brackets have to make up for it. */
const withoutPid = new RegExp(
  String.raw`^(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d) \[${level}\] (?=\S)`,
);

const start = /^[[({]?([A-Za-z]{1,9})/;
const beginsWithDigits = /^[[({]?<?\d|^[[({]?<u/;
/** A prefix that is longer is none. */
const longestPrefix = 160;

export const custom: LogFormat = {
  id: 'custom',
  title: 'RabbitMQ 3.9 and newer, with a text format of its own',
  continues: 'prefixed',
  fine: (written) => /[.,]\d{6}|^\d{16}/.test(written),
  head(line) {
    const [, word] = start.exec(line) ?? [];
    if (word === undefined ? !beginsWithDigits.test(line) : levelOf(word) === undefined) return undefined;
    // The formats as they come are special cases of this one.
    if (otp.head(line) || lager.head(line)) return undefined;
    const begin = line.slice(0, longestPrefix);
    if (!begin.includes('<')) return read(withoutPid.exec(begin), line);
    for (const order of orders) {
      const head = read(order.exec(begin), line);
      if (head) return head;
    }
    return read(withoutPid.exec(begin), line);
  },
  time: microsOf,
  samples: [
    '2022/01/01 12:00:10.003 INFO <0.1234.0> - accepting AMQP connection 10.0.0.12:53422 -> 10.0.0.5:5672',
    '[error] 2022-01-01 12:00:10.003412+00:00 <0.1234.0> closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n[error] 2022-01-01 12:00:10.003412+00:00 <0.1234.0> {handshake_timeout,handshake}',
  ],
};

function read(found: RegExpExecArray | null, line: string): LineHead | undefined {
  const { time: at = '', level: word = '', pid: process = '' } = found?.groups ?? {};
  const full = levelOf(word);
  if (!found || full === undefined) return undefined;
  return { time: at, level: full, pid: process.startsWith('<u') ? '' : process, rest: line.slice(found[0].length) };
}
