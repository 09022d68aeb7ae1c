// Builds the extension and packs it into rabbitmq-connection-debugger.vsix, which must stay small.

import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vsix = join(root, 'rabbitmq-connection-debugger.vsix');
const mostBytes = 1_000_000;

const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

run('esbuild.js');
// Links of the README stay relative: there is no repository yet that they could lead to.
const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
run('node_modules/@vscode/vsce/vsce', 'package', ...options, '--out', vsix);

const { size } = statSync(vsix);
console.log(`${vsix}: ${size} bytes`);
if (size > mostBytes) {
  console.error(`The VSIX is larger than ${mostBytes} bytes: look at what .vscodeignore lets in.`);
  process.exitCode = 1;
}
