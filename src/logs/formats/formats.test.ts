// Each dialect knows its own lines and no other's.
import { describe, expect, test } from 'vitest';
import { detectFormat, formats, headOf } from './index';
import { createLineReader } from '../lines';
import type { LogFormat } from '../record';

function detectText(text: string): LogFormat | undefined {
  const reader = createLineReader();
  return detectFormat([...reader.push(new TextEncoder().encode(text)), ...reader.flush()]);
}

const samples = formats.flatMap((format) => format.samples.map((sample) => ({ format, sample })));

test.each(samples)('$format.id recognises $sample', ({ format, sample }) => {
  const lines = sample.split('\n');
  expect(detectFormat(lines)).toBe(format);
  const head = headOf(lines[0] ?? '')?.head;
  expect(head).toBeDefined();
  expect(format.time(head?.time ?? '')).toBeGreaterThan(1.4e15);
  for (const other of formats) if (other !== format) for (const line of lines) expect(other.head(line)).toBeUndefined();
});

test.each([
  ['=INFO REPORT==== 26-Jul-2016::05:57:17 ===', '2016-07-26T05:57:17.000Z', 'info', '', ''],
  ['=WARNING REPORT==== 1-Jan-2016::05:57:17 === ', '2016-01-01T05:57:17.000Z', 'warning', '', ''],
  ['=CRASH REPORT==== 1-Jan-2016::05:57:17 ===', '2016-01-01T05:57:17.000Z', 'error', '', ''],
  ['2019-01-01 12:00:00.007 [warning] <0.12.3> a b', '2019-01-01T12:00:00.007Z', 'warning', '<0.12.3>', 'a b'],
  ['2019-01-01 12:00:00.000 UTC [info]  a', '2019-01-01T12:00:00.000Z', 'info', '', 'a'],
  ['2022-01-01 12:00:10.003412+00:00 [error] <0.1.0> a', '2022-01-01T12:00:10.003412Z', 'error', '<0.1.0>', 'a'],
  ['2022-01-01T12:00:10.003412+02:00 [ERRO] <0.1.0>   a', '2022-01-01T10:00:10.003412Z', 'error', '<0.1.0>', '  a'],
  ['2022-01-01T12:00:10.003412Z [ntc] <0.1.0>', '2022-01-01T12:00:10.003412Z', 'notice', '<0.1.0>', ''],
  ['1641038410 [dbg] <0.1.0> a', '2022-01-01T12:00:10.000Z', 'debug', '<0.1.0>', 'a'],
  ['1641038410003412 [INF] <0.1.0> a', '2022-01-01T12:00:10.003412Z', 'info', '<0.1.0>', 'a'],
])('%s', (line, at, level, pid, rest) => {
  const headed = headOf(line);
  expect(headed?.head).toMatchObject({ level, pid, rest });
  const us = headed?.format.time(headed.head.time) ?? 0;
  expect(new Date(us / 1000).toISOString().slice(0, 23)).toBe(at.slice(0, 23).replace('Z', ''));
  expect(us % 1000).toBe(Number((/\.\d{3}(\d{3})/.exec(at) ?? [])[1] ?? 0));
});

test.each(['=INFO REPORT==== 99-Foo-2016::05:57:17 ===', '2019-99-99 12:00:00.007 [info] <0.1.0> a'])(
  'a time that is none is left out: %s',
  (line) => {
    const headed = headOf(line);
    expect(headed).toBeDefined();
    expect(headed?.format.time(headed.head.time)).toBeUndefined();
  },
);

describe('a text is not taken for a RabbitMQ log', () => {
  test.each<[what: string, text: string]>([
    ['nothing', ''],
    [
      'prose about one',
      'RabbitMQ says "closing AMQP connection <0.1.0> (a:1 -> b:2)" when a connection ends.\nSee above.',
    ],
    ['a quoted line', '> 2022-01-01 12:00:10.003412+00:00 [error] <0.1.0> closing AMQP connection'],
    ['Python', '2022-01-01 12:00:00,123 [INFO] root: connecting to rabbitmq'],
    ['nginx', '2022/01/01 12:00:00 [error] 31#31: *1 upstream timed out'],
    [
      'an application with lager-like lines',
      '2022-01-01 12:00:00.123 [info] started\n2022-01-01 12:00:00.124 [info] x',
    ],
    ['JSON of another program', '{"time":"2022-01-01T12:00:00Z","level":"info","msg":"lost connection to rabbitmq"}\n'],
    [
      'JSON that is no log',
      '{"name":"amqplib","version":"2.3.1"}\n{"queues":[{"vhost":"/"}]}\n{"a":1\n{}\n{"msg":7}\n',
    ],
    [
      "other programs' syslog",
      'Nov 21 03:35:23 host1 sshd[12]: Connection closed by 10.0.0.1 port 22\nNov 21 03:35:23 host1 CRON[1]: (root) CMD (x)\n',
    ],
    ['RFC 5424 of another program', '<30>1 2026-11-21T03:35:23.123456Z host1 nginx 1234 - - connecting to rabbitmq\n'],
    [
      "docker's json-file of another program",
      '{"log":"connected to rabbitmq\\n","stream":"stdout","time":"2026-11-21T03:35:23Z"}\n',
    ],
    ['docker compose of other programs', 'web-1  | GET / 200\nworker-1  | connected to rabbitmq\n'],
    ['a table', 'name | value\nrabbitmq | 3.10\n'],
    ['Markdown', '# Title\n=====\n10 green bottles\n'],
  ])('%s', (_what, text) => {
    expect(detectText(text)).toBeUndefined();
  });
});

test('a byte order mark, CR LF, colours and a cut beginning do not hide a dialect', () => {
  const line = '2020-06-01 12:00:12.117 \u001B[1;31m[error] <0.1.0> a\u001B[0m';
  expect(detectText(`\uFEFF${line}\r\n`)?.id).toBe('lager');
  expect(detectText(`{handshake_timeout,handshake}\r\n\r\n${line}\r\n`)?.id).toBe('lager');
});

test('of several dialects the one with the most lines is named', () => {
  const [otp = '', lager = ''] = ['otp', 'lager'].map((id) => formats.find((format) => format.id === id)?.samples[0]);
  expect(detectText(`${lager}\n${otp}\n${otp}\n`)?.id).toBe('otp');
});

test("what 4.0.5's own formatter failed on reads as it was meant", () => {
  const { head } = headOf(formats.find(({ id }) => id === 'formatter-crash')?.samples[0] ?? '') ?? {};
  expect(head).toMatchObject({
    level: 'error',
    rest: "closing AMQP connection <0.1785.0> (10.0.0.12:55208 -> 10.0.0.5:5672, duration: '3s'):\nfailed to negotiate connection parameters: negotiated frame_max = 4096 is lower than the minimum allowed value (8192)",
  });
  expect(headOf('2026-11-21T03:35:23.123456+00:00 error: FORMATTER CRASH: {"~ts ~ts",[]}')?.head.rest).toBe(
    'FORMATTER CRASH: {"~ts ~ts",[]}',
  );
});
