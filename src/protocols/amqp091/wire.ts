// The simple types of AMQP 0-9-1 as bytes (specification 4.2.1 to 4.2.5): integers in network order, short and long strings.

import { viewOf } from '../../core/bytes';

/** Thrown while a frame is decoded, and caught where the frame is known: the peer's fault is data. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** UTF-8 with U+FFFD in place of what is none: 0-9-1 says nothing of the encoding, and clients do send other ones. */
export const textOf = (bytes: Uint8Array): string => utf8.decode(bytes);
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** A number where it is exact, else its digits: delivery tags and timestamps have 64 bits. */
export type Longlong = number | string;

const longlong = (value: bigint): Longlong =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();

/** Told of each value read: its name, the value as text, and where it stands in its frame. */
export type Note = (name: string, value: string, offset: number, length: number) => void;

export interface Reader {
  /** Bytes read so far, counted from the start of the frame. */
  readonly offset: number;
  readonly left: number;
  octet(): number;
  short(): number;
  long(): number;
  longlong(): Longlong;
  signed(bits: 8 | 16 | 32 | 64): Longlong;
  float(bits: 32 | 64): number;
  /** A copy. */
  bytes(length: number): Uint8Array;
  shortstr(): string;
  longstr(): Uint8Array;
}

/** Reads `bytes`, which stand `frameOffset` bytes into their frame. Each read past their end throws Undecodable. */
export function createReader(bytes: Uint8Array, frameOffset: number): Reader {
  const view = viewOf(bytes);
  let at = 0;
  const take = (length: number): number => {
    if (length > bytes.length - at)
      throw new Undecodable(`${length} bytes expected where ${bytes.length - at} are left`);
    at += length;
    return at - length;
  };
  const copy = (length: number): Uint8Array => {
    const from = take(length);
    return Uint8Array.from(bytes.subarray(from, from + length));
  };
  const text = (length: number): string => {
    const from = take(length);
    return textOf(bytes.subarray(from, from + length));
  };
  const octet = () => view.getUint8(take(1));
  const long = () => view.getUint32(take(4));
  return {
    get offset() {
      return frameOffset + at;
    },
    get left() {
      return bytes.length - at;
    },
    octet,
    short: () => view.getUint16(take(2)),
    long,
    longlong: () => longlong(view.getBigUint64(take(8))),
    signed(bits) {
      if (bits === 8) return view.getInt8(take(1));
      if (bits === 16) return view.getInt16(take(2));
      return bits === 32 ? view.getInt32(take(4)) : longlong(view.getBigInt64(take(8)));
    },
    float: (bits) => (bits === 32 ? view.getFloat32(take(4)) : view.getFloat64(take(8))),
    bytes: copy,
    shortstr: () => text(octet()),
    longstr: () => copy(long()),
  };
}

export interface Writer {
  readonly length: number;
  octet(value: number): void;
  short(value: number): void;
  long(value: number): void;
  /** Two's complement where it is negative. */
  longlong(value: bigint): void;
  float(bits: 32 | 64, value: number): void;
  raw(bytes: Uint8Array): void;
  /** Writes what `write` writes behind the number of its bytes, as a long. */
  counted(write: () => void): void;
  /** A copy of all that was written. */
  finish(): Uint8Array;
}

export function createWriter(): Writer {
  let buffer = new Uint8Array(256);
  let view = viewOf(buffer);
  let length = 0;
  const grow = (by: number): number => {
    if (length + by > buffer.length) {
      const larger = new Uint8Array(Math.max(buffer.length * 2, length + by));
      larger.set(buffer);
      buffer = larger;
      view = viewOf(buffer);
    }
    length += by;
    return length - by;
  };
  // The offset is taken before `view` is: growing replaces the view.
  const at = (by: number, write: (offset: number) => void) => write(grow(by));
  return {
    get length() {
      return length;
    },
    octet: (value) => at(1, (offset) => view.setUint8(offset, value)),
    short: (value) => at(2, (offset) => view.setUint16(offset, value)),
    long: (value) => at(4, (offset) => view.setUint32(offset, value)),
    longlong: (value) => at(8, (offset) => view.setBigUint64(offset, BigInt.asUintN(64, value))),
    float: (bits, value) =>
      at(bits / 8, (offset) => (bits === 32 ? view.setFloat32(offset, value) : view.setFloat64(offset, value))),
    raw: (bytes) => at(bytes.length, (offset) => buffer.set(bytes, offset)),
    counted(write) {
      const offset = grow(4);
      write();
      view.setUint32(offset, length - offset - 4);
    },
    finish: () => buffer.slice(0, length),
  };
}

/** The value as a whole number within the range, or a RangeError that names it: ours to mend, not the peer's. */
export function whole(value: unknown, least: bigint, most: bigint, name: string): bigint {
  const isWhole =
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,20}$/.test(value));
  if (!isWhole) throw new RangeError(`${name} is not a whole number`);
  const exact = BigInt(value);
  if (exact < least || exact > most) throw new RangeError(`${name} is out of range: ${exact}`);
  return exact;
}
