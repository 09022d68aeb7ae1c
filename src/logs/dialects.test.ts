// Every reason that the catalogue knows, as every dialect writes it.
import { describe, expect, test } from 'vitest';
import { reasons } from '../reasons';
import { findInText } from './findings';

interface Written {
  readonly level: string;
  readonly pid: string;
  /** Microseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

interface Dialect {
  readonly name: string;
  readonly write: (record: Written) => string;
  /** What the dialect does not write, or writes more coarsely. */
  readonly micros?: number;
  readonly without?: readonly ('pid' | 'level')[];
  /** Reads a text as it was before RabbitMQ put it on one line. */
  readonly oneLine?: true;
}

const noon = Date.UTC(2022, 0, 1, 12, 0, 0) * 1000 + 123456;
const iso = (at: number, designator: string) =>
  `${new Date(at / 1000).toISOString().slice(0, 19).replace('T', designator)}.${String(at % 1e6).padStart(6, '0')}+00:00`;
const prefixed = (prefix: string, text: string) =>
  text
    .split('\n')
    .map((line) => `${prefix}${line}`.trimEnd())
    .join('\n');
const levels = {
  lc: ['debug', 'info', 'notice', 'warning', 'error'],
  uc: ['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR'],
  lc3: ['dbg', 'inf', 'ntc', 'wrn', 'err'],
  uc3: ['DBG', 'INF', 'NTC', 'WRN', 'ERR'],
  lc4: ['dbug', 'info', 'noti', 'warn', 'erro'],
  uc4: ['DBUG', 'INFO', 'NOTI', 'WARN', 'ERRO'],
} as const;
const levelIn = (format: keyof typeof levels, level: string) => levels[format][levels.lc.findIndex((l) => l === level)];
const times: Readonly<Record<string, (at: number) => string>> = {
  rfc3339_space: (at) => iso(at, ' '),
  rfc3339_T: (at) => iso(at, 'T'),
  epoch_usecs: (at) => String(at),
  epoch_secs: (at) => `${Math.floor(at / 1e6)}.${String(at % 1e6).padStart(6, '0')}`,
};
const lagerTime = (at: number) => iso(at, ' ').slice(0, 23);
const colours: Readonly<Record<string, string>> = {
  debug: '\u001B[38;5;246m',
  notice: '\u001B[38;5;87m',
  warning: '\u001B[38;5;214m',
  error: '\u001B[38;5;160m',
};
const inOneLine = (text: string) => text.trim().replace(/,?\r?\n */g, ', ');

const text: readonly Dialect[] = [
  ...Object.entries(times).flatMap(([time, show]) =>
    Object.keys(levels).map((key): Dialect => {
      const format = key as keyof typeof levels; // Object.keys forgets the type.
      return {
        name: `3.9 text, ${time}, ${format}`,
        write: (record) =>
          prefixed(`${show(record.at)} [${levelIn(format, record.level)}] ${record.pid} `, record.text),
      };
    }),
  ),
  {
    name: '3.9 text, whole seconds since 1970',
    micros: 1e6,
    write: (record) => prefixed(`${Math.floor(record.at / 1e6)} [${record.level}] ${record.pid} `, record.text),
  },
  {
    name: '3.9 text, lager_default',
    micros: 1000,
    write: (record) => prefixed(`${lagerTime(record.at)} [${record.level}] ${record.pid} `, record.text),
  },
  {
    name: '3.9 text, single_line',
    oneLine: true,
    write: (record) => `${iso(record.at, ' ')} [${record.level}] ${record.pid} ${inOneLine(record.text)}`,
  },
  {
    name: '3.9 text, colours',
    write: (record) =>
      prefixed(`${iso(record.at, ' ')} [${record.level}] ${record.pid} `, record.text)
        .split('\n')
        .map((line) => `${colours[record.level] ?? ''}${line}\u001B[0m`)
        .join('\n'),
  },
  {
    name: '3.9 text, without $pid',
    without: ['pid'],
    write: (record) => prefixed(`${iso(record.at, ' ')} [${record.level}] `, record.text),
  },
  ...[
    (time: string, level: string, pid: string) => `${time} ${level} ${pid} - `,
    (time: string, level: string, pid: string) => `[${time}] [${level}] [${pid}] `,
    (time: string, level: string, pid: string) => `${level} ${time} ${pid}: `,
    (time: string, level: string, pid: string) => `${time} ${pid} [${level}] `,
    (time: string, level: string, pid: string) => `${time}|${level}|${pid}| `,
  ].map((prefix): Dialect => {
    return {
      name: `3.9 text, format of its own: ${prefix('$time', '$level', '$pid')}$msg`,
      write: (record) => prefixed(prefix(iso(record.at, 'T'), record.level, record.pid), record.text),
    };
  }),
  {
    name: '3.9 text, time pattern of its own',
    micros: 1e6,
    write: (record) =>
      prefixed(
        `${iso(record.at, ' ').slice(0, 19).replaceAll('-', '/')} [${levelIn('uc', record.level)}] ${record.pid} `,
        record.text,
      ),
  },
  {
    name: '3.8',
    micros: 1000,
    write: (record) => `${lagerTime(record.at)} [${record.level}] ${record.pid} ${record.text}`,
  },
  {
    name: '3.8 with utc_log, colours and CR LF',
    micros: 1000,
    write: (record) =>
      `${lagerTime(record.at)} UTC \u001B[1;31m[${record.level}] ${record.pid} ${record.text.replaceAll('\n', '\r\n')}\u001B[0m\r`,
  },
];

