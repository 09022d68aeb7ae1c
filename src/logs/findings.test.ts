// From bytes to reasons: every dialect, every reason, and logs of real brokers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reasons } from '../reasons';
import { createFindingReader, findInText } from './findings';
import type { Finding } from './record';

const bytesOf = (name: string) => readFileSync(join(import.meta.dirname, '../../test/fixtures/logs', name));
const brief = (findings: readonly Finding[]) => findings.map(({ line, lines, reason }) => `${line}+${lines} ${reason}`);
function findIn(bytes: Uint8Array, size = bytes.length): Finding[] {
  const reader = createFindingReader(reasons);
  const findings: Finding[] = [];
  for (let at = 0; at < bytes.length; at += size) findings.push(...reader.push(bytes.subarray(at, at + size)));
  return [...findings, ...reader.flush()];
}

/** How each dialect writes a record. */
const dialects: Readonly<Record<string, (level: string, text: string) => string>> = {
  report: (level, text) =>
    `=${['debug', 'notice'].includes(level) ? 'INFO' : level.toUpperCase()} REPORT==== 26-Jul-2016::05:57:17 ===\n${text}\n\n`,
  lager: (level, text) => `2019-01-01 12:00:00.000 [${level}] <0.1.0> ${text}\n`,
  'lager with colours': (level, text) =>
    `2019-01-01 12:00:00.000 UTC \u001B[1;31m[${level}] <0.1.0> ${text.replaceAll('\n', '\r\n')}\u001B[0m\r\n`,
  otp: (level, text) => prefixed(`2022-01-01 12:00:00.000001+00:00 [${level}] <0.1.0> `, text),
  'otp with T and capitals': (level, text) =>
    prefixed(`2022-01-01T12:00:00.000001+00:00 [${level.toUpperCase()}] <0.1.0> `, text),
  'otp in one line': (level, text) =>
    `2022-01-01 12:00:00.000001+00:00 [${level}] <0.1.0> ${text.replace(/,?\n\s*/g, ', ')}\n`,
};
const prefixed = (prefix: string, text: string) =>
  text
    .split('\n')
    .map((line) => `${prefix}${line}\n`)
    .join('');

const rendered = reasons.flatMap((reason) =>
  Object.entries(dialects).flatMap(([dialect, render]) => {
    if (reason.log?.formats && !reason.log.formats.includes(dialect)) return [];
    // 3.5 printed whole terms, on several lines; it knew no single_line. A report's short closing has its own reason.
    const samples = reason.samples.filter(
      ({ text }) =>
        !(dialect === 'otp in one line' && text.includes('{handshake_error')) &&
        !(dialect === 'report' && reason.id === 'connection.closed-after-refusal'),
    );
    return samples.length === 0 ? [] : [{ reason: reason.id, dialect, render, samples }];
  }),
);

test.each(rendered)('$reason is found in $dialect', ({ reason, render, samples }) => {
  for (const { level, text } of samples) {
    const noise = render('info', 'Server startup complete; 0 plugins started.').replaceAll('<0.1.0>', '<0.2.0>');
    const log = noise + render(level, text) + noise;
    const findings = findInText(log, reasons);
    expect(findings.map((finding) => finding.reason)).toEqual([reason]);
    const record = render(level, text).trimEnd().split('\n').length;
    expect(findings[0]).toMatchObject({ line: noise.split('\n').length, lines: record });
    expect(findings[0]?.at).toBeGreaterThan(1.4e15);
  }
});

