// Starts a long-running program for the tests, and makes sure that nothing of it is left behind.

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { tail } from './cache.mjs';

/**
 * @typedef {object} Program
 * @property {number} pid its process id, which is also that of its process group
 * @property {() => boolean} running
 * @property {() => Promise<string>} output the end of what it has written so far
 * @property {() => Promise<void>} stop SIGTERM, then SIGKILL for what is left when it has ended, or after 15 s
 */

// Waits for the end of its standard input, which comes when the parent process is gone, however it ended.
const GUARD = 'read -r _; kill -s KILL -- "-$1" 2>/dev/null; sleep 1; rm -rf -- "$2"';

/**
 * Starts a program in a process group of its own. When this process ends without stopping it, even by SIGKILL,
 * a guard ends the group and removes the temporary folder.
 * @param {string} command
 * @param {string[]} args
 * @param {{temp: string, output: string, env?: NodeJS.ProcessEnv, cwd?: string}} options
 *   temp: the temporary folder that goes with it; output: the file that gets its output
 * @returns {Promise<Program>}
 */
export async function launch(command, args, { temp, output, env, cwd }) {
  const file = openSync(output, 'a');
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', file, file] });
  closeSync(file);
  await once(child, 'spawn');
  const pid = /** @type {number} */ (child.pid);
  const guard = spawn('sh', ['-c', GUARD, 'guard', String(pid), temp], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  const ended = once(child, 'exit');
  const running = () => child.exitCode === null && child.signalCode === null;
  const end = async () => {
    if (running()) {
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(15_000, undefined, { ref: false })]);
    }
    killGroup(pid);
    await ended;
    guard.kill('SIGKILL');
  };
  /** @type {Promise<void> | undefined} */
  let stopped;
  return {
    pid,
    running,
    output: async () => tail(await readFile(output, 'utf8'), 200),
    stop: () => (stopped ??= end()),
  };
}

/** @param {number} pid the id of a process group that was started here */
function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left in it.
  }
}

/**
 * Waits until a program is ready; rejects with the end of its output when it exits first or takes too long.
 * @param {Program} program
 * @param {string} name
 * @param {() => Promise<boolean>} ready
 * @param {number} timeoutMs
 */
export async function waitUntilReady(program, name, ready, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (!(await ready())) {
    const late = Date.now() > deadline;
    if (late || !program.running()) {
      const what = late ? `was not ready after ${timeoutMs / 1000} s` : 'ended while it was starting';
      throw new Error(`${name} ${what}:\n${await program.output()}`);
    }
    await sleep(100);
  }
}

/** @type {Set<number>} */
const given = new Set();

/**
 * A TCP port on 127.0.0.1 that nothing listens on, another one at each call. It lies below the ports that systems give
 * to outgoing connections, one of which could otherwise take it before the program listens.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (given.has(port)) continue;
    given.add(port);
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch {
      continue;
    }
    await once(server.close(), 'close');
    return port;
  }
}

/**
 * Whether something accepts connections at the port on 127.0.0.1.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
