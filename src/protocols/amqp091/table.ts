// Field tables and arrays (specification 4.2.5.5), with the types that RabbitMQ knows: rabbit_binary_parser.erl and
// rabbit_binary_generator.erl, which follow the errata and not the specification where the two differ.

import { display } from './printable';
import { bytesOf, textOf, Undecodable, whole, type Note, type Reader, type Writer } from './wire';

export type Table = Readonly<Record<string, unknown>>;

/** RabbitMQ has no limit; nobody nests so deep but to exhaust the stack. */
const deepest = 32;

const tagged = Symbol('type of a table value');

interface TaggedValue {
  readonly [tagged]: string;
  readonly value: unknown;
}

/**
 * A value that goes on the wire as this type: `tableValue('T', 1700000000)`. Without it a string is S, a whole number
 * I or l, another number d, a boolean t, null V, bytes x, an array A and an object F. Decoding gives plain values.
 */
export const tableValue = (type: string, value: unknown): TaggedValue => ({ [tagged]: type, value });

const isTagged = (value: unknown): value is TaggedValue =>
  typeof value === 'object' && value !== null && tagged in value;

interface ValueType {
  read(reader: Reader, path: string, note: Note, depth: number): unknown;
  write(writer: Writer, value: unknown, name: string): void;
}

const integer = (bits: 8 | 16 | 32, signed: boolean): ValueType => {
  const most = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  const least = signed ? -most - 1n : 0n;
  const unsigned = { 8: 'octet', 16: 'short', 32: 'long' } as const;
  return {
    read: (reader) => (signed ? reader.signed(bits) : reader[unsigned[bits]]()),
    write: (writer, value, name) =>
      writer[unsigned[bits]](Number(BigInt.asUintN(bits, whole(value, least, most, name)))),
  };
};

const float = (bits: 32 | 64): ValueType => ({
  read: (reader) => reader.float(bits),
  write(writer, value, name) {
    if (typeof value !== 'number') throw new RangeError(`${name} is not a number`);
    writer.float(bits, value);
  },
});

const longest = (1n << 63n) - 1n;
const signedLong: ValueType = {
  read: (reader) => reader.signed(64),
  write: (writer, value, name) => writer.longlong(whole(value, -longest - 1n, longest, name)),
};

const text: ValueType = {
  read: (reader) => textOf(reader.longstr()),
  write(writer, value, name) {
    if (typeof value !== 'string') throw new RangeError(`${name} is not a text`);
    writer.counted(() => writer.raw(bytesOf(value)));
  },
};

const binary: ValueType = {
  read: (reader) => reader.longstr(),
  write(writer, value, name) {
    if (!(value instanceof Uint8Array)) throw new RangeError(`${name} is not bytes`);
    writer.counted(() => writer.raw(value));
  },
};

const timestamp: ValueType = {
  read: (reader) => reader.longlong(),
  write: (writer, value, name) => writer.longlong(whole(value, 0n, (1n << 64n) - 1n, name)),
};

const boolean: ValueType = {
  read: (reader) => reader.octet() !== 0,
  write(writer, value, name) {
    if (typeof value !== 'boolean') throw new RangeError(`${name} is not a boolean`);
    writer.octet(value ? 1 : 0);
  },
};

/** Its scale, then its unscaled value, which RabbitMQ takes as unsigned. Written from a whole number with scale 0. */
const decimal: ValueType = {
  read(reader) {
    const scale = reader.octet();
    return reader.long() / 10 ** scale;
  },
  write(writer, value, name) {
    writer.octet(0);
    writer.long(Number(whole(value, 0n, 0xffffffffn, name)));
  },
};

const nothing: ValueType = { read: () => null, write: () => {} };

const table: ValueType = {
  read: (reader, path, note, depth) => readTable(reader, reader.long(), path, note, depth + 1),
  write(writer, value, name) {
    if (!isTable(value)) throw new RangeError(`${name} is not a table`);
    writer.counted(() => writeEntries(writer, value, name));
  },
};