describe('logs', () => {
  test.each<[name: string, findings: string[]]>([
    ['seeds.log', ['4+3 handshake.timeout', '11+3 handshake.no-data']],
    [
      'report-3.5.log',
      [
        '6+6 auth.login-refused',
        '13+5 vhost.not-found',
        '19+3 heartbeat.missed-from-client',
        '23+3 socket.closed-abruptly',
        '27+2 connection.closed-unnamed',
      ],
    ],
    [
      'report-3.6.log',
      [
        '13+3 heartbeat.missed-from-client',
        '17+3 auth.login-refused',
        '21+2 connection.closed-unnamed',
        '24+3 vhost.not-found',
        '28+2 connection.closed-before-open',
        '31+3 socket.closed-abruptly',
        '35+2 connection.closed',
      ],
    ],
    [
      'lager-3.8.log',
      [
        '3+2 handshake.timeout',
        '5+2 handshake.timeout-after-header',
        '7+2 auth.login-refused',
        '9+1 connection.closed-after-refusal',
        '10+2 vhost.not-found',
        '12+1 connection.closed-before-open',
        '14+2 handshake.no-data',
        '16+2 heartbeat.missed-from-client',
        '19+2 socket.closed-abruptly',
        '21+1 connection.closed',
      ],
    ],
    [
      'otp-3.10.8-debug.log',
      [
        '12+1 connection.closed',
        '15+2 handshake.timeout',
        '19+2 handshake.timeout-after-header',
        '23+2 handshake.timeout-in-frame',
        '27+2 handshake.no-data',
        '36+2 heartbeat.missed-from-client',
        '43+2 auth.login-refused',
        '45+1 connection.closed-after-refusal',
        '52+2 auth.login-refused',
        '54+1 connection.closed-after-refusal',
        '61+2 vhost.not-found',
        '63+1 connection.closed-before-open',
        '69+2 vhost.not-found',
        '71+1 connection.closed-before-open',
        '79+2 socket.closed-abruptly',
        '88+2 socket.closed-abruptly',
        '92+2 socket.closed-abruptly',
        '100+2 socket.closed-abruptly',
        '111+2 connection.closed',
      ],
    ],
    [
      'otp-4.x.log',
      [
        '3+3 handshake.timeout',
        '4+3 heartbeat.missed-from-client',
        '7+2 handshake.timeout-after-header',
        '9+2 auth.login-refused',
        '11+1 connection.closed-after-refusal',
        '12+2 vhost.not-found',
        '14+2 socket.closed-abruptly',
        '17+2 handshake.no-data',
        '19+1 connection.closed',
      ],
    ],
    ['json-4.x.log', ['3+1 handshake.timeout-after-header', '4+1 socket.closed-abruptly']],
    [
      'wrapped.log',
      [
        '2+3 handshake.timeout',
        '3+3 heartbeat.missed-from-client',
        '6+1 handshake.timeout-after-header',
        '7+2 socket.closed-abruptly',
        '9+2 handshake.timeout',
        '11+2 socket.closed-abruptly',
      ],
    ],
  ])('%s is explained, however it is split', (name, findings) => {
    const bytes = bytesOf(name);
    const whole = findIn(bytes);
    expect(brief(whole)).toEqual(findings);
    for (const size of [1, 7, 100]) expect(findIn(bytes, size)).toEqual(whole);
  });

  test('every closing of a real 3.10.8 broker is explained', () => {
    const closings = bytesOf('otp-3.10.8-debug.log')
      .toString()
      .split('\n')
      .filter((line) => /(?:closing|Error on) AMQP connection/.test(line));
    expect(findIn(bytesOf('otp-3.10.8-debug.log'))).toHaveLength(closings.length);
  });

  test('one after another, of all ages, they are explained alike', () => {
    const names = ['seeds.log', 'otp-4.x.log', 'lager-3.8.log', 'report-3.6.log'];
    const together = names.map((name) => bytesOf(name).toString()).join('\n');
    expect(findInText(together, reasons).map(({ reason }) => reason)).toEqual(
      names.flatMap((name) => findIn(bytesOf(name)).map(({ reason }) => reason)),
    );
  });
});

test('a finding names its connection, and its process even in a report', () => {
  expect(findIn(bytesOf('seeds.log'))[0]).toMatchObject({
    level: 'error',
    pid: '<0.30457.1>',
    connection: '11.11.11.1:57752 -> 11.11.11.15:5672',
    severity: 'problem',
    closedBy: 'broker',
    sure: 'certain',
    at: Date.UTC(2016, 6, 26, 5, 57, 17) * 1000,
  });
});

test('a binary file has no findings, and says why', () => {
  const reader = createFindingReader(reasons);
  expect(reader.push(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0x0a]))).toEqual([]);
  expect(reader.flush()).toEqual([]);
  expect(reader.binary).toBe(true);
});

/** A small generator of numbers below `below`, the same in every run (Lehmer, modulus 2^31 - 1). */
function dice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

test('a mutated log throws nothing, and its findings stay within it and in order', () => {
  const roll = dice(20160726);
  const names = ['seeds.log', 'report-3.5.log', 'lager-3.8.log', 'otp-4.x.log', 'otp-3.10.8-debug.log'];
  for (let round = 0; round < 400; round++) {
    const bytes = Uint8Array.from(bytesOf(names[round % names.length] ?? ''));
    for (let change = 0; change <= roll(40); change++) {
      const at = roll(bytes.length);
      if (roll(3) === 0) bytes.copyWithin(at, roll(bytes.length), bytes.length);
      else bytes[at] = roll(256);
    }
    const lines = bytes.filter((byte) => byte === 0x0a).length + 1;
    let last = 0;
    for (const finding of findIn(bytes, 1 + roll(bytes.length))) {
      expect(finding.line).toBeGreaterThan(last);
      expect(finding.line + finding.lines - 1).toBeLessThanOrEqual(lines);
      last = finding.line;
    }
  }
});

test.each<[what: string, piece: string]>([
  ['one endless line', 'x'],
  ['blank lines', '\n'],
  ['headings', '=ERROR REPORT==== 26-Jul-2016::05:57:17 ===\n'],
  ['one prefix without end', '2022-01-01 12:00:00.000001+00:00 [error] <0.1.0> closing AMQP connection (\n'],
  ['JSON', '{"pid":"<0.1.0>","msg":"'],
  ['JSON lines', '{"pid":"<0.1.0>","msg":"x \\\\n\n'],
  ["pieces of docker's lines", '{"log":"2022-01-01 12","stream":"stdout"}\n'],
  ['bars', 'a  | b | '],
  ['colours', '\u001B[1;31m\u001B[111111'],
  ['endless bare lines', "), vhost: 'none', user: '\n"],
])('four times as much of %s takes about four times as long', (_what, piece) => {
  const start = '2019-01-01 12:00:00.000 [error] <0.1.0> closing AMQP connection <0.1.0> (a -> b';
  const time = (size: number) => {
    const bytes = new TextEncoder().encode(start + piece.repeat(size / piece.length));
    const from = performance.now();
    findIn(bytes, 64 * 1024);
    return performance.now() - from;
  };
  time(250_000);
  const [once, fourTimes] = [Math.min(time(500_000), time(500_000)), Math.min(time(2_000_000), time(2_000_000))];
  // Quadratic cost would be sixteen-fold. The constant absorbs a busy machine.
  expect(fourTimes).toBeLessThan(once * 9 + 150);
});
