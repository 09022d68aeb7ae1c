// RabbitMQ 3.5 and 3.6: error_logger's reports, a heading and then the text on lines of their own.

import type { LogFormat } from '../record';
import { microsOfDate, monthOf } from './times';

const heading = /^=(INFO|WARNING|ERROR|CRASH|SUPERVISOR|PROGRESS) REPORT==== (\S{1,40}) ===\s*$/;
const written = /^(\d{1,2})-([A-Z][a-z]{2})-(\d{4})::(\d\d:\d\d:\d\d)$/;

/** rabbit_log.erl writes debug through error_logger:info_msg/2: in these versions debug and info read the same. */
const levels: Readonly<Record<string, string>> = {
  INFO: 'info',
  PROGRESS: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRASH: 'error',
  SUPERVISOR: 'error',
};

export const report: LogFormat = {
  id: 'report',
  title: 'RabbitMQ 3.5 and 3.6',
  continues: 'bare',
  fine: () => false,
  head(line) {
    if (!line.startsWith('=')) return undefined;
    const [, word = '', time = ''] = heading.exec(line) ?? [];
    const level = levels[word];
    return level === undefined ? undefined : { time, level, pid: '', rest: '' };
  },
  time(text) {
    const [, day, name = '', year, clock = ''] = written.exec(text) ?? [];
    const month = monthOf(name);
    return month < 0 ? undefined : microsOfDate(Number(year), month, Number(day), clock);
  },
  samples: [
    '=ERROR REPORT==== 26-Jul-2016::05:57:17 ===\nclosing AMQP connection <0.30457.1> (11.11.11.1:57752 -> 11.11.11.15:5672):\n{handshake_timeout,handshake}',
    "=WARNING REPORT==== 1-Aug-2017::05:58:01 ===\nclosing AMQP connection <0.1240.0> (10.0.0.12:53430 -> 10.0.0.5:5672, vhost: '/', user: 'guest'):\nclient unexpectedly closed TCP connection",
  ],
};
