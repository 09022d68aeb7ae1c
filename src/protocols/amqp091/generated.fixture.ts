// Arguments made from a seed, for tests: what to encode, and what decoding must give.

import type { FieldSpec } from './fields';
import { properties } from './methods';
import { tableTypes, tableValue } from './table';

/** A number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** mulberry32: the same numbers for the same seed. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000) * below);
  };
}

interface Pair {
  readonly sent: unknown;
  readonly expected: unknown;
}

const same = (value: unknown): Pair => ({ sent: value, expected: value });
const letters = ['a', 'Z', '0', ' ', 'é', '漢', '😀', '\0', '"'];
const text = (next: Random, most: number): string =>
  Array.from({ length: next(most) }, () => letters[next(letters.length)]).join('');
const bytes = (next: Random): Uint8Array => Uint8Array.from({ length: next(20) }, () => next(256));
const signed = (next: Random, bits: number): number => next(2 ** bits) - 2 ** (bits - 1);

/** Small ones, the largest that is exact, and the largest there is. */
function unsigned64(next: Random): Pair {
  switch (next(3)) {
    case 0:
      return same(next(1000));
    case 1:
      return same(Number.MAX_SAFE_INTEGER);
    default:
      return { sent: 0xffff_ffff_ffff_ffffn, expected: '18446744073709551615' };
  }
}

function signed64(next: Random): Pair {
  return next(2) ? { sent: -(1n << 63n), expected: '-9223372036854775808' } : same(-next(2 ** 32) * 1000 - 1);
}

const tableValues: Readonly<Record<string, (next: Random, depth: number) => Pair>> = {
  t: (next) => same(next(2) === 1),
  b: (next) => same(signed(next, 8)),
  B: (next) => same(next(256)),
  s: (next) => same(signed(next, 16)),
  u: (next) => same(next(65536)),
  I: (next) => same(signed(next, 32)),
  i: (next) => same(next(2 ** 32)),
  l: signed64,
  L: signed64,
  f: (next) => same(next(1000) / 8),
  d: (next) => same(next(1000) / 7),
  D: (next) => same(next(2 ** 32)),
  S: (next) => same(text(next, 30)),
  A: (next, depth) => {
    const pairs = Array.from({ length: depth > 3 ? 0 : next(4) }, () => tableEntry(next, depth + 1));
    return { sent: pairs.map(({ sent }) => sent), expected: pairs.map(({ expected }) => expected) };
  },
  T: unsigned64,
  F: (next, depth) => table(next, depth + 1),
  V: () => same(null),
  x: (next) => same(bytes(next)),
};

function tableEntry(next: Random, depth: number): Pair {
  const type = tableTypes[next(tableTypes.length)] ?? 'V';
  const pair = tableValues[type]?.(next, depth);
  if (!pair) throw new Error(`No generator for the table type ${type}`);
  return { sent: tableValue(type, pair.sent), expected: pair.expected };
}

function table(next: Random, depth = 0): Pair {
  const keys = ['product', '__proto__', 'constructor', '', 'a.b', 'é'].slice(0, depth > 3 ? 0 : next(7));
  const pairs = keys.map((key) => [key, tableEntry(next, depth)] as const);
  return {
    sent: Object.fromEntries(pairs.map(([key, { sent }]) => [key, sent])),
    expected: Object.fromEntries(pairs.map(([key, { expected }]) => [key, expected])),
  };
}

const opaque = ['response', 'challenge', 'new-secret'];

function fieldValue(next: Random, { name, type }: FieldSpec): Pair {
  switch (type) {
    case 'bit':
      return same(next(2) === 1);
    case 'octet':
      return same(next(256));
    case 'short':
      return same(next(65536));
    case 'long':
      return same(next(2 ** 32));
    case 'longlong':
    case 'timestamp':
      return unsigned64(next);
    case 'shortstr':
      return same(text(next, 60));
    case 'longstr':
      return same(opaque.includes(name) ? bytes(next) : text(next, 300));
    case 'table':
      return table(next);
    default:
      throw new Error(`No generator for the type ${type}`);
  }
}

export interface Generated {
  readonly args: Record<string, unknown>;
  readonly expected: Record<string, unknown>;
}

export function generateArgs(next: Random, specs: readonly FieldSpec[]): Generated {
  const pairs = specs.map((spec) => [spec.name, fieldValue(next, spec)] as const);
  return {
    args: Object.fromEntries(pairs.map(([name, { sent }]) => [name, sent])),
    expected: Object.fromEntries(pairs.map(([name, { expected }]) => [name, expected])),
  };
}

export const generateProperties = (next: Random): Generated =>
  generateArgs(
    next,
    properties.filter(() => next(2) === 1),
  );
