// A log record's text → the reason it states.

import type { Explanation, LogMatch, Reason } from './reason';

/** Of a longer text only the beginning and the end are looked at, half of this each: a hostile line may be endless. */
export const explainedCharacters = 8192;

/**
 * The reason that a log record states, or undefined. `text` is the record's text without its prefix, its lines joined
 * by a line feed; `format` is the id of the dialect that it is written in. Where several reasons match, the
 * catalogue's order decides: the special before the general.
 */
export function explainText(
  text: string,
  level: string,
  catalogue: readonly Reason[],
  format?: string,
): Explanation | undefined {
  const half = explainedCharacters / 2;
  const looked = text.length > explainedCharacters ? `${text.slice(0, half)}…${text.slice(-half)}` : text;
  for (const reason of candidates(looked, catalogue)) {
    const match = reason.log;
    if (!match || !holds(looked, match)) continue;
    // Some dialects write no level, or a number that does not tell.
    if (match.levels && level !== '' && !match.levels.includes(level)) continue;
    if (match.formats && !(format !== undefined && match.formats.includes(format))) continue;
    const found = match.pattern.exec(looked);
    if (!found) continue;
    const named: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) named[name] = value;
    const values = match.read ? match.read(named) : named;
    if (values) return { reason, values, sure: match.sure };
  }
  return undefined;
}

const holds = (text: string, { literal }: LogMatch): boolean =>
  typeof literal === 'string' ? text.includes(literal) : literal.some((one) => text.includes(one));

interface Index {
  readonly byStart: ReadonlyMap<string, readonly Reason[]>;
  /** Those that may start with anything. */
  readonly others: readonly Reason[];
}

/** How many characters of a text tell which reasons are tried. Most lines of a log start like none of them. */
const startLength = 8;
const indexes = new WeakMap<readonly Reason[], Index>();

function candidates(text: string, catalogue: readonly Reason[]): readonly Reason[] {
  let index = indexes.get(catalogue);
  if (!index) indexes.set(catalogue, (index = indexOf(catalogue)));
  return index.byStart.get(text.slice(0, startLength)) ?? index.others;
}

/** In the catalogue's order, which decides. */
function indexOf(catalogue: readonly Reason[]): Index {
  const startsOf = ({ log }: Reason): readonly string[] =>
    log?.starts?.map((start) => start.slice(0, startLength)) ?? [];
  const logged = catalogue.filter(({ log }) => log !== undefined);
  const others = logged.filter(({ log }) => log?.starts === undefined);
  const starts = new Set(logged.flatMap(startsOf));
  const matching = (start: string): readonly Reason[] =>
    logged.filter((reason) => reason.log?.starts === undefined || startsOf(reason).includes(start));
  return { byStart: new Map([...starts].map((start) => [start, matching(start)])), others };
}
