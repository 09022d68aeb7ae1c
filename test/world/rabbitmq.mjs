// Installs RabbitMQ and starts real brokers, as many side by side as wanted, each with its own ports and folders.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { aptInstall } from './apt.mjs';
import { Missing, osRelease, run } from './cache.mjs';
import { accepts, freePort, launch, waitUntilReady } from './process.mjs';

/** The versions that can be started, and the Debian release whose package has each. */
const VERSIONS = /** @type {const} */ ([{ version: '3.10.8', suite: 'bookworm' }]);

/**
 * @typedef {object} Broker
 * @property {string} version
 * @property {string} url with the user name and the password
 * @property {number} port
 * @property {string} log path of the node's log file, at level debug
 * @property {string} nodename
 * @property {(...args: string[]) => Promise<string>} ctl runs rabbitmqctl on it and returns its standard output
 * @property {() => Promise<void>} stop
 */

/** @param {string} version */
function programsFolder(version) {
  return `/usr/lib/rabbitmq/lib/rabbitmq_server-${version}/sbin`;
}

/** Makes every version of the table ready to start. */
export async function installRabbitmq() {
  for (const { version, suite } of VERSIONS) {
    if (existsSync(programsFolder(version))) continue;
    if (osRelease().VERSION_CODENAME !== suite) {
      throw new Missing(`RabbitMQ ${version} is a package of Debian ${suite}, and this machine is not Debian ${suite}`);
    }
    await aptInstall(['rabbitmq-server']);
    if (!existsSync(programsFolder(version))) {
      throw new Missing(`The installed rabbitmq-server package is not RabbitMQ ${version}`);
    }
  }
}

/**
 * The broker that RABBITMQ_URL names, which is then used instead of one started here; RABBITMQ_LOG is its log file.
 * @returns {{url: string, log: string | undefined} | undefined}
 */
export function externalBroker() {
  const url = process.env.RABBITMQ_URL;
  return url ? { url, log: process.env.RABBITMQ_LOG || undefined } : undefined;
}

/**
 * Starts a broker on 127.0.0.1 and resolves when it is ready for clients.
 * @param {{handshakeTimeoutMs?: number, heartbeatS?: number, conf?: string[]}} [options] conf: more lines of rabbitmq.conf
 * @returns {Promise<Broker>}
 */
export async function startRabbitmq({ handshakeTimeoutMs, heartbeatS, conf = [] } = {}) {
  const [{ version }] = VERSIONS;
  const temp = await mkdtemp(join(tmpdir(), 'rabbitmq-'));
  const [port, distPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const nodename = `rabbit-${port}@localhost`;
  const log = join(temp, 'log', `${nodename}.log`);
  const settings = [`listeners.tcp.1 = 127.0.0.1:${port}`, 'log.file.level = debug'];
  if (handshakeTimeoutMs !== undefined) settings.push(`handshake_timeout = ${handshakeTimeoutMs}`);
  if (heartbeatS !== undefined) settings.push(`heartbeat = ${heartbeatS}`);
  await writeFile(join(temp, 'rabbitmq.conf'), [...settings, ...conf, ''].join('\n'));
  await writeFile(join(temp, 'enabled_plugins'), '[].\n');
  await mkdir(join(temp, 'log'));
  const env = environment(temp, nodename, distPort, epmdPort);

  // Erlang's name server: one for each broker, or the first broker would leave one behind for all.
  const epmdArgs = ['-address', '127.0.0.1', '-port', String(epmdPort)];
  /** @type {import('./process.mjs').Program[]} */
  const programs = [];
  const stop = async () => {
    for (const program of programs.toReversed()) await program.stop();
    await rm(temp, { recursive: true, force: true });
  };
  try {
    const epmd = await launch('epmd', epmdArgs, { temp, output: join(temp, 'epmd.output'), env });
    programs.push(epmd);
    await waitUntilReady(epmd, 'epmd', () => accepts(epmdPort), 10_000);
    const output = join(temp, 'server.output');
    const server = await launch(join(programsFolder(version), 'rabbitmq-server'), [], { temp, output, env });
    programs.push(server);
    await waitUntilReady(server, `RabbitMQ ${version}`, () => startupComplete(log), 90_000);
  } catch (error) {
    await stop();
    throw error;
  }
  /** @param {string[]} args */
  const ctl = (...args) => run(join(programsFolder(version), 'rabbitmqctl'), ['-q', '-n', nodename, ...args], { env });
  return { version, url: `amqp://guest:guest@127.0.0.1:${port}`, port, log, nodename, ctl, stop };
}

/**
 * The whole environment of a broker and its rabbitmqctl: nothing of the machine's own RabbitMQ, if it has one.
 * @param {string} temp
 * @param {string} nodename
 * @param {number} distPort
 * @param {number} epmdPort
 * @returns {NodeJS.ProcessEnv}
 */
function environment(temp, nodename, distPort, epmdPort) {
  return {
    PATH: process.env.PATH,
    HOME: temp,
    LANG: 'C.UTF-8',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_NODENAME: nodename,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(temp, 'mnesia'),
    RABBITMQ_LOG_BASE: join(temp, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(temp, 'enabled_plugins'),
    ERL_CRASH_DUMP: join(temp, 'erl_crash.dump'),
    RABBITMQ_CONF_ENV_FILE: join(temp, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(temp, 'rabbitmq'),
    RABBITMQ_CONFIG_FILES: join(temp, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(temp, 'advanced'),
    RABBITMQ_PID_FILE: join(temp, 'pid'),
  };
}

/**
 * Whether the log says so, with the listener started. Trying to connect instead would leave entries in the log.
 * @param {string} log
 */
async function startupComplete(log) {
  try {
    const text = await readFile(log, 'utf8');
    return text.includes('started TCP listener on') && text.includes('Server startup complete');
  } catch {
    return false;
  }
}
