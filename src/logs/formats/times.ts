// The times that logs are written with → microseconds since 1970. A time without a zone is taken as UTC.

import type { Micros } from '../../core/event';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const numeric = /^(\d{4})[-/.](\d\d)[-/.](\d\d)[ T:]{1,2}(.{8,40})$/;
const named = /^(\d{1,2})[-/. ]([A-Z][a-z]{2})[-/. ](\d{4})[ T:]{1,2}(.{8,40})$/;
const clock = /^(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(?:Z|UTC|([+-]\d\d):?(\d\d)))?$/;
const epoch = /^(\d{10})[.,]?(\d{0,9})$/;

/** 'Jan' is 0; -1 for what is no month. */
export const monthOf = (name: string): number => months.indexOf(name);

/** Undefined where it is no date, or a time of day without one. */
export function microsOf(written: string): Micros | undefined {
  const since = epoch.exec(written);
  if (since) return Number(since[1]) * 1e6 + microsOfFraction(since[2]);
  const first = numeric.exec(written);
  if (first) return microsOfDate(Number(first[1]), Number(first[2]) - 1, Number(first[3]), first[4] ?? '');
  const [, day, name = '', year, rest = ''] = named.exec(written) ?? [];
  const month = monthOf(name);
  return month < 0 ? undefined : microsOfDate(Number(year), month, Number(day), rest);
}

/** `written` is the time of day, with or without a fraction and a zone. Months count from 0. */
export function microsOfDate(year: number, month: number, day: number, written: string): Micros | undefined {
  const found = clock.exec(written);
  if (!found) return undefined;
  const [hours, minutes, seconds] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (month > 11 || day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const [, , , , fraction, zoneHours, zoneMinutes] = found;
  const east =
    zoneHours === undefined ? 0 : Number(zoneHours) * 60 + (zoneHours.startsWith('-') ? -1 : 1) * Number(zoneMinutes);
  const ms = Date.UTC(year, month, day, hours, minutes - east, seconds);
  return ms * 1000 + microsOfFraction(fraction);
}

const microsOfFraction = (digits = ''): number => Number(digits.slice(0, 6).padEnd(6, '0'));
