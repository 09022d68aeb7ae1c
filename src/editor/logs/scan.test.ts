// A log that is read in slices, and changes meanwhile.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findInText } from '../../logs/findings';
import { reasons } from '../../reasons';
import { createLogScan, type Lines } from './scan';

/** A text as an editor holds it: lines, edited in place. */
function documentOf(text: string): Lines & { lines: string[]; reads: number } {
  return {
    lines: text.split(/\r?\n/),
    reads: 0,
    get count() {
      return this.lines.length;
    },
    at(line) {
      this.reads++;
      return this.lines[line] ?? '';
    },
  };
}

const time = (second: number): string =>
  `2022-01-01 12:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000001+00:00`;
const timeout = (n: number): string[] => [
  `${time(n)} [error] <0.${n}.0> closing AMQP connection <0.${n}.0> (10.0.0.1:${n} -> 10.0.0.2:5672):`,
  `${time(n)} [error] <0.${n}.0> {handshake_timeout,handshake}`,
];
const other = (n: number): string =>
  `${time(n)} [info] <0.${n}.0> accepting AMQP connection <0.${n}.0> (10.0.0.1:${n} -> 10.0.0.2:5672)`;
const log = (pairs: number): string[] => Array.from({ length: pairs }, (_, n) => [other(n), ...timeout(n)]).flat();

const nothing = async (): Promise<void> => {};
const expected = (document: { lines: string[] }) =>
  findInText(document.lines.join('\n'), reasons).map(({ line, reason }) => ({ line, reason }));
const actual = (scan: ReturnType<typeof createLogScan>) =>
  scan.found?.findings.map(({ line, reason }) => ({ line, reason }));

describe('the scan of an open document', () => {
  it.each(['seeds', 'report-3.6', 'lager-3.8', 'otp-3.10.8-debug', 'otp-4.x'])(
    'finds in %s.log what the command line finds',
    async (name) => {
      const document = documentOf(readFileSync(`test/fixtures/logs/${name}.log`, 'utf8'));
      const scan = createLogScan(reasons, nothing);
      await scan.read(document);
      expect(actual(scan)?.length).toBeGreaterThan(0);
      expect(actual(scan)).toEqual(expected(document));
    },
  );

  it.each([
    ['nothing', ''],
    ['prose', 'The broker closed.\nhandshake_timeout'],
    ['bytes', '\0\0PNG\r\n\0{handshake_timeout,handshake}'],
    ['code', 'const a = 1;\n'.repeat(1000)],
  ])('takes %s for what it is: no log', async (_, text) => {
    const scan = createLogScan(reasons, nothing);
    await scan.read(documentOf(text));
    expect(scan.found).toBeUndefined();
  });

  it('knows a log by its end where something else stands at its beginning', async () => {
    const scan = createLogScan(reasons, nothing);
    await scan.read(documentOf([...Array<string>(500).fill('## banner'), ...log(100)].join('\n')));
    expect(scan.found?.findings).toHaveLength(100);
  });

  it('reads, of a log that grows, the end only', async () => {
    const document = documentOf([...log(5000), ''].join('\n'));
    const scan = createLogScan(reasons, nothing);
    await scan.read(document);
    const changedAt = document.count - 1;
    document.lines.splice(changedAt, 1, ...timeout(7000), '');
    scan.changed(changedAt);
    document.reads = 0;
    await scan.read(document);
    expect(document.reads).toBeLessThan(2500);
    expect(actual(scan)).toEqual(expected(document));
  });

  it('joins a line that comes later to the record that it belongs to', async () => {
    const [first = '', second = ''] = timeout(9);
    const document = documentOf([...log(300), first].join('\n'));
    const scan = createLogScan(reasons, nothing);
    await scan.read(document);
    expect(scan.found?.findings).toHaveLength(300);
    document.lines.push(second);
    scan.changed(document.count - 2);
    await scan.read(document);
    expect(scan.found?.findings).toHaveLength(301);
  });

  it.each([
    ['truncated to nothing', 0, 9e9, []],
    ['cut short', 600, 9e9, []],
    ['rotated: another log from the first line on', 0, 9e9, log(7)],
    ['edited in the middle', 1500, 1, ['=== a note ===']],
    ['edited at the beginning', 0, 3, []],
  ])('is right after the text was %s', async (_, at, removed, added) => {
    const document = documentOf(log(1000).join('\n'));
    const scan = createLogScan(reasons, nothing);
    await scan.read(document);
    document.lines.splice(at, removed, ...added);
    if (document.lines.length === 0) document.lines.push('');
    scan.changed(at);
    await scan.read(document);
    expect(actual(scan) ?? []).toEqual(expected(document));
  });

  it('is right when the text changes under a pass, however often', async () => {
    const document = documentOf(log(3000).join('\n'));
    let pauses = 0;
    const scan = createLogScan(reasons, async () => {
      pauses++;
      const at = [document.count - 1, 100, 4000][pauses % 3] ?? 0;
      if (pauses > 6) return;
      document.lines.splice(at, 2, ...timeout(20_000 + pauses));
      scan.changed(at);
    });
    const slow: Lines = {
      get count() {
        return document.count;
      },
      at(line) {
        // Some 2 µs a line: several slices.
        const until = performance.now() + 0.01;
        while (performance.now() < until);
        return document.at(line);
      },
    };
    await scan.read(slow);
    expect(pauses).toBeGreaterThan(6);
    expect(actual(scan)).toEqual(expected(document));
  });
});
