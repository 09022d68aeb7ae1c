// The dialects of RabbitMQ's logs, one row each, and how a text is recognised as one of them.

import type { LineHead, LogFormat } from '../record';
import { custom } from './custom';
import { json } from './json';
import { lager } from './lager';
import { otp } from './otp';
import { report } from './report';

export const formats: readonly LogFormat[] = [otp, lager, report, json, custom];

// Colours: ESC [ … m. Around the level in 3.8, around the whole line since 3.9.
const colour = new RegExp(String.raw`\u001B\[[0-9;]{0,20}m`, 'g');

export const withoutColours = (line: string): string => (line.includes('\u001B[') ? line.replace(colour, '') : line);

export interface Headed {
  readonly format: LogFormat;
  readonly head: LineHead;
}

/** By character code, whether a prefix may begin so: a time, a report's heading, brackets, or the name of a level. */
const begins = new Uint8Array(128);
for (const character of '=[(<{0123456789acdeinwACDEINW') begins[character.charCodeAt(0)] = 1;

/** The dialect that a line starts in. `first` is tried first: a file seldom changes its dialect. */
export function headOf(line: string, first: LogFormat = otp): Headed | undefined {
  // Most lines of other texts cost no more than this.
  if (begins[line.charCodeAt(0)] !== 1) return undefined;
  const head = first.head(line);
  if (head) return { format: first, head };
  for (const format of formats) {
    if (format === first) continue;
    const other = format.head(line);
    if (other) return { format, head: other };
  }
  return undefined;
}

const sampleLines = 200;
const sampleCharacters = 64 * 1024;
const words = /rabbit|amqp|mqtt|stomp|vhost|mnesia/i;

/** The dialect that the first lines are in, or undefined where they are no log of RabbitMQ's. */
export function detectFormat(lines: readonly string[]): LogFormat | undefined {
  const counts = new Map<LogFormat, number>();
  let ours = false;
  for (const raw of lines.slice(0, sampleLines)) {
    const line = withoutColours(raw);
    const headed = headOf(line);
    if (headed) counts.set(headed.format, (counts.get(headed.format) ?? 0) + 1);
    // Other programs write like these, but few have Erlang's processes or speak of what a broker speaks of.
    ours ||= (headed !== undefined && headed.head.pid !== '') || words.test(line);
  }
  if (!ours) return undefined;
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** `detectFormat` of a text's beginning. */
export function looksLikeRabbitmqLog(text: string): LogFormat | undefined {
  return detectFormat(
    text
      .slice(0, sampleCharacters)
      .split('\n', sampleLines)
      .map((line) => line.replace(/^\uFEFF|\r$/g, '')),
  );
}
