// The generated table, made ready to look up: methods by name and by ids, properties, names of reply codes.

import { parseFieldSpecs, type FieldSpec } from './fields';
import { methodRows, propertyRow, replyRows } from './spec';

export interface MethodSpec {
  readonly classId: number;
  readonly methodId: number;
  /** 'connection.tune-ok' */
  readonly name: string;
  readonly fields: readonly FieldSpec[];
  readonly content: boolean;
  readonly answeredBy: readonly string[];
}

export const methods: readonly MethodSpec[] = methodRows.map((row) => ({
  classId: row.classId,
  methodId: row.methodId,
  name: row.name,
  fields: parseFieldSpecs(row.fields),
  content: row.content ?? false,
  answeredBy: row.answeredBy ?? [],
}));

export const properties: readonly FieldSpec[] = parseFieldSpecs(propertyRow);

const byName = new Map(methods.map((method) => [method.name, method]));
const byIds = new Map(methods.map((method) => [method.classId * 0x10000 + method.methodId, method]));
const replies = new Map(replyRows.map(({ code, name }) => [code, name]));

export const methodNamed = (name: string): MethodSpec | undefined => byName.get(name);

export const methodWith = (classId: number, methodId: number): MethodSpec | undefined =>
  byIds.get(classId * 0x10000 + methodId);

/** 530 → 'NOT_ALLOWED'; undefined for a code that the specification does not know. */
export const replyName = (code: number): string | undefined => replies.get(code);
