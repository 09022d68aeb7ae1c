// Lines → records, streaming, over dialects that may change in mid-file and records that may interleave.

import { withoutColours } from './colours';
import { headOf, placeOf, plainOf, type Headed, type Placed } from './formats';
import { goesOn } from './openers';
import type { LogFormat, LogRecord } from './record';

/** A record is cut after this many lines and characters: a crash report may print a whole process's state. */
export const mostLines = 200;
export const mostCharacters = 64 * 1024;

/** How many lines of others may stand between two lines of a record, and how many records stay open for theirs. */
const patience = 32;
const mostOpen = 16;
/** Of more containers and hosts than this, what they left unfinished is forgotten. */
const mostSources = 256;
const byteOrderMark = 0xfeff;

type Layers = Placed['layers'];

export interface RecordReader {
  /** The records that are known to be complete, in the order of their first lines. */
  push(line: string): LogRecord[];
  /** All others. What is pushed afterwards starts anew, with the line numbers going on. */
  flush(): LogRecord[];
}

interface OpenRecord {
  readonly key: string;
  readonly source: string;
  /** How long the transport's prefix is. */
  readonly indent: number;
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
  /** By source, the one whose prefix came last: lines without a prefix belong to it. */
  const latest = new Map<string, OpenRecord>();
  let newest: OpenRecord | undefined;
  /** By source, what a transport has cut into several lines and not finished. */
  const pieces = new Map<string, { readonly text: string; readonly line: number }>();

  const remember = (record: OpenRecord): void => {
    if (latest.size >= mostSources && !latest.has(record.source)) latest.clear();
    latest.set(record.source, record);
    newest = record;
  };

  const begin = ({ format: its, head }: Headed, key: string, source: string, from: number, indent: number): void => {
    const record: OpenRecord = {
      key,
      source,
      indent,
      format: its,
      time: head.time,
      level: head.level,
      pid: head.pid,
      line: from,
      texts: head.rest === '' ? [] : [head.rest],
      blanks: 0,
      characters: head.rest.length,
      lastLine: number,
      done: its.continues === 'alone',
    };
    queue.push(record);
    remember(record);
  };

  const take = (raw: string): void => {
    const line = withoutColours(raw.charCodeAt(0) === byteOrderMark ? raw.slice(1) : raw);
    const { headed, layers } = placeOf(line, format);
    const inner = layers.at(-1);
    const source = inner?.source ?? '';
    if (inner && (inner.partial || pieces.has(source))) {
      const begun = pieces.get(source);
      const text = `${begun?.text ?? ''}${inner.rest}`.slice(0, mostCharacters);
      const from = begun?.line ?? number;
      pieces.delete(source);
      if (inner.partial) {
        if (pieces.size >= mostSources) pieces.clear();
        pieces.set(source, { text, line: from });
      } else {
        const whole = withoutColours(text);
        place(headOf(whole, format), whole, [{ ...inner, rest: whole }], from, 0);
      }
      return;
    }
    place(headed, line, layers, number, inner ? line.length - inner.rest.length : 0);
  };

  const place = (own: Headed | undefined, line: string, layers: Layers, from: number, indent: number): void => {
    const source = layers.at(-1)?.source ?? '';
    let headed = own;
    if (!headed) {
      // A bare line before any prefix is the end of a record whose start was rotated away.
      for (const { source: its, rest } of [...layers, { source: '', rest: line }]) {
        const record = latest.get(its);
        if (record?.format.continues === 'bare') return add(record, rest, number);
      }
      headed = plainOf(layers);
    }
    if (!headed) {
      // journalctl indents the further lines of a message by the length of its prefix.
      if (newest && newest.indent > 0 && line.startsWith(' '.repeat(newest.indent))) {
        add(newest, line.slice(newest.indent), number);
      }
      return;
    }
    format = headed.format;
    const key = keyOf(headed, source);
    const { rest, time } = headed.head;
    const same = format.continues === 'alone' ? undefined : queue.findLast((open) => open.key === key && !open.done);
    if (same && (format.fine(time) || (rest !== '' && goesOn(same.texts.at(-1) ?? '', rest)))) {
      add(same, rest, number);
      remember(same);
      return;
    }
    if (format.continues === 'bare') {
      for (const record of queue) if (record.source === source) record.done = true;
    } else if (same) same.done = true;
    begin(headed, key, source, from, indent);
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
      latest.clear();
      newest = undefined;
      return records;
    },
  };
}

const keyOf = ({ head }: Headed, source: string): string => `${source} ${head.time} ${head.level} ${head.pid}`;

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
