// What the extension costs before anybody uses it: the size of its package, and the time that VS Code says it took to
// activate, beside the extensions that come with VS Code. `npm run bench` writes the figures to BENCHMARKS.md.

import { statSync } from 'node:fs';
import { cpus } from 'node:os';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, vsix, type World } from '../editor/workbench';

const openings = 7;
const file = 'BENCHMARKS.md';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

/** Milliseconds by extension, as "Developer: Show Running Extensions" has them after a log was opened in a new window. */
async function activationTimes(): Promise<Map<string, number>> {
  const vscode = await world.open();
  await vscode.openFile('seeds.log');
  await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
  await vscode.run('Developer: Show Running Extensions');
  const rows = vscode.page.locator('.runtime-extensions-editor .extension');
  await rows.first().waitFor();
  const times = new Map<string, number>();
  for (const row of await rows.all()) {
    const shown = /(\d+)\s?ms/.exec(await row.locator('.activation-time').innerText());
    if (shown) times.set(await row.locator('.name').innerText(), Number(shown[1]));
  }
  await vscode.page.close();
  return times;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

it('measures the package and the activation', async () => {
  const runs: Map<string, number>[] = [];
  for (let opening = 0; opening < openings; opening++) runs.push(await activationTimes());
  const of = (name: string): number[] => runs.flatMap((run) => run.get(name) ?? []);
  const names = [...new Set(runs.flatMap((run) => [...run.keys()]))];
  const own = names.find((name) => name.startsWith('RabbitMQ')) ?? '';
  expect(of(own)).toHaveLength(openings);
  const row = (name: string): string => `| ${name} | ${median(of(name))} | ${of(name).join(', ')} |`;
  const section = [
    '## Activation and size',
    '',
    `\`npm run bench\` · Node.js ${process.versions.node} · ${cpus().length} cores, ${cpus()[0]?.model ?? '?'} · VS Code 1.100.3`,
    '',
    'The time that VS Code itself shows for each extension that is active after a RabbitMQ log was opened in a new window,',
    `in milliseconds, ${openings} windows.`,
    '',
    '| Extension | median | each |',
    '|---|---|---|',
    ...[own, ...names.filter((name) => name !== own)].map(row),
    '',
    `The VSIX has ${statSync(vsix).size} bytes.`,
    '',
  ].join('\n');
  const before = await readFile(file, 'utf8').catch(() => '# Benchmarks\n\n');
  const rest = before.replace(/## Activation and size\n[\s\S]*?(?=\n## |$)/, '').trimEnd();
  await writeFile(file, `${rest}\n\n${section}`);
});
