// What the log's lines look like, and that no text can forge one.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPids, formatRecord, openLog } from './log';

const at = Date.UTC(2026, 10, 21, 3, 48, 50, 825) * 1000 + 5;

describe('a record of the log', () => {
  test('has its prefix again on every line', () => {
    expect(formatRecord(at, 'error', '<0.994.0>', 'closing AMQP connection:\n{handshake_timeout,handshake}')).toBe(
      '2026-11-21 03:48:50.825005+00:00 [error] <0.994.0> closing AMQP connection:\n' +
        '2026-11-21 03:48:50.825005+00:00 [error] <0.994.0> {handshake_timeout,handshake}\n',
    );
  });

  test.each(['\n', '\r', '\r\n', '\u2028', '\u0085', '\v', '\f'])('cannot be forged with the line end %j', (end) => {
    const lines = formatRecord(at, 'info', '<0.1.0>', `vhost a${end}2026-11-21 [error] <0.2.0> forged not found`);
    for (const line of lines.trimEnd().split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/))
      expect(line).toMatch(/^2026-11-21 03:48:50.825005\+00:00 \[info\] <0\.1\.0> /);
  });

  test('is appended to what the file holds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'log-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'broker.log');
    for (const text of ['first', 'second']) {
      const log = await openLog(path);
      log.write('info', '<0.1.0>', text);
      await log.close();
    }
    expect((await readFile(path, 'utf8')).split('\n').map((line) => line.split('> ')[1])).toEqual([
      'first',
      'second',
      undefined,
    ]);
  });

  test('needs a folder that is there', async () => {
    await expect(openLog(join(tmpdir(), 'no-such-folder', 'broker.log'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('process ids are given once', () => {
  const next = createPids();
  const given = new Set(Array.from({ length: 100 }, next));
  expect(given.size).toBe(100);
  expect([...given].every((pid) => /^<0\.\d+\.0>$/.test(pid))).toBe(true);
});
