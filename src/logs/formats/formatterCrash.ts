// 4.0.5 gives its own formatter a format and arguments that do not agree; Erlang's default formatter then writes both.
//
//   2026-11-21T… error: FORMATTER CRASH: {"closing AMQP connection ~tp (~ts):~nfailed to …: ~ts",[<0.1.0>,<<"A -> B">>,"3s","…"]}

import type { LogFormat } from '../record';
import { levelOf } from './levels';
import { microsOf } from './times';

const prefix = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)) ([a-z]{4,9}): (FORMATTER CRASH: )/;
const call = /^\{"([^"\\]{0,1000})",\[(.{0,4000})\]\}$/;
const argument = /<<"([^"\\]{0,1000})">>|"([^"\\]{0,1000})"|(<\d{1,10}\.\d{1,10}\.\d{1,10}>|[^,"<]{1,200})/g;
const took = /^(?:\d{1,9}(?:ms|[DHMs]))(?:, \d{1,9}[DHMs]){0,3}$/;

export const formatterCrash: LogFormat = {
  id: 'formatter-crash',
  title: "RabbitMQ 4.0, in Erlang's own words",
  continues: 'alone',
  fine: () => true,
  head(line) {
    const [whole, time = '', word = '', said = ''] = prefix.exec(line) ?? [];
    const level = levelOf(word);
    if (whole === undefined || level === undefined) return undefined;
    const term = line.slice(whole.length);
    return { time, level, pid: '', rest: meant(term) ?? said + term };
  },
  time: microsOf,
  samples: [
    '2026-11-21T03:35:23.123456+00:00 error: FORMATTER CRASH: {"closing AMQP connection ~tp (~ts):~nfailed to negotiate connection parameters: ~ts",[<0.1785.0>,<<"10.0.0.12:55208 -> 10.0.0.5:5672">>,"3s","negotiated frame_max = 4096 is lower than the minimum allowed value (8192)"]}',
  ],
};

/** The message that was meant. The argument too many is how long the connection lived. */
function meant(term: string): string | undefined {
  const [, format, list = ''] = call.exec(term) ?? [];
  if (format === undefined) return undefined;
  const values = [...list.matchAll(argument)].map(([, binary, text, other]) => binary ?? text ?? other ?? '');
  const wanted = format.match(/~t?[psw]/g)?.length ?? 0;
  const surplus = values.length > wanted ? values.findIndex((value) => took.test(value)) : -1;
  const lived = surplus < 0 ? [] : values.splice(surplus, 1);
  if (values.length !== wanted) return undefined;
  if (surplus > 0) values[surplus - 1] += `, duration: '${lived.join('')}'`;
  return format.replace(/~n/g, '\n').replace(/~t?[psw]/g, () => values.shift() ?? '');
}
