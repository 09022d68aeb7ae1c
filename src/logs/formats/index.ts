// The dialects of RabbitMQ's logs, one row each, and how a text is recognised as one of them.

import { withoutColours } from '../colours';
import type { LineHead, LogFormat } from '../record';
import { custom } from './custom';
import { formatterCrash } from './formatterCrash';
import { json } from './json';
import { lager } from './lager';
import { otp } from './otp';
import { plain, plainHead } from './plain';
import { report } from './report';
import { layersOf } from '../wrappings';
import type { Peeled } from '../wrappings/wrapping';

export const formats: readonly LogFormat[] = [otp, lager, report, json, formatterCrash, custom];

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

export interface Placed {
  /** Undefined where no layer of the line begins with a prefix. */
  readonly headed?: Headed;
  /** What was peeled off, from the outside to where the prefix was found; all that could be where it was not. */
  readonly layers: readonly Peeled[];
}

/** `headOf` of a line that a transport may have wrapped. */
export function placeOf(line: string, first?: LogFormat): Placed {
  const headed = headOf(line, first);
  if (headed) return { headed, layers: [] };
  const layers = layersOf(line);
  for (const [index, { rest }] of layers.entries()) {
    const inner = headOf(rest, first);
    if (inner) return { headed: inner, layers: layers.slice(0, index + 1) };
  }
  return { layers };
}

/** The head of a line that has none of its own, in a syslog or journal. */
export function plainOf(layers: readonly Peeled[]): Headed | undefined {
  const inner = layers.at(-1);
  const head = inner && plainHead(inner);
  return head && { format: plain, head };
}

const sampleLines = 200;
const words = /rabbit|amqp|mqtt|stomp|vhost|mnesia/i;

/** The dialect that the first lines are in, or undefined where they are no log of RabbitMQ's. */
export function detectFormat(lines: readonly string[]): LogFormat | undefined {
  const counts = new Map<LogFormat, number>();
  let ours = false;
  for (const raw of lines.slice(0, sampleLines)) {
    const line = withoutColours(raw);
    const { headed: own, layers } = placeOf(line);
    const headed = own ?? plainOf(layers);
    if (headed) counts.set(headed.format, (counts.get(headed.format) ?? 0) + 1);
    // Other programs write like these, but few have Erlang's processes or speak of what a broker speaks of.
    ours ||= (headed !== undefined && (headed.head.pid !== '' || headed.format === plain)) || words.test(line);
  }
  if (!ours) return undefined;
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