const severities: Readonly<Record<string, number>> = { debug: 7, info: 6, notice: 5, warning: 4, error: 3 };
const oneObject = (fields: Readonly<Record<string, unknown>>) => JSON.stringify(fields);
const metadata = {
  domain: 'rabbitmq.connection',
  file: 'rabbit_reader.erl',
  line: 1484,
  mfa: ['rabbit_reader', 'f', 2],
};

const json: readonly Dialect[] = [
  ...Object.keys(levels).map((key): Dialect => {
    const format = key as keyof typeof levels; // Object.keys forgets the type.
    return {
      name: `JSON, ${format}`,
      write: ({ at, level, pid: by, text: msg }) =>
        oneObject({ time: iso(at, ' '), level: levelIn(format, level), msg, ...metadata, pid: by }),
    };
  }),
  {
    name: 'JSON, keys renamed and reordered',
    write: ({ at, level, pid: by, text: msg }) =>
      oneObject({ process_id: by, gl: '<0.70.0>', what: msg, ...metadata, grade: level, when: iso(at, 'T') }),
  },
  {
    name: 'JSON, microseconds since 1970, no domain',
    write: ({ at, level, pid: by, text: msg }) => oneObject({ ts: at, lvl: level, message: msg, pid: by }),
  },
  {
    name: 'JSON, seconds since 1970',
    micros: 1e6,
    write: ({ at, level, pid: by, text: msg }) =>
      oneObject({ time: Math.floor(at / 1e6), level, msg, ...metadata, pid: by }),
  },
  {
    name: "JSON, syslog's numbers instead of levels",
    write: ({ at, level, pid: by, text: msg }) =>
      oneObject({
        time: iso(at, ' '),
        verbosity: severities[level],
        msg,
        pid: by,
      }),
  },
  {
    name: 'JSON, neither process nor level',
    without: ['pid', 'level'],
    write: ({ at, text: msg }) => oneObject({ time: iso(at, ' '), msg, domain: 'rabbitmq.connection' }),
  },
  {
    name: 'JSON, single_line',
    oneLine: true,
    write: ({ at, level, pid: by, text: msg }) =>
      oneObject({ time: iso(at, ' '), level, msg: inOneLine(msg), ...metadata, pid: by }),
  },
  {
    name: 'JSON with blanks, < as an escape, and CR LF',
    write: ({ at, level, pid: by, text: msg }) =>
      `${JSON.stringify({ time: iso(at, ' '), level, msg, pid: by }, null, 1)
        .replaceAll(/\n */g, ' ')
        .replaceAll('<', '\\u003c')}\r`,
  },
  {
    name: 'JSON that was cut',
    write: ({ at, level, pid: by, text: msg }) =>
      oneObject({ time: iso(at, ' '), level, msg, pid: by, state: 'x'.repeat(100) }).slice(0, -50),
  },
];

/** Reasons that are written by some dialects only are tested with those, beside their sources. */
const samples = reasons.flatMap((reason) =>
  reason.log?.formats ? [] : reason.samples.map((sample) => ({ reason: reason.id, ...sample })),
);

