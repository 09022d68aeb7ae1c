// The practice broker's log file, written as RabbitMQ 3.9 and newer write theirs: every physical line has the whole prefix.

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { now } from '../clock';

export type Level = 'debug' | 'info' | 'warning' | 'error';

export interface Log {
  write(level: Level, pid: string, text: string): void;
  /** Resolves when all that was written is in the file. */
  close(): Promise<void>;
}

/** Whatever an editor or a reader may take for the end of a line: none of it may start a line of its own making. */
const lineEnd = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** Appends to the file, and creates it where there is none. Rejects when it cannot be opened. */
export async function openLog(path: string): Promise<Log> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  await once(stream, 'open');
  let broken = false;
  // A full disk must not end the broker, nor the editor that it lives in: the log stops, the broker goes on.
  stream.on('error', () => {
    broken = true;
  });
  return {
    write(level, pid, text) {
      if (!broken && stream.writable) stream.write(formatRecord(now(), level, pid, text));
    },
    close: () =>
      new Promise((done) => {
        if (broken) done();
        else stream.end(() => done());
        stream.once('error', () => done());
      }),
  };
}

/** `at` in microseconds since 1970. */
export function formatRecord(at: number, level: Level, pid: string, text: string): string {
  const micros = String(Math.floor(at) % 1_000_000).padStart(6, '0');
  const seconds = new Date(Math.floor(at / 1000)).toISOString().slice(0, 19).replace('T', ' ');
  const prefix = `${seconds}.${micros}+00:00 [${level}] ${pid} `;
  return text
    .split(lineEnd)
    .map((line) => `${prefix}${line.trimEnd()}\n`)
    .join('');
}

/** Made-up process ids, each given once, that look as Erlang's do. */
export function createPids(): () => string {
  let last = 700;
  return () => `<0.${++last}.0>`;
}
