// The payloads of method and content header frames (specification 4.2.4, 4.2.6.1) → arguments and fields.

import type { Field } from '../../core/event';
import { createFieldList, readField, readFields } from './fields';
import { methodWith, properties as propertySpecs } from './methods';
import { contentClassId } from './spec';
import { createReader, Undecodable, type Reader } from './wire';

export type DecodedMethod =
  | {
      readonly kind: 'method';
      readonly name: string;
      readonly classId: number;
      readonly methodId: number;
      readonly args: Record<string, unknown>;
      readonly fields: readonly Field[];
    }
  | { readonly kind: 'unknown'; readonly classId: number; readonly methodId: number };

/** Throws Undecodable. `frameOffset` is where the payload starts in its frame. */
export function readMethod(payload: Uint8Array, frameOffset: number): DecodedMethod {
  const reader = createReader(payload, frameOffset);
  const classId = reader.short();
  const methodId = reader.short();
  const method = methodWith(classId, methodId);
  if (!method) return { kind: 'unknown', classId, methodId };
  return within(method.name, () => {
    const list = createFieldList();
    const args = readFields(reader, method.fields, list.note);
    assertFinished(reader);
    return { kind: 'method', name: method.name, classId, methodId, args, fields: list.sorted() };
  });
}

export interface DecodedContentHeader {
  readonly kind: 'content-header';
  readonly bodySize: number;
  readonly properties: Record<string, unknown>;
  readonly fields: readonly Field[];
}

/** Throws Undecodable. */
export function readContentHeader(payload: Uint8Array, frameOffset: number): DecodedContentHeader {
  return within('content header', () => {
    const reader = createReader(payload, frameOffset);
    const list = createFieldList();
    const noted = <T>(name: string, read: () => T): T => {
      const start = reader.offset;
      const value = read();
      list.note(name, String(value), start, reader.offset - start);
      return value;
    };
    const classId = noted('class-id', () => reader.short());
    noted('weight', () => reader.short());
    const bodySize = noted('body-size', () => reader.longlong());
    if (classId !== contentClassId) throw new Undecodable(`class ${classId} has no content`);
    if (typeof bodySize !== 'number') throw new Undecodable(`a body of ${bodySize} bytes`);
    const flags = noted('property-flags', () => reader.short());
    // Of the sixteen bits basic uses fourteen; the lowest would announce more flags.
    if ((flags & 0b11) !== 0) throw new Undecodable('property flags that basic does not have');
    const properties: Record<string, unknown> = {};
    for (const [place, spec] of propertySpecs.entries())
      if ((flags & (0x8000 >> place)) !== 0) properties[spec.name] = readField(reader, spec, list.note);
    assertFinished(reader);
    return { kind: 'content-header', bodySize, properties, fields: list.sorted() };
  });
}

/** As strict as RabbitMQ, whose generated decoders match a payload as a whole. */
function assertFinished(reader: Reader): void {
  if (reader.left > 0) throw new Undecodable(`${reader.left} bytes more than its fields`);
}

function within<T>(owner: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Undecodable ? new Undecodable(`${owner}: ${error.message}`, { cause: error }) : error;
  }
}
