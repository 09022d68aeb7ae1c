// RabbitMQ 3.9 and newer: rabbit_logger_text_fmt's lines, each with the whole prefix again.

import type { LogFormat } from '../record';
import { levelOf } from './levels';
import { microsOf } from './times';

// Time in RFC 3339 with a space or a T, or counted since 1970: microseconds, or seconds with or without a fraction.
const time = String.raw`\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d)|\d{10}(?:\.?\d{6})?`;
const pid = String.raw`<\d{1,10}\.\d{1,10}\.\d{1,10}>`;
const prefix = new RegExp(String.raw`^(${time}) \[([A-Za-z]{3,9})\] (${pid})?(?: |$)`);

export const otp: LogFormat = {
  id: 'otp',
  title: 'RabbitMQ 3.9 and newer',
  continues: 'prefixed',
  // Seconds since 1970 are coarse: what a process logs within one second carries the same time.
  fine: (text) => text.length > 10,
  head(line) {
    const found = prefix.exec(line);
    if (!found) return undefined;
    const [whole, at = '', word = '', process = ''] = found;
    const level = levelOf(word);
    return level === undefined ? undefined : { time: at, level, pid: process, rest: line.slice(whole.length) };
  },
  time: microsOf,
  samples: [
    '2022-01-01 12:00:10.003412+00:00 [error] <0.1234.0> closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n2022-01-01 12:00:10.003412+00:00 [error] <0.1234.0> {handshake_timeout,handshake}',
    '2022-01-01T12:00:10.003412+00:00 [INFO] <0.1234.0> accepting AMQP connection 10.0.0.12:53422 -> 10.0.0.5:5672',
  ],
};
