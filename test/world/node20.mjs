// The Node 20 that VS Code runs on: the one at work here if it is one, else npm's package of it, kept in the cache.

import { existsSync, realpathSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cacheFolder, Missing, reason, run } from './cache.mjs';

const VERSION = '20.20.2';
const PACKAGE = `node-linux-${process.arch}`;

/**
 * @typedef {object} Runtime
 * @property {string} node path of the program
 * @property {string} prefix the folder whose include/node has the headers to build native modules with
 */

/**
 * Where Node 20 is, or will be once it is installed.
 * @returns {Runtime}
 */
export function node20() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  if (process.versions.node.startsWith('20.') && existsSync(join(prefix, 'include', 'node', 'node_api.h'))) {
    return { node: process.execPath, prefix };
  }
  const own = join(cacheFolder, `node-${VERSION}`, 'node_modules', PACKAGE);
  return { node: join(own, 'bin', 'node'), prefix: own };
}

/** @returns {Promise<Runtime>} */
export async function installNode20() {
  const runtime = node20();
  if (runtime.node === process.execPath) return runtime;
  if (process.platform !== 'linux') throw new Missing(`Node 20 is needed, and this is ${process.version}`);
  const folder = join(cacheFolder, `node-${VERSION}`);
  const stamp = join(folder, 'complete');
  if (existsSync(stamp)) return runtime;
  await npmInstall(folder, [`${PACKAGE}@${VERSION}`]);
  await writeFile(stamp, '');
  return runtime;
}

/**
 * Installs npm packages into a folder of their own, emptied before, without running their scripts.
 * @param {string} folder
 * @param {string[]} packages
 */
export async function npmInstall(folder, packages) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(folder, ['install', '--save-exact', ...packages]);
}

// Without network npm's own patience is minutes.
const PATIENCE = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];

/**
 * @param {string} cwd
 * @param {string[]} args
 */
export async function npm(cwd, args) {
  try {
    await run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', ...PATIENCE], { cwd, env: cleanEnv() });
  } catch (error) {
    throw new Missing(`npm ${args.join(' ')} failed: ${reason(error)}`, { cause: error });
  }
}

/**
 * The environment without what an outer npm, test runner or editor put there for its own children.
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnv() {
  const foreign =
    /^(npm_(?!config_)|VSCODE_|CODE_SERVER_|ELECTRON_|VITEST|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_ENV$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
