// RabbitMQ 3.9 and newer as JSON, one object a line: rabbit_logger_json_fmt, whose `field_map` may rename, drop and
// reorder every key. What a value is therefore shows by its key where that has a usual name, and else by itself.

import type { LineHead, LogFormat } from '../record';
import { isAboutConnection } from '../openers';
import { levelOf } from './levels';
import { microsOf } from './times';

type Value = string | number;
type Fields = ReadonlyMap<string, Value>;

const messageKeys = ['msg', 'message', '@message', 'text', 'MESSAGE'];
const timeKeys = ['time', 'ts', 'timestamp', '@timestamp', 'datetime', 'date', 't', 'at'];
const levelKeys = ['level', 'severity', 'lvl', 'loglevel', 'log_level', 'levelname', 'l', 'verbosity'];
const pidKeys = ['pid', 'process', 'erl_pid', 'proc'];

/** What every line of RabbitMQ's has one of: most lines of other programs' JSON cost no more than this. */
const telling = /"<\d|\\u003[cC]\d|rabbit| connection | MQTT | STOMP |^.{0,200}"AMQP/;
const process = /^<\d{1,10}\.\d{1,10}\.\d{1,10}>$/;

export const json: LogFormat = {
  id: 'json',
  title: 'RabbitMQ 3.9 and newer, as JSON',
  continues: 'alone',
  fine: () => true,
  head(line) {
    // What docker wraps is another's line.
    if (line.charCodeAt(0) !== 0x7b || line.startsWith('{"log":"') || !telling.test(line)) return undefined;
    const fields = fieldsOf(line);
    const message = messageOf(fields);
    if (message === undefined) return undefined;
    const pid = pidOf(fields);
    const isOurs = pid !== '' || domainOf(fields) || isAboutConnection(message);
    return isOurs ? { time: timeOf(fields), level: levelIn(fields), pid, rest: tidy(message) } : undefined;
  },
  time: microsOf,
  samples: [
    String.raw`{"time":"2026-11-21 03:57:05.541195+00:00","level":"error","msg":"closing AMQP connection <0.712.0> (127.0.0.1:52052 -> 127.0.0.1:5672):\n{handshake_timeout,handshake}","domain":"rabbitmq.connection","file":"rabbit_reader.erl","line":1484,"mfa":["rabbit_reader","log_connection_exception",3],"pid":"<0.712.0>"}`,
    String.raw`{"lvl":"INFO","ts":1795233425541195,"text":"accepting AMQP connection 127.0.0.1:52052 -> 127.0.0.1:5672"}`,
  ],
};

/** The object's texts and numbers, without what is nested. A line that was cut, or is not quite JSON, yields what it has. */
function fieldsOf(line: string): Fields {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null) return new Map();
    const fields = new Map<string, Value>();
    for (const [key, value] of Object.entries(parsed)) {
      if (typeof value === 'string' || typeof value === 'number') fields.set(key, value);
    }
    return fields;
  } catch {
    return scan(line);
  }
}

const pair = /"([^"\\]{1,60})"\s{0,4}:\s{0,4}(?:"([^"\\]*(?:\\.[^"\\]*)*)(?:"|$)|(\d{1,20})(?=\s{0,4}[,}]))/g;

function scan(line: string): Fields {
  const fields = new Map<string, Value>();
  for (const [, key = '', text, number] of line.matchAll(pair)) {
    if (!fields.has(key)) fields.set(key, text === undefined ? Number(number) : unescaped(text));
  }
  return fields;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([\da-fA-F]{4})|(.))/g, (_, code: string | undefined, character: string | undefined) =>
    code === undefined ? (escapes[character ?? ''] ?? character ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );

function messageOf(fields: Fields): string | undefined {
  for (const key of messageKeys) {
    const value = fields.get(key);
    if (typeof value === 'string') return value;
  }
  let longest: string | undefined;
  for (const value of fields.values()) {
    if (typeof value !== 'string' || !value.includes(' ') || microsOf(value) !== undefined) continue;
    if (value.length > (longest?.length ?? 0)) longest = value;
  }
  return longest;
}

function pidOf(fields: Fields): string {
  for (const key of pidKeys) {
    const value = fields.get(key);
    if (typeof value === 'string' && process.test(value)) return value;
  }
  for (const [key, value] of fields) {
    // The group leader is a process too, but not the one that speaks.
    if (key !== 'gl' && typeof value === 'string' && process.test(value)) return value;
  }
  return '';
}

function timeOf(fields: Fields): string {
  for (const key of timeKeys) {
    const value = fields.get(key);
    if (value !== undefined && microsOf(String(value)) !== undefined) return String(value);
  }
  for (const value of fields.values()) if (microsOf(String(value)) !== undefined) return String(value);
  return '';
}

// `verbosity_map` gives a level any number. Only syslog's are known to mean something, and its lowest are used
// otherwise by those who count upwards from the gravest.
const bySeverity: Readonly<Record<number, string>> = { 3: 'error', 4: 'warning', 5: 'notice', 6: 'info', 7: 'debug' };

/** '' where the object has none. */
function levelIn(fields: Fields): string {
  for (const key of levelKeys) {
    const value = fields.get(key);
    const level = typeof value === 'string' ? levelOf(value) : undefined;
    if (level !== undefined) return level;
  }
  for (const value of fields.values()) {
    const level = typeof value === 'string' ? levelOf(value) : undefined;
    if (level !== undefined) return level;
  }
  for (const key of levelKeys) {
    const value = fields.get(key);
    if (typeof value === 'number') return bySeverity[value] ?? '';
  }
  return '';
}

/** 'rabbitmq.connection' */
function domainOf(fields: Fields): boolean {
  for (const value of fields.values()) {
    if (typeof value === 'string' && /^rabbitmq(?:\.[a-z_0-9]{1,40}){0,4}$/.test(value)) return true;
  }
  return false;
}

/** As the text formatter writes: no blanks at the ends of lines. */
const tidy = (message: string): LineHead['rest'] =>
  /[ \r]\n/.test(message)
    ? message
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .trimEnd()
    : message.trimEnd();
