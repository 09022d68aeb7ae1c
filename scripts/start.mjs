// npm start: builds, then opens VS Code on a sample workspace with the extension, or runs the scenarios in the terminal.
//   --headless   the scenarios in the terminal, on the embedded practice broker
//   --browser    VS Code in a browser, also where `code` exists
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline/promises';

const { values } = parseArgs({
  options: { headless: { type: 'boolean' }, browser: { type: 'boolean' } },
});

const has = (/** @type {string} */ command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
const display =
  process.platform === 'darwin' ||
  process.platform === 'win32' ||
  Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

/** @param {string} command @param {string[]} args */
function must(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** A copy: what the user does in it stays out of the project. */
function sampleWorkspace() {
  const folder = mkdtempSync(join(tmpdir(), 'rabbitmq-connection-debugger-'));
  cpSync(resolve('test/fixtures/workspace'), folder, { recursive: true });
  cpSync(resolve('test/fixtures/logs'), join(folder, 'logs'), { recursive: true });
  return folder;
}

/** Ends with the child; Ctrl+C reaches it. */
function wait(/** @type {import('node:child_process').ChildProcess} */ child) {
  process.on('SIGINT', () => child.kill('SIGINT'));
  return new Promise((done) => child.once('exit', (code) => done(code ?? 0)));
}

async function headless() {
  const listed = spawnSync(process.execPath, ['dist/cli.js', 'scenarios', '--json'], { encoding: 'utf8' });
  const ids = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  process.exitCode = await wait(spawn(process.execPath, ['dist/cli.js', 'run', ...ids], { stdio: 'inherit' }));
}

async function desktop() {
  must('code', ['--new-window', `--extensionDevelopmentPath=${resolve('.')}`, sampleWorkspace()]);
  console.log('VS Code is open on a sample workspace. Its RabbitMQ icon is in the activity bar.');
}

async function browser() {
  const { installVscode, startVscode } = await import('../test/world/vscode.mjs');
  const { reason } = await import('../test/world/cache.mjs');
  try {
    await installVscode();
  } catch (error) {
    console.error(`VS Code in a browser: ${reason(error)}`);
    console.error('Running the scenarios in the terminal instead.');
    return headless();
  }
  must(process.execPath, ['scripts/package.mjs']);
  const vsix = resolve(readdirSync('.').find((name) => name.endsWith('.vsix')) ?? '');
  const editor = await startVscode({ folder: sampleWorkspace(), vsix });
  console.log(`VS Code is at ${editor.url} until Ctrl+C.`);
  await new Promise((done) => process.once('SIGINT', done));
  await editor.stop();
}

async function main() {
  must('npm', ['run', '--silent', 'build']);
  if (values.browser) return browser();
  if (values.headless || !display) return headless();
  if (has('code')) return desktop();
  if (!process.stdin.isTTY) return headless();
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(
    'There is no `code` here. Open VS Code in a browser (downloads about 300 MB)? [y/N] ',
  );
  ask.close();
  return answer.trim().toLowerCase().startsWith('y') ? browser() : headless();
}

await main();
