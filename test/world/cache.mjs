// The cache folder outside the project where the real programs to test against are kept, and how commands are run.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder that keeps what is installed for the tests, outside the project and its dependencies. */
export const cacheFolder = resolve(
  process.env.RABBITMQ_DEBUGGER_CACHE || join(homedir(), '.cache', 'rabbitmq-connection-debugger'),
);

/** Something the tests need cannot be had on this machine; the message says what and why on one line. */
export class Missing extends Error {
  name = 'Missing';
}

/**
 * The end of a program's output, for an error message.
 * @param {string} text
 * @param {number} [lines]
 */
export function tail(text, lines = 30) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * The one line of an error that says the most, such as that of apt-get or npm among the output of a failed command.
 * @param {unknown} error
 * @returns {string}
 */
export function reason(error) {
  if (!(error instanceof Error)) return String(error);
  const [first = '', ...output] = error.message.split('\n');
  const signs = [/^E: /, /failed, reason: /, /^npm error (?!code|syscall|errno)/, /^gyp: /, /error: /];
  const telling = signs.map((sign) => output.find((line) => sign.test(line))).find((line) => line !== undefined);
  return (telling ?? first).trim();
}

/**
 * Runs a command to its end and returns its standard output; rejects with the end of its output when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<string>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      all += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolvePromise(stdout);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${tail(all)}`));
    });
  });
}

/**
 * What /etc/os-release says of this machine: ID=debian and VERSION_CODENAME=bookworm are what the callers look for.
 * @returns {Record<string, string>}
 */
export function osRelease() {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
    const pairs = lines.map((line) => /^(\w+)="?(.*?)"?$/.exec(line)).filter((match) => match !== null);
    return Object.fromEntries(pairs.map((match) => [match[1], match[2]]));
  } catch {
    return {};
  }
}

/** Whether Debian packages can be installed here. */
export function onDebianAsRoot() {
  return osRelease().ID === 'debian' && process.getuid?.() === 0;
}