const pid = '<0.4711.0>';
const noiseText = 'Server startup complete; 0 plugins started.';

/** How each transport passes on a line of a broker's. */
const transports: Readonly<Record<string, (line: string) => string>> = {
  'docker compose': (line) => `\u001B[36mrabbitmq-1  | \u001B[0m${line}`,
  'docker compose -t': (line) => `rabbitmq-1  | 2026-11-21T03:35:23.123456789Z ${line}`,
  'docker logs -t': (line) => `2026-11-21T03:35:23.123456789Z ${line}`,
  "docker's json-file": (line) =>
    JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-21T03:35:23.123456789Z' })
      .replaceAll('<', '\\u003c')
      .replaceAll('>', '\\u003e'),
  'kubectl --prefix': (line) => `[pod/rabbitmq-server-0/rabbitmq] ${line}`,
  CRI: (line) => `2026-11-21T03:35:23.123456789Z stdout F ${line}`,
  journalctl: (line) => `Nov 21 03:35:23 host1 rabbitmq-server[1234]: ${line}`,
  'journalctl -o short-iso': (line) => `2026-11-21T03:35:23+0000 host1 rabbitmq-server[1234]: ${line}`,
  'RFC 3164': (line) => `<30>Nov  2 03:35:23 host1 rabbitmq[1234]: ${line}`,
  'RFC 5424': (line) => `<30>1 2026-11-21T03:35:23.123456Z host1 rabbit 1234 - - ${line}`,
};
/** One of each kind is enough here. */
const passedOn = /^3.8|(?:rfc3339_space, lc|T, uc|lager_default|single_line|colours|JSON, lc|escape, and CR LF)$/;
const wrapped = Object.entries(transports).flatMap(([transport, wrap]) =>
  [...text, ...json]
    .filter(({ name }) => passedOn.test(name))
    .map((dialect): Dialect => {
      return {
        ...dialect,
        name: `${dialect.name} in ${transport}`,
        write: (record) => dialect.write(record).split('\n').map(wrap).join('\n'),
      };
    }),
);
const inSyslog: readonly Dialect[] = [
  {
    name: 'syslog handler, RFC 5424',
    without: ['pid'],
    micros: 1,
    write: ({ at, level, text: message }) =>
      prefixed(`<${24 + (severities[level] ?? 0)}>1 ${iso(at, 'T')} host1 rabbitmq 1234 - - `, message),
  },
  {
    name: 'journald handler',
    without: ['pid', 'level'],
    micros: 1e6,
    write: ({ at, text: message }) => {
      const prefix = `${iso(at, 'T').slice(0, 19)}+00:00 host1 rabbitmq-server[1234]: `;
      return prefix + message.replaceAll('\n', `\n${' '.repeat(prefix.length)}`);
    },
  },
  {
    name: "lager's syslog sink through rsyslog",
    micros: 1e6,
    write: ({ at, level, pid: by, text: message }) =>
      `${iso(at, 'T').slice(0, 19)}+00:00 host1 rabbitmq[1234]: [${level}] ${by} ${message.replaceAll('\n', '#012')}`,
  },
];

describe.each([...text, ...json, ...wrapped, ...inSyslog])('$name', ({ write, micros = 1, without = [], oneLine }) => {
  test('tells every reason, its lines, level, process and time', () => {
    for (const { reason, level, text: message } of samples) {
      // 3.5's pretty-printed terms were never written on one line.
      if (oneLine && message.includes('{handshake_error')) continue;
      const noise = write({ level: 'info', pid: '<0.200.0>', at: noon - 5e6, text: noiseText });
      const written = write({ level, pid, at: noon, text: message });
      const after = write({ level: 'info', pid: '<0.200.0>', at: noon + 5e6, text: noiseText });
      const findings = findInText(`${noise}\n${written}\n${after}\n`, reasons);
      expect(findings.map((finding) => finding.reason)).toEqual([reason]);
      expect(findings[0]).toMatchObject({
        line: 2,
        lines: written.split('\n').length,
        level: without.includes('level') ? '' : level,
        at: Math.floor(noon / micros) * micros,
      });
      if (!without.includes('pid')) expect(findings[0]?.pid).toBe(pid);
    }
  });
});
