// The arguments of a method and the properties of a content: one list of fields, encoded and decoded by the same rows.

import type { Field } from '../../core/event';
import { mask } from '../../core/redact';
import { display } from './printable';
import { isTable, readTable, writeEntries } from './table';
import { bytesOf, textOf, whole, type Note, type Reader, type Writer } from './wire';

/** Arguments under the specification's own names: 'heartbeat', 'frame-max', 'client-properties'. */
export type Args = Readonly<Record<string, unknown>>;

export interface FieldSpec {
  readonly name: string;
  readonly type: string;
}

/** The SASL responses and the new secret: shown nowhere. */
export const secretFields: ReadonlySet<string> = new Set(['response', 'new-secret']);

/** The long strings that are bytes to the protocol; every other one is a text. */
const opaqueFields: ReadonlySet<string> = new Set([...secretFields, 'challenge']);

/** Its writer is the broker, in words that hold a client's: RabbitMQ too cuts it to what a short string can hold. */
const cutField = 'reply-text';

interface FieldType {
  read(reader: Reader, name: string, note: Note): unknown;
  /** `value` is undefined where it is missing: then the type's zero is written. */
  write(writer: Writer, value: unknown, name: string): void;
}

const unsigned = (bits: 8 | 16 | 32): FieldType => {
  const method = ({ 8: 'octet', 16: 'short', 32: 'long' } as const)[bits];
  const most = (1n << BigInt(bits)) - 1n;
  return {
    read: (reader) => reader[method](),
    write: (writer, value, name) => writer[method](Number(whole(value ?? 0, 0n, most, name))),
  };
};

const longlong: FieldType = {
  read: (reader) => reader.longlong(),
  write: (writer, value, name) => writer.longlong(whole(value ?? 0, 0n, (1n << 64n) - 1n, name)),
};

function stringBytes(value: unknown, name: string): Uint8Array {
  if (value === undefined) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return bytesOf(value);
  throw new RangeError(`${name} is neither a text nor bytes`);
}

function cutToShort(bytes: Uint8Array): Uint8Array {
  let end = Math.min(bytes.length, 255);
  // Not within a character: its bytes after the first are 10xxxxxx.
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

const fieldTypes: Readonly<Record<string, FieldType>> = {
  octet: unsigned(8),
  short: unsigned(16),
  long: unsigned(32),
  longlong,
  timestamp: longlong,
  shortstr: {
    read: (reader) => reader.shortstr(),
    write(writer, value, name) {
      const bytes = stringBytes(value, name);
      const fitting = name === cutField ? cutToShort(bytes) : bytes;
      if (fitting.length > 255) throw new RangeError(`${name} is longer than 255 bytes`);
      writer.octet(fitting.length);
      writer.raw(fitting);
    },
  },
  longstr: {
    read: (reader, name) => (opaqueFields.has(name) ? reader.longstr() : textOf(reader.longstr())),
    write: (writer, value, name) => writer.counted(() => writer.raw(stringBytes(value, name))),
  },
  table: {
    read: (reader, name, note) => readTable(reader, reader.long(), name, note),
    write(writer, value, name) {
      const entries = value ?? {};
      if (!isTable(entries)) throw new RangeError(`${name} is not a table`);
      writer.counted(() => writeEntries(writer, entries, name));
    },
  },
};

function typeOf({ name, type }: FieldSpec): FieldType {
  const found = fieldTypes[type];
  if (!found) throw new RangeError(`${name} has the unknown type ${type}`);
  return found;
}

/** 'a:short b:bit' */
export function parseFieldSpecs(row: string): readonly FieldSpec[] {
  return row
    .split(' ')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', type = ''] = pair.split(':');
      return { name, type };
    });
}

/** Throws a RangeError for an argument that the method does not have, as it would go astray in silence. */
export function assertKnown(specs: readonly FieldSpec[], args: Args, owner: string): void {
  for (const name of Object.keys(args))
    if (!specs.some((spec) => spec.name === name)) throw new RangeError(`${owner} has no ${name}`);
}

export function readField(reader: Reader, spec: FieldSpec, note: Note): unknown {
  const start = reader.offset;
  const value = typeOf(spec).read(reader, spec.name, note);
  note(spec.name, secretFields.has(spec.name) ? mask : display(value), start, reader.offset - start);
  return value;
}

export const writeField = (writer: Writer, spec: FieldSpec, value: unknown): void =>
  typeOf(spec).write(writer, value, spec.name);

/** Bits that follow one another share an octet, the first in its lowest bit, up to eight (4.2.5.2). */
export function writeFields(writer: Writer, specs: readonly FieldSpec[], args: Args): void {
  let bits: boolean[] = [];
  const flush = () => {
    if (bits.length > 0) writer.octet(bits.reduce((octet, bit, place) => octet | (bit ? 1 << place : 0), 0));
    bits = [];
  };
  for (const spec of specs) {
    const value = args[spec.name];
    if (spec.type !== 'bit') {
      flush();
      writeField(writer, spec, value);
      continue;
    }
    if (value !== undefined && typeof value !== 'boolean') throw new RangeError(`${spec.name} is not a boolean`);
    if (bits.length === 8) flush();
    bits.push(value ?? false);
  }
  flush();
}

export function readFields(reader: Reader, specs: readonly FieldSpec[], note: Note): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  let octet = 0;
  let place = 8;
  for (const spec of specs) {
    if (spec.type !== 'bit') {
      place = 8;
      args[spec.name] = readField(reader, spec, note);
      continue;
    }
    if (place === 8) {
      octet = reader.octet();
      place = 0;
    }
    const value = ((octet >> place) & 1) === 1;
    args[spec.name] = value;
    note(spec.name, String(value), reader.offset - 1, 1);
    place += 1;
  }
  return args;
}

/** A hostile table may hold a hundred thousand entries; a reader looks at the first. */
const notedEntries = 256;

/** Fields in the order of their bytes: a table before its entries. */
export function createFieldList(): { readonly note: Note; sorted(): Field[] } {
  const fields: Field[] = [];
  let entries = 0;
  return {
    note(name, value, offset, length) {
      const isEntry = name.includes('.') || name.includes('[');
      if (isEntry && (entries += 1) > notedEntries) return;
      fields.push({ name, value, offset, length });
    },
    // Stable: entries were noted in order, and a table after all that it holds.
    sorted: () => fields.toSorted((a, b) => a.offset - b.offset || b.length - a.length),
  };
}
