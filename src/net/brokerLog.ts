// What the broker writes into its log while a scenario runs.

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { UserError } from '../core/userError';
import { createLineReader } from '../logs/lines';
import type { LogRecord } from '../logs/record';
import { createRecordReader } from '../logs/records';

export interface BrokerLog {
  readonly file: string;
  /** The records written since the log was opened here. After a rotation or truncation, since the file's start. */
  records(): Promise<LogRecord[]>;
}

/** At most this much of what a run adds is looked at. */
const mostBytes = 16 * 1024 * 1024;
const lineFeed = 0x0a;

/** Throws a `UserError` when the file cannot be read. */
export async function openBrokerLog(file: string): Promise<BrokerLog> {
  let from: number;
  let linesBefore: number;
  try {
    from = (await stat(file)).size;
    linesBefore = await countLines(file, from);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UserError(
      'file-unreadable',
      `The broker's log "${file}" cannot be read (${why}). Check the path and its permissions, or leave the log out.`,
    );
  }
  return {
    file,
    async records() {
      const size = await sizeOf(file);
      if (size < from) {
        from = 0;
        linesBefore = 0;
      }
      return parse(await readRange(file, from, Math.min(size, from + mostBytes)), linesBefore);
    },
  };
}

/** 0 while a rotation has taken the file away. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function countLines(file: string, end: number): Promise<number> {
  if (end === 0) return 0;
  let lines = 0;
  // A stream of a file opened without an encoding yields Buffers.
  for await (const chunk of createReadStream(file, { end: end - 1 }) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) lines++;
  }
  return lines;
}

async function readRange(file: string, from: number, to: number): Promise<Uint8Array> {
  if (to <= from) return new Uint8Array();
  const handle = await open(file);
  try {
    const buffer = new Uint8Array(to - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function parse(bytes: Uint8Array, linesBefore: number): LogRecord[] {
  const lines = createLineReader();
  const records = createRecordReader();
  const found = [...lines.push(bytes), ...lines.flush()].flatMap((line) => records.push(line));
  return [...found, ...records.flush()].map((record) => ({ ...record, line: record.line + linesBefore }));
}
