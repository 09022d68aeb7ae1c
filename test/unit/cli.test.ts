// rabbitmq-debug as a script sees it: lines, exit codes, complaints.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
let cli: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  cli = join(folder, 'cli.js');
  await build({ entryPoints: ['src/cli.ts'], bundle: true, platform: 'node', target: 'node20', outfile: cli });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Standard output as JSON Lines. */
  readonly lines: () => Record<string, unknown>[];
}

async function debug(argv: readonly string[], input = '', interruptAfterMs?: number): Promise<Result> {
  const child = spawn(process.execPath, [cli, ...argv], { env: { ...process.env, RABBITMQ_PASSWORD: '' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  if (interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = (): Record<string, unknown>[] =>
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, out, err, lines };
}

describe('run', () => {
  test('prints one event a line, then the outcome, and exits 0 when the story ended as expected', async () => {
    const { code, lines } = await debug(['run', 'vhost-not-found', '--json']);
    expect(code).toBe(0);
    const events = lines().slice(0, -1);
    for (const event of events) {
      expect(event).toMatchObject({
        seq: expect.any(Number),
        at: expect.any(Number),
        connection: 'c1',
        type: expect.any(String),
        by: expect.any(String),
        evidence: { from: expect.any(String) },
      });
    }
    expect(events.find(({ type }) => type === 'connected')).toMatchObject({
      local: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      remote: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    expect(events.find(({ type }) => type === 'closing')).toMatchObject({
      by: 'broker',
      code: 530,
      frame: { method: 'connection.close' },
    });
    expect(lines().at(-1)).toMatchObject({ type: 'outcome', ok: true, expected: ['vhost.not-found'] });
  });

  test('runs several scenarios one after the other, for people too', async () => {
    const { code, out } = await debug(['run', 'no-data', 'abrupt-close']);
    expect(code).toBe(0);
    expect(out.match(/As expected/g)).toHaveLength(2);
  });

  test('exits 1 when the broker is not listening, and says so', async () => {
    const { code, out } = await debug(['run', 'no-data', '--broker', 'amqp://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(out).toMatch(/ECONNREFUSED/);
    expect(out).toMatch(/Not as expected: .+/);
  });

  test('exits 1 when the name does not resolve, and says so', async () => {
    const { code, out } = await debug(['run', 'no-data', '--broker', 'amqp://no-such-host.invalid']);
    expect(code).toBe(1);
    expect(out).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test('a web server is called one', async () => {
    const web = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const address = web.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, out } = await debug(['run', 'healthy-lifecycle', '--broker', `amqp://127.0.0.1:${port}`]);
    web.close();
    expect(code).toBe(1);
    expect(out).toMatch(/HTTP/);
  });

  test.each([
    [['run'], /Name a scenario/],
    [['run', 'no-such-thing'], /no scenario "no-such-thing"/],
    [['run', 'no-data', '--broker', 'localhost:5672'], /amqp:\/\//],
    [['run', 'no-data', '--broker', 'amqp://u:p@ss/word@h'], /%40/],
    [
      ['run', 'no-data', '--broker', 'amqp://orders@127.0.0.1'],
      /no password for the user "orders": set RABBITMQ_PASSWORD/,
    ],
    [['run', 'no-data', '--handshake-timeout', 'soon'], /milliseconds/],
    [['run', 'no-data', '--broker', 'amqp://127.0.0.1', '--broker-log', '/no/such/file'], /cannot be read \(ENOENT\)/],
    [['run', '--nonsense'], /--nonsense/],
    [['dance'], /no command "dance"/],
    [['explain'], /Name a log file/],
  ])('%j exits 2 with what to do, and no stack trace', async (argv, complaint) => {
    const { code, err } = await debug(argv);
    expect(code).toBe(2);
    expect(err).toMatch(complaint);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('is interrupted at once, in the middle of a wait', async () => {
    const from = Date.now();
    const { code, err } = await debug(['run', 'handshake-timeout'], '', 1000);
    expect(code).toBe(130);
    expect(err).toMatch(/cancelled/);
    expect(Date.now() - from).toBeLessThan(4000);
  });
});

describe('explain', () => {
  const seeds = 'test/fixtures/logs/seeds.log';

  test('tells one finding a line, with its file and line', async () => {
    const { code, lines } = await debug(['explain', seeds, '--json']);
    expect(code).toBe(0);
    expect(
      lines().map(({ file, line, lines: span, level, pid, reason, severity, closedBy }) => [
        file,
        line,
        span,
        level,
        pid,
        reason,
        severity,
        closedBy,
      ]),
    ).toEqual([
      [seeds, 4, 3, 'error', '<0.30457.1>', 'handshake.timeout', 'problem', 'broker'],
      [seeds, 11, 3, 'info', '<0.7776.0>', 'handshake.no-data', 'harmless', 'client'],
    ]);
    expect(lines()[0]).toMatchObject({
      at: Date.UTC(2016, 6, 26, 5, 57, 17) * 1000,
      connection: '11.11.11.1:57752 -> 11.11.11.15:5672',
      title: expect.any(String),
      values: expect.any(Object),
      text: expect.stringContaining('{handshake_timeout,handshake}'),
    });
  });

  test('reads standard input', async () => {
    const line = '2022-01-01 12:00:10.003412+00:00 [error] <0.1.0> ';
    const input = `${line}closing AMQP connection <0.1.0> (1.2.3.4:5 -> 1.2.3.5:5672):\n${line}{handshake_timeout,frame_header}\n`;
    const { code, out } = await debug(['explain', '-'], input);
    expect(code).toBe(0);
    expect(out).toMatch(/-:1: problem: Handshake timeout/);
  });

  test('an empty file, a binary one and a missing one are told apart, and the others are still read', async () => {
    const empty = join(folder, 'empty.log');
    const binary = join(folder, 'binary.log');
    await writeFile(empty, '');
    await writeFile(binary, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 1, 2, 3]));
    const { code, out, err } = await debug(['explain', empty, binary, '/no/such.log', seeds]);
    expect(code).toBe(1);
    expect(err).toMatch(/empty\.log: no closing reason/);
    expect(err).toMatch(/binary\.log is a binary file/);
    expect(err).toMatch(/such\.log cannot be read \(ENOENT\)/);
    expect(out).toMatch(/seeds\.log:4: problem/);
  });
});

test('scenarios lists every scenario', async () => {
  const { code, lines } = await debug(['scenarios', '--json']);
  expect(code).toBe(0);
  expect(lines().map(({ id }) => id)).toContain('missed-heartbeats');
});
