// RabbitMQ within a syslog or journal: its handlers write no prefix there, lager's no time; the transport knows the rest.

import type { LineHead, LogFormat } from '../record';
import { isAboutConnection } from '../openers';
import type { Peeled } from '../wrappings/wrapping';
import { levelOf } from './levels';
import { microsOf, microsOfDate, monthOf } from './times';

const body = /^\[([a-z]{4,9})\] (<\d{1,10}\.\d{1,10}\.\d{1,10}>)? /;
const withoutYear = /^([A-Z][a-z]{2}) +(\d{1,2}) (\S{8,15})$/;
const dayMs = 24 * 60 * 60 * 1000;

export const plain: LogFormat = {
  id: 'plain',
  title: 'RabbitMQ in a syslog or journal',
  continues: 'prefixed',
  fine: () => false,
  /** A line tells nothing by itself here: `plainHead` reads it. */
  head: () => undefined,
  time(written) {
    const [, name = '', day, clock = ''] = withoutYear.exec(written) ?? [];
    if (name === '') return microsOf(written);
    // The year is not written: it is the latest in which that day has come.
    const now = Date.now();
    const year = new Date(now).getUTCFullYear();
    const at = microsOfDate(year, monthOf(name), Number(day), clock);
    return at !== undefined && at / 1000 > now + dayMs ? microsOfDate(year - 1, monthOf(name), Number(day), clock) : at;
  },
  samples: [],
};

/** Undefined where the line is another program's. */
export function plainHead({ rest, log }: Peeled): LineHead | undefined {
  if (!log || rest === '') return undefined;
  const found = body.exec(rest);
  const text = found ? rest.slice(found[0].length) : rest;
  if (!/rabbit/i.test(log.program) && !isAboutConnection(text)) return undefined;
  return { time: log.time, level: levelOf(found?.[1] ?? '') ?? log.level, pid: found?.[2] ?? '', rest: text };
}
