// RabbitMQ's logs in an editor: decorations, hovers, the status bar; and files that change under the editor.

import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type Theme, type Workbench, type World } from './workbench';

const noData = (second: number): string =>
  [
    `2024-05-01 10:00:${second}.000100+00:00 [error] <0.${second}.0> closing AMQP connection <0.${second}.0> (10.0.0.1:5${second} -> 10.0.0.2:5672):`,
    `2024-05-01 10:00:${second}.000100+00:00 [error] <0.${second}.0> {handshake_timeout,handshake}`,
    '',
  ].join('\n');

describe('a log in the editor', () => {
  let world: World;
  let vscode: Workbench;
  beforeAll(async () => {
    world = await startWorld();
    await writeFile(join(world.folder, 'grows.txt'), noData(10));
    await writeFile(
      join(world.folder, 'binary.log'),
      Buffer.from([0, 1, 2, 0xff, 0xfe, ...Buffer.from(noData(10)), 0]),
    );
    await writeFile(join(world.folder, 'empty.log'), '');
    await writeFile(
      join(world.folder, 'large.log'),
      Array.from({ length: 20_000 }, (_, n) => noData(10 + (n % 50))).join(''),
    );
    vscode = await world.open({ width: 1600, height: 900 });
  });
  afterAll(() => world?.stop());
  beforeEach(async () => {
    await vscode.run('View: Close All Editors');
  });

  const status = () => vscode.page.locator('.statusbar-item', { hasText: /connection (problem|notice)/ });
  const titles = async (expected: number) => {
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).toHaveLength(expected);
    return vscode.lineTitles();
  };

  it.each([
    ['seeds.log', ['✖ Handshake timeout', '✓ ']],
    ['report-3.6.log', ['✖ ']],
    ['lager-3.8.log', ['✖ ']],
    ['otp-3.10.8-debug.log', ['✖ ']],
  ])('%s: has titles at the ends of the lines that tell why connections ended', async (name, beginnings) => {
    await vscode.openFile(name);
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
    const seen = await vscode.lineTitles();
    for (const beginning of beginnings)
      expect(
        seen.some((title) => title.startsWith(beginning)),
        beginning,
      ).toBe(true);
    await vscode.screenshot(`log-${name}`);
  });

  it('counts the problems in the status bar while a log is in front, and only then', async () => {
    await vscode.openFile('otp-3.10.8-debug.log');
    await status().waitFor();
    expect(await status().innerText()).toMatch(/\d+ connection problems?/);
    await vscode.openFile('empty.log');
    await status().waitFor({ state: 'detached' });
  });

  it.each<[Theme]>([['dark'], ['light'], ['high-contrast-dark'], ['high-contrast-light']])(
    'explains a line on hover, in %s',
    async (theme) => {
      await vscode.theme(theme);
      await vscode.openFile('seeds.log');
      await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
      const line = vscode.page
        .locator('.editor-instance .view-line')
        .filter({ hasText: '{handshake_timeout,handshake}' });
      await line.locator('span span').first().hover();
      const hover = vscode.page.locator('.monaco-hover:visible').filter({ hasText: 'Check first' });
      await hover.waitFor();
      const text = await hover.innerText();
      expect(text).toMatch(/^Handshake timeout/);
      expect(text).toMatch(/closed by the broker · certain · problem/);
      for (const part of ['What to change', 'Logged:', 'Source:', 'Run the scenario that reproduces this']) {
        expect(text).toContain(part);
      }
      await vscode.screenshot(`hover-${theme}`);
      await vscode.page.keyboard.press('Escape');
    },
  );

  it('runs the scenario that the hover links to', async () => {
    await vscode.theme('dark');
    await vscode.openFile('seeds.log');
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
    const line = vscode.page
      .locator('.editor-instance .view-line')
      .filter({ hasText: 'connection_closed_with_no_data' });
    await line.locator('span span').first().hover();
    await vscode.page.getByText('Run the scenario that reproduces this').click();
    expect(await vscode.outcome()).toMatch(/^As expected/);
  });

  it('stays right while the file grows, is truncated, and grows again', async () => {
    const file = join(world.folder, 'grows.txt');
    await vscode.openFile('grows.txt');
    await titles(1);
    await appendFile(file, noData(11));
    await titles(2);
    // A record that is written in two pieces.
    const [first = '', second = ''] = noData(12).split('\n');
    await appendFile(file, `${first}\n`);
    await appendFile(file, `${second}\n`);
    await titles(3);
    await truncate(file, 0);
    await titles(0);
    await status().waitFor({ state: 'detached' });
    await writeFile(file, noData(20) + noData(21));
    await titles(2);
    await status().filter({ hasText: '2 connection problems' }).waitFor();
  });

  it('leaves a binary file and an empty one alone', async () => {
    await vscode.openBinary('binary.log');
    await vscode.openFile('empty.log');
    await vscode.page.waitForTimeout(500);
    expect(await vscode.lineTitles()).toEqual([]);
    expect(await vscode.notifications()).toEqual([]);
  });

  it('marks what is on the screen of a log with more findings than can be marked at once', async () => {
    await vscode.openFile('large.log');
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
    await status().filter({ hasText: '20000 connection problems' }).waitFor();
    await vscode.page.keyboard.press('Control+End');
    await vscode.page.locator('.editor-instance .line-numbers', { hasText: '40000' }).waitFor();
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
    await vscode.screenshot('log-large');
  });
});
