// Bytes become lines, wherever they are split.
import { expect, test } from 'vitest';
import { createLineReader, longestLine } from './lines';

const bytes = (text: string) => new TextEncoder().encode(text);

function read(input: Uint8Array, size = input.length || 1): string[] {
  const reader = createLineReader();
  const lines: string[] = [];
  for (let at = 0; at < input.length; at += size) lines.push(...reader.push(input.subarray(at, at + size)));
  return [...lines, ...reader.flush()];
}

test.each<[what: string, text: string, lines: string[]]>([
  ['nothing', '', []],
  ['one line without an end', 'a', ['a']],
  ['LF', 'a\nb\n', ['a', 'b']],
  ['CR LF', 'a\r\nb\r\n\r\n', ['a', 'b', '']],
  ['blank lines', '\n\na\n', ['', '', 'a']],
  ['a byte order mark', '\uFEFFa\nb', ['a', 'b']],
  ['more than ASCII', 'naïve → 漢字 🐰\nß', ['naïve → 漢字 🐰', 'ß']],
  ['a CR in mid-line', 'a\rb\n', ['a\rb']],
])('%s reads alike at every split', (_what, text, lines) => {
  const input = bytes(text);
  for (let size = 1; size <= input.length + 1; size++) expect(read(input, size)).toEqual(lines);
});

test('invalid UTF-8 is tolerated', () => {
  expect(read(new Uint8Array([0x61, 0xff, 0xc3, 0x0a, 0x62]))).toEqual(['a\uFFFD\uFFFD', 'b']);
});

test('a long line is cut, and the next one is whole', () => {
  const input = bytes(`${'x'.repeat(longestLine * 3)}\nnext\n`);
  for (const size of [input.length, 1000]) {
    const [first, second] = read(input, size);
    expect(first).toBe('x'.repeat(longestLine));
    expect(second).toBe('next');
  }
});

test('a NUL byte at the beginning means that this is no text', () => {
  const reader = createLineReader();
  expect(reader.push(bytes('abc\n'))).toEqual(['abc']);
  expect(reader.binary).toBe(false);
  expect(reader.push(new Uint8Array([0x61, 0, 0x0a]))).toEqual([]);
  expect(reader.binary).toBe(true);
  expect(reader.push(bytes('more\n'))).toEqual([]);
  expect(reader.flush()).toEqual([]);
});

test('a NUL byte far into a text does not matter', () => {
  const reader = createLineReader();
  reader.push(bytes('x\n'.repeat(5000)));
  expect(reader.push(new Uint8Array([0x61, 0, 0x0a]))).toEqual(['a\0']);
  expect(reader.binary).toBe(false);
});
