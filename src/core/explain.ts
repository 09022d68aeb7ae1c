// A log record's text → the reason it states.

import type { Explanation, Reason } from './reason';

/** The lines of a record that are looked at are cut here: a hostile line may be endless. */
export const explainedCharacters = 8192;

/**
 * The reason that a log record states, or undefined. `text` is the record's text without its prefix, its lines joined
 * by a line feed. Where several reasons match, the catalogue's order decides: the special before the general.
 */
export function explainText(text: string, level: string, catalogue: readonly Reason[]): Explanation | undefined {
  const looked = text.length > explainedCharacters ? text.slice(0, explainedCharacters) : text;
  for (const reason of catalogue) {
    const match = reason.log;
    if (!match || !looked.includes(match.literal)) continue;
    if (match.levels && !match.levels.includes(level)) continue;
    const found = match.pattern.exec(looked);
    if (!found) continue;
    const values: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) values[name] = value;
    return { reason, values, sure: match.sure };
  }
  return undefined;
}
