// Lines → records, streaming, over dialects that may change in mid-file and records that may interleave.

import { headOf, withoutColours, type Headed } from './formats';
import { goesOn } from './openers';
import type { LogFormat, LogRecord } from './record';

/** A record is cut after this many lines and characters: a crash report may print a whole process's state. */
export const mostLines = 200;
export const mostCharacters = 64 * 1024;

/** How many lines of others may stand between two lines of a record, and how many records stay open for theirs. */
const patience = 32;
const mostOpen = 16;

export interface RecordReader {
  /** The records that are known to be complete, in the order of their first lines. */
  push(line: string): LogRecord[];
  /** All others. What is pushed afterwards starts anew, with the line numbers going on. */
  flush(): LogRecord[];
}

interface OpenRecord {
  readonly key: string;
  readonly format: LogFormat;
  readonly time: string;
  readonly level: string;
  readonly pid: string;
  readonly line: number;
  readonly texts: string[];
  /** Blank lines at the end: part of the record only when more follows. */
  blanks: number;
  characters: number;
  lastLine: number;
  done: boolean;
}

export function createRecordReader(): RecordReader {
  let number = 0;
  let format: LogFormat | undefined;
  /** In the order of their first lines; some are done but wait for an earlier one. */
  let queue: OpenRecord[] = [];
  /** The one whose prefix came last: lines without a prefix belong to it. */
  let latest: OpenRecord | undefined;

  const begin = (headed: Headed): OpenRecord => {
    const { head } = headed;
    latest = {
      key: keyOf(headed),
      format: headed.format,
      time: head.time,
      level: head.level,
      pid: head.pid,
      line: number,
      texts: head.rest === '' ? [] : [head.rest],
      blanks: 0,
      characters: head.rest.length,
      lastLine: number,
      done: false,
    };
    queue.push(latest);
    return latest;
  };

  const take = (raw: string): void => {
    const line = withoutColours(raw);
    const headed = headOf(line, format);
    if (!headed) {
      // A bare line before any prefix is the end of a record whose start was rotated away.
      if (latest?.format.continues === 'bare') add(latest, line, number);
      return;
    }
    format = headed.format;
    if (format.continues === 'alone') {
      begin(headed).done = true;
      return;
    }
    const key = keyOf(headed);
    const { rest, time } = headed.head;
    const same = queue.findLast((record) => record.key === key && !record.done);
    if (same && (format.fine(time) || (rest !== '' && goesOn(same.texts.at(-1) ?? '', rest)))) {
      add(same, rest, number);
      latest = same;
      return;
    }
    if (format.continues === 'bare') for (const record of queue) record.done = true;
    else if (same) same.done = true;
    begin(headed);
  };

  /** The done ones at the queue's front. */
  const release = (all: boolean): LogRecord[] => {
    const first = queue[0];
    if (!first || (!all && !first.done && number - first.lastLine < patience && queue.length <= mostOpen)) return [];
    let count = 0;
    for (const record of queue) {
      const waits = !record.done && number - record.lastLine < patience && queue.length - count <= mostOpen;
      if (waits && !all) break;
      record.done = true;
      count++;
    }
    const released = queue.slice(0, count);
    queue = queue.slice(count);
    return released.map(recordOf);
  };

  return {
    push(line) {
      number++;
      take(line);
      return release(false);
    },
    flush() {
      const records = release(true);
      latest = undefined;
      return records;
    },
  };
}

const keyOf = ({ head }: Headed): string => `${head.time} ${head.level} ${head.pid}`;

function add(record: OpenRecord, text: string, number: number): void {
  if (text === '') {
    record.blanks++;
    return;
  }
  const isFull = record.texts.length + record.blanks >= mostLines || record.characters + text.length > mostCharacters;
  if (record.done || isFull) return;
  for (; record.blanks > 0; record.blanks--) record.texts.push('');
  record.texts.push(text);
  record.characters += text.length;
  record.lastLine = number;
}

function recordOf({ format, time, level, pid, texts, line, lastLine }: OpenRecord): LogRecord {
  const at = format.time(time);
  return {
    format: format.id,
    ...(at !== undefined && { at }),
    level,
    pid,
    text: texts.join('\n'),
    line,
    lines: lastLine - line + 1,
  };
}
