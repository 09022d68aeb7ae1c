// rabbitmq-debug run: scenarios one after the other, an event a line, an outcome each.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldConnections } from '../core/connection';
import { diagnose } from '../core/diagnose';
import { printEvent } from '../core/print';
import { defaultHandshakeTimeoutMs } from '../core/trace';
import { UserError } from '../core/userError';
import { parseBrokerUrl, type Broker } from '../net/broker';
import { startPracticeBroker, targetOf } from '../net/practice';
import { runScenario, traceFor } from '../net/run';
import type { Scenario } from '../net/stage';
import { reasons } from '../reasons';
import { scenarios } from '../scenarios';
import { readArguments, usage } from './usage';

const options = {
  broker: { type: 'string' },
  'broker-log': { type: 'string' },
  'handshake-timeout': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export async function run(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments(argv, options);
  if (positionals.length === 0) throw new UserError('usage', `Name a scenario to run.\n\n${usage}`);
  const chosen = positionals.map(scenarioOf);
  const handshakeTimeoutMs = milliseconds(values['handshake-timeout']);
  const log = values['broker-log'];
  const { broker, stop } =
    values.broker === undefined
      ? await embeddedBroker(log, handshakeTimeoutMs)
      : { broker: namedBroker(values.broker, log, handshakeTimeoutMs), stop: async () => undefined };
  try {
    let ok = true;
    for (const scenario of chosen) ok = (await runOne(scenario, broker, values.json ?? false, signal)) && ok;
    return ok ? 0 : 1;
  } finally {
    await stop();
  }
}

async function runOne(scenario: Scenario, broker: Broker, json: boolean, signal: AbortSignal): Promise<boolean> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const trace = traceFor(scenario, broker);
  if (!json) print(`${scenario.title} · ${broker.name}\n${scenario.shows}\n`);
  trace.listen((event) => print(json ? JSON.stringify(event) : printEvent(event, trace.events[0]?.at ?? event.at)));
  const outcome = await runScenario({ scenario, broker, trace, catalogue: reasons, signal });
  const verdicts = [...foldConnections(trace.events).values()].map((connection) => ({
    connection: connection.id,
    ...diagnose(connection, reasons),
  }));
  if (json) print(JSON.stringify({ type: 'outcome', ...outcome, verdicts }));
  else {
    for (const { title, sentence } of verdicts) if (title) print(`\n${title}: ${sentence}`);
    print(`${outcome.text}\n`);
  }
  return outcome.ok;
}

function scenarioOf(id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (found) return found;
  throw new UserError('no-such-scenario', `There is no scenario "${id}". \`rabbitmq-debug scenarios\` lists them.`);
}

function milliseconds(written: string | undefined): number {
  if (written === undefined) return defaultHandshakeTimeoutMs;
  const ms = Number(written);
  if (Number.isInteger(ms) && ms > 0 && ms <= 600_000) return ms;
  throw new UserError('usage', `--handshake-timeout takes milliseconds from 1 to 600000, not "${written}".`);
}

function namedBroker(url: string, log: string | undefined, handshakeTimeoutMs: number): Broker {
  const address = parseBrokerUrl(url);
  return {
    ...address,
    name: `${address.host}:${address.port}`,
    password: address.password ?? (process.env['RABBITMQ_PASSWORD'] || defaultPassword(address.user)),
    practice: false,
    handshakeTimeoutMs,
    ...(log !== undefined && { log }),
  };
}

/** RabbitMQ creates guest with this password; any other user has one of their own. */
function defaultPassword(user: string): string {
  if (user === 'guest') return 'guest';
  throw new UserError(
    'usage',
    `There is no password for the user "${user}": set RABBITMQ_PASSWORD, or write it percent-encoded into the URL.`,
  );
}

async function embeddedBroker(wantedLog: string | undefined, handshakeTimeoutMs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'rabbitmq-debug-'));
  const log = wantedLog ?? join(folder, 'practice-broker.log');
  const practice = await startPracticeBroker({ log, handshakeTimeoutMs });
  const broker = targetOf(practice, 'practice broker', handshakeTimeoutMs);
  return {
    broker,
    stop: async () => {
      await practice.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
