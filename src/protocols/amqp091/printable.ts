// Values of frames as one line of text that is safe to show: no control characters, no endless strings.

import { hex } from '../../core/bytes';

/** Longer texts are cut here; the frame's length still tells how long they were. */
export const shownCharacters = 512;

/** Control characters, line separators and those that reverse the direction of writing: they would forge what we show. */
const unsafe = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

export function printable(text: string, most = shownCharacters): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Quoted where it is empty or holds a blank. */
export function word(text: string): string {
  const safe = printable(text, 255);
  return safe === '' || /[\s"]/.test(safe) ? `"${safe}"` : safe;
}

const hexBytes = 16;

export function display(value: unknown): string {
  if (typeof value === 'string') return printable(value);
  if (value instanceof Uint8Array) {
    const start = hex(value.subarray(0, hexBytes));
    return value.length > hexBytes ? `${start}… (${value.length} bytes)` : start;
  }
  if (Array.isArray(value)) return counted(value.length, 'value');
  if (typeof value === 'object' && value !== null) return counted(Object.keys(value).length, 'entry', 'entries');
  return String(value);
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
