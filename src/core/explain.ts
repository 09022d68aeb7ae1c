// A log record's text → the reason it states.

import type { Explanation, Reason } from './reason';

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
  for (const reason of catalogue) {
    const match = reason.log;
    if (!match || !looked.includes(match.literal)) continue;
    if (match.levels && !match.levels.includes(level)) continue;
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