const array: ValueType = {
  read: (reader, path, note, depth) => readArray(reader, reader.long(), path, note, depth + 1),
  write(writer, value, name) {
    if (!Array.isArray(value)) throw new RangeError(`${name} is not an array`);
    writer.counted(() => value.forEach((item, index) => writeValue(writer, item, `${name}[${index}]`)));
  },
};

const valueTypes: Readonly<Record<string, ValueType>> = {
  t: boolean,
  b: integer(8, true),
  B: integer(8, false),
  s: integer(16, true),
  u: integer(16, false),
  I: integer(32, true),
  i: integer(32, false),
  // Both are signed, against the specification: rabbitmq.com/amqp-0-9-1-errata.
  l: signedLong,
  L: signedLong,
  f: float(32),
  d: float(64),
  D: decimal,
  S: text,
  A: array,
  T: timestamp,
  F: table,
  V: nothing,
  x: binary,
};

export const tableTypes: readonly string[] = Object.keys(valueTypes);

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Reads the entries in the next `length` bytes; `note` is told of each, under `path.name`. */
export function readTable(reader: Reader, length: number, path: string, note: Note, depth = 0): Table {
  const entries: [string, unknown][] = [];
  eachWithin(reader, length, depth, () => {
    const start = reader.offset;
    const key = reader.shortstr();
    const name = path ? `${path}.${key}` : key;
    entries.push([key, readValue(reader, start, name, note, depth)]);
  });
  // Not by assignment: a key may be '__proto__'.
  return Object.fromEntries(entries);
}

function readArray(reader: Reader, length: number, path: string, note: Note, depth: number): unknown[] {
  const values: unknown[] = [];
  eachWithin(reader, length, depth, () =>
    values.push(readValue(reader, reader.offset, `${path}[${values.length}]`, note, depth)),
  );
  return values;
}

function eachWithin(reader: Reader, length: number, depth: number, readOne: () => void): void {
  if (depth > deepest) throw new Undecodable(`tables nested more than ${deepest} deep`);
  if (length > reader.left) throw new Undecodable(`a table of ${length} bytes where ${reader.left} are left`);
  const end = reader.offset + length;
  while (reader.offset < end) readOne();
  if (reader.offset > end) throw new Undecodable('a table value runs past the end of its table');
}

function readValue(reader: Reader, start: number, name: string, note: Note, depth: number): unknown {
  const tag = String.fromCharCode(reader.octet());
  const type = Object.hasOwn(valueTypes, tag) ? valueTypes[tag] : undefined;
  if (!type) throw new Undecodable(`unknown type 0x${tag.charCodeAt(0).toString(16)} in a table`);
  const value = type.read(reader, name, note, depth);
  note(name, display(value), start, reader.offset - start);
  return value;
}

export function writeEntries(writer: Writer, entries: Table, name: string): void {
  for (const [key, value] of Object.entries(entries)) {
    const bytes = bytesOf(key);
    if (bytes.length > 255) throw new RangeError(`a key of ${name} is longer than 255 bytes`);
    writer.octet(bytes.length);
    writer.raw(bytes);
    writeValue(writer, value, `${name}.${key}`);
  }
}

function writeValue(writer: Writer, value: unknown, name: string): void {
  const tag = isTagged(value) ? value[tagged] : typeFor(value, name);
  const type = Object.hasOwn(valueTypes, tag) ? valueTypes[tag] : undefined;
  if (!type) throw new RangeError(`${name} has the unknown type ${tag}`);
  writer.octet(tag.charCodeAt(0));
  type.write(writer, isTagged(value) ? value.value : value, name);
}

function typeFor(value: unknown, name: string): string {
  if (value === null) return 'V';
  if (value instanceof Uint8Array) return 'x';
  if (Array.isArray(value)) return 'A';
  if (typeof value === 'string') return 'S';
  if (typeof value === 'boolean') return 't';
  if (typeof value === 'bigint') return 'l';
  if (typeof value === 'object') return 'F';
  if (typeof value !== 'number') throw new RangeError(`${name} has no type in a table`);
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 'd';
  return value >= -0x80000000 && value <= 0x7fffffff ? 'I' : 'l';
}
