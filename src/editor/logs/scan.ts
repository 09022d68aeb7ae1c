// The findings of a text that changes under our eyes: read in small slices, and after a change only what it may touch.

import type { Reason } from '../../core/reason';
import { findingOf } from '../../logs/findings';
import { detectFormat } from '../../logs/formats';
import { longestLine } from '../../logs/lines';
import type { Finding, LogFormat } from '../../logs/record';
import { createRecordReader, type RecordReader } from '../../logs/records';

/** A text as VS Code has it. Lines count from 0 here. */
export interface Lines {
  readonly count: number;
  at(line: number): string;
}

export interface LogScan {
  /** Of the last finished pass; undefined while the text is not known to be a log of RabbitMQ's. */
  readonly found: LogFindings | undefined;
  /** Something changed at this line or after it. */
  changed(firstLine: number): void;
  /** Reads what was not read yet. Called again while it runs, it does nothing: that pass sees all changes. */
  read(lines: Lines): Promise<void>;
}

export interface LogFindings {
  readonly format: LogFormat;
  readonly findings: readonly Finding[];
}

/** The extension host serves all extensions: no slice may hold it for longer. */
const sliceMs = 8;
const linesBetweenLooks = 64;
/** A record has at most 200 lines, and others in between: what begins this far before a change is not touched by it. */
const reach = 400;
const sampleLines = 200;

/** `pause` lets others work. */
export function createLogScan(catalogue: readonly Reason[], pause: () => Promise<void>): LogScan {
  let found: LogFindings | undefined;
  let findings: Finding[] = [];
  /** The next line to be read, the line at which its reader began, and the first line whose record is still wanted. */
  let next = 0;
  let base = 0;
  let wanted = 0;
  let reader: RecordReader = createRecordReader();
  let reading = false;
  let finished = false;

  function rewind(line: number): void {
    wanted = Math.max(0, line - reach);
    base = Math.max(0, wanted - reach);
    next = base;
    reader = createRecordReader();
    findings = findings.filter((finding) => finding.line <= wanted);
  }

  function take(records: ReturnType<RecordReader['push']>): void {
    for (const record of records) {
      const line = record.line + base;
      if (line <= wanted) continue;
      const finding = findingOf({ ...record, line }, catalogue);
      if (finding) findings.push(finding);
    }
  }

  function finish(lines: Lines): void {
    take(reader.flush());
    const format = detect(lines);
    found = format && { format, findings: [...findings] };
    finished = true;
  }

  return {
    get found() {
      return found;
    },
    changed(firstLine) {
      finished = false;
      if (firstLine < next) rewind(firstLine);
    },
    async read(lines) {
      if (reading || finished) return;
      // Most texts are no logs: they cost this look only.
      if (!detect(lines)) {
        found = undefined;
        finished = true;
        rewind(0);
        return;
      }
      reading = true;
      try {
        let since = performance.now();
        while (next < lines.count) {
          take(reader.push(lines.at(next++).slice(0, longestLine)));
          if (next % linesBetweenLooks !== 0 || performance.now() - since < sliceMs) continue;
          await pause();
          since = performance.now();
        }
        finish(lines);
      } finally {
        reading = false;
      }
    },
  };
}

/** By the beginning of the text or, where something else stands there, by its end. */
function detect(lines: Lines): LogFormat | undefined {
  const sample = (from: number): string[] => {
    const texts: string[] = [];
    for (let line = from; line < Math.min(lines.count, from + sampleLines); line++) {
      texts.push(lines.at(line).slice(0, 1000));
    }
    return texts;
  };
  return (
    detectFormat(sample(0)) ?? (lines.count > sampleLines ? detectFormat(sample(lines.count - sampleLines)) : undefined)
  );
}
