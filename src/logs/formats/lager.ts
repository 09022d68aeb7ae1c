// RabbitMQ 3.7 and 3.8: lager's lines, a prefix on the first line of a record only. With `time_format = lager_default`
// newer versions write alike, but repeat the prefix on each line.

import type { LogFormat } from '../record';
import { levelOf } from './levels';
import { microsOf } from './times';

// Without a pid two spaces follow the bracket. With `utc_log` a zone follows the time.
const prefix =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}(?: UTC)?) \[([A-Za-z]{3,9})\] (<\d{1,10}\.\d{1,10}\.\d{1,10}>)? /;

export const lager: LogFormat = {
  id: 'lager',
  title: 'RabbitMQ 3.7 and 3.8',
  continues: 'bare',
  fine: () => false,
  head(line) {
    const found = prefix.exec(line);
    if (!found) return undefined;
    const [whole, time = '', word = '', pid = ''] = found;
    const level = levelOf(word);
    return level === undefined ? undefined : { time, level, pid, rest: line.slice(whole.length) };
  },
  time: microsOf,
  samples: [
    '2019-01-01 12:00:10.003 [error] <0.1234.0> closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n{handshake_timeout,handshake}',
    '2019-01-01 12:00:00.000 UTC [info]  accepting AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672)',
  ],
};
