// Records → findings: what each record says about a connection, as the catalogue explains it.

import { explainText } from '../core/explain';
import type { Reason } from '../core/reason';
import { createLineReader } from './lines';
import type { Finding, LogRecord } from './record';
import { createRecordReader } from './records';

/** Undefined where the catalogue does not know the record. */
export function findingOf(record: LogRecord, catalogue: readonly Reason[]): Finding | undefined {
  const explained = explainText(record.text, record.level, catalogue, record.format);
  if (!explained) return undefined;
  const { reason, values, sure } = explained;
  return {
    line: record.line,
    lines: record.lines,
    ...(record.at !== undefined && { at: record.at }),
    level: record.level,
    // Reports have no prefix with a process: the text names it.
    pid: record.pid || (values['pid'] ?? ''),
    connection: values['connection'] ?? '',
    reason: reason.id,
    title: reason.title,
    severity: reason.severity,
    closedBy: reason.closedBy,
    sure,
    values,
    text: record.text,
  };
}

export interface FindingReader {
  /** The findings of the records that the bytes complete, in the order of their lines. */
  push(chunk: Uint8Array): Finding[];
  /** Those of what is left. Once: the input has ended. */
  flush(): Finding[];
  /** The input is no text: there will be no findings. */
  readonly binary: boolean;
}

export function createFindingReader(catalogue: readonly Reason[]): FindingReader {
  const lines = createLineReader();
  const records = createRecordReader();
  const explain = (found: readonly LogRecord[]): Finding[] =>
    found.flatMap((record) => findingOf(record, catalogue) ?? []);
  return {
    get binary() {
      return lines.binary;
    },
    push: (chunk) => lines.push(chunk).flatMap((line) => explain(records.push(line))),
    flush: () => [...lines.flush().flatMap((line) => explain(records.push(line))), ...explain(records.flush())],
  };
}

/** All findings of a text in memory: a document, a pasted piece of a log. */
export function findInText(text: string, catalogue: readonly Reason[]): Finding[] {
  const reader = createFindingReader(catalogue);
  const encoder = new TextEncoder();
  return [...reader.push(encoder.encode(text)), ...reader.flush()];
}
