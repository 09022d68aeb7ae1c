// Installs a whole VS Code that runs in a browser (code-server) and starts it on a folder.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { aptInstall } from './apt.mjs';
import { cacheFolder, Missing, reason, run } from './cache.mjs';
import { cleanEnv, installNode20, node20, npm, npmInstall } from './node20.mjs';
import { freePort, launch, waitUntilReady } from './process.mjs';

/** code-server 4.100.3 is VS Code 1.100.3, the oldest that the extension supports. */
const VERSION = '4.100.3';
const FOLDER = join(cacheFolder, `code-server-${VERSION}`);
const STAMP = join(FOLDER, 'complete');
const SERVER = join(FOLDER, 'node_modules', 'code-server');
const VSCODE_MODULES = join(SERVER, 'lib', 'vscode', 'node_modules');

const ARGON2 = join(FOLDER, 'node_modules', 'argon2');

/** The native modules that it cannot start without, with what node-gyp has to be told. */
const NATIVE_MODULES = [
  { folder: join(VSCODE_MODULES, 'node-pty'), options: [] },
  { folder: join(VSCODE_MODULES, '@vscode', 'spdlog'), options: [] },
  { folder: join(VSCODE_MODULES, 'native-watchdog'), options: [] },
  {
    folder: ARGON2,
    options: [
      '--module_name=argon2',
      `--module_path=${join(ARGON2, 'lib', 'binding', 'napi-v3')}`,
      '--napi_build_version=3',
    ],
  },
];

/** Settings that keep VS Code quiet: nothing opens, asks or calls out by itself. */
const CALM_SETTINGS = {
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.autoDetectColorScheme': true,
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** Makes VS Code ready to start; about 40 s the first time. */
export async function installVscode() {
  const runtime = await installNode20();
  if (existsSync(STAMP)) return;
  await aptInstall(['g++', 'make', 'python3', 'ripgrep']);
  await npmInstall(FOLDER, [`code-server@${VERSION}`, 'node-gyp@11.4.2']);
  await npm(dirname(VSCODE_MODULES), ['install', '--omit=dev']);
  const path = [dirname(runtime.node), process.env.PATH].join(delimiter);
  const env = { ...cleanEnv(), PATH: path };
  const nodeGyp = join(FOLDER, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const build = (/** @type {(typeof NATIVE_MODULES)[number]} */ { folder, options }) =>
    run(runtime.node, [nodeGyp, 'rebuild', `--nodedir=${runtime.prefix}`, ...options], { cwd: folder, env });
  try {
    await Promise.all(NATIVE_MODULES.map(build));
  } catch (error) {
    throw new Missing(`A native module of VS Code could not be built: ${reason(error)}`, { cause: error });
  }
  const ripgrep = join(VSCODE_MODULES, '@vscode', 'ripgrep', 'bin');
  await mkdir(ripgrep, { recursive: true });
  await symlink('/usr/bin/rg', join(ripgrep, 'rg'));
  await writeFile(STAMP, '');
}

/**
 * @typedef {object} Vscode
 * @property {string} url opens the folder
 * @property {number} port
 * @property {string} extensionsDir
 * @property {string} userDataDir
 * @property {() => Promise<void>} stop
 */

/**
 * Starts VS Code on 127.0.0.1 and resolves when a browser can open it.
 * @param {object} options
 * @param {string} options.folder absolute path of the workspace folder
 * @param {string | undefined} [options.vsix] the extension to install first
 * @param {boolean} [options.trust] false: the folder is not trusted, which is Restricted Mode
 * @param {Record<string, unknown>} [options.userSettings] over the calm defaults
 * @returns {Promise<Vscode>}
 */
export async function startVscode({ folder, vsix, trust = true, userSettings = {} }) {
  const { node } = node20();
  const temp = await mkdtemp(join(tmpdir(), 'vscode-'));
  const userDataDir = join(temp, 'user-data');
  const extensionsDir = join(temp, 'extensions');
  const env = { ...cleanEnv(), TMPDIR: temp, XDG_RUNTIME_DIR: temp, XDG_DATA_HOME: join(temp, 'data') };
  const common = [join(SERVER, 'out', 'node', 'entry.js'), '--config', join(temp, 'config.yaml')];
  common.push('--user-data-dir', userDataDir, '--extensions-dir', extensionsDir);
  const port = await freePort();
  const args = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-getting-started-override'];
  args.push('--disable-telemetry', '--disable-update-check');
  if (trust) args.push('--disable-workspace-trust');
  /** @type {import('./process.mjs').Program | undefined} */
  let program;
  const stop = async () => {
    await program?.stop();
    await rm(temp, { recursive: true, force: true });
  };
  try {
    await mkdir(join(userDataDir, 'User'), { recursive: true });
    const settings = JSON.stringify({ ...CALM_SETTINGS, ...userSettings }, null, 2);
    await writeFile(join(userDataDir, 'User', 'settings.json'), settings);
    if (vsix) await run(node, [...common, '--install-extension', vsix], { env });
    program = await launch(node, [...common, ...args], { temp, output: join(temp, 'output'), env });
    await waitUntilReady(program, 'VS Code', () => answers(`http://127.0.0.1:${port}/healthz`), 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`;
  return { url, port, extensionsDir, userDataDir, stop };
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
