// Runs one scenario against one broker, through a tap, into a trace; and tells whether the story ended as expected.

import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectAmqp, type ChannelModel } from 'amqplib';
import { foldConnections, type Connection } from '../core/connection';
import { diagnose, whereStopped } from '../core/diagnose';
import type { Reason } from '../core/reason';
import { createTrace, type Trace } from '../core/trace';
import { UserError } from '../core/userError';
import type { Broker } from './broker';
import { loggedEvent, openBrokerLog, recordsOf, type BrokerLog } from './brokerLog';
import { now } from './clock';
import { failureOf } from './dial';
import { connectPeer, PeerGone } from './peer';
import type { Scenario, Stage } from './stage';
import { openTap, type Tap } from './tap';

export interface FoundReason {
  readonly reason: string;
  readonly from: 'log' | 'wire';
  readonly connection: string;
}

export interface Outcome {
  readonly scenario: string;
  readonly broker: string;
  readonly ok: boolean;
  readonly expected: readonly string[];
  readonly found: readonly FoundReason[];
  /** One sentence for the user. */
  readonly text: string;
}

export interface RunOptions {
  readonly scenario: Scenario;
  readonly broker: Broker;
  readonly trace: Trace;
  readonly catalogue: readonly Reason[];
  readonly signal: AbortSignal;
}

/** How long the broker may take to write what it has to say. */
const logPatienceMs = 4_000;
const lookEveryMs = 100;
/** When the expected lines are there, others of the same ending may still be on their way: it must be quiet for so long. */
const logQuietMs = 300;
/** How long a connection may linger when the scenario has done its part: some peers never answer a FIN. */
const settleMs = 3_000;
/** Added to what a scenario says that it takes. */
const graceMs = 15_000;

export function traceFor(scenario: Scenario, broker: Broker): Trace {
  return createTrace({
    broker: broker.name,
    scenario: scenario.id,
    title: scenario.title,
    handshakeTimeoutMs: broker.handshakeTimeoutMs,
  });
}

/** Throws a `UserError`: 'cancelled', or 'file-unreadable' for the broker's log. */
export async function runScenario({ scenario, broker, trace, catalogue, signal }: RunOptions): Promise<Outcome> {
  const log = broker.log === undefined ? undefined : await openBrokerLog(broker.log);
  const limit = new AbortController();
  const stop = AbortSignal.any([signal, limit.signal]);
  let connections = 0;
  const tap = await openTap({ broker, trace, signal: stop, nextId: () => `c${++connections}` });
  const stage = createStage(tap, broker, trace, stop);
  const timer = setTimeout(
    () => {
      stage.note('This takes longer than the scenario ever should: it is stopped.');
      limit.abort();
    },
    scenario.takesMs + broker.handshakeTimeoutMs + graceMs,
  );
  try {
    await scenario.run(stage).catch((error: unknown) => {
      if (!isEnding(error, trace, stop)) throw error;
    });
    await Promise.race([tap.settled(), wait(settleMs, undefined, { signal: stop }).catch(() => undefined)]);
  } finally {
    clearTimeout(timer);
    await tap.close();
  }
  if (signal.aborted) throw new UserError('cancelled', `${scenario.title}: cancelled.`);
  if (log) await joinLog(log, scenario, broker, trace, catalogue, signal);
  return outcomeOf(scenario, broker, trace, catalogue, log);
}

/** What a client throws because its connection ended is part of the story. Anything else is our own fault. */
function isEnding(error: unknown, trace: Trace, stop: AbortSignal): boolean {
  if (stop.aborted || error instanceof PeerGone || error instanceof ClientGaveUp) return true;
  return [...foldConnections(trace.events).values()].some(
    ({ closed, failed, ended, closing }) => closed ?? failed ?? closing ?? ended.length > 0,
  );
}

function createStage(tap: Tap, broker: Broker, trace: Trace, signal: AbortSignal): Stage {
  const note = (text: string): void => {
    const connection = trace.events.at(-1)?.connection ?? 'c1';
    trace.append({ type: 'note', text, connection, at: now(), by: 'tool', evidence: { from: 'scenario' } });
  };
  return {
    vhost: broker.vhost,
    user: broker.user,
    password: broker.password,
    handshakeTimeoutMs: broker.handshakeTimeoutMs,
    signal,
    note,
    peer: () => connectPeer(tap.port, signal),
    sleep: async (ms) => void (await wait(ms, undefined, { signal })),
    async amqplib(options = {}): Promise<ChannelModel> {
      const model = await connectAmqp(
        {
          protocol: 'amqp',
          hostname: tap.host,
          port: tap.port,
          username: broker.user,
          password: broker.password,
          vhost: broker.vhost,
          ...options,
        },
        { clientProperties: { connection_name: 'amqplib' } },
      ).catch((error: unknown) => {
        note(`amqplib gives up: ${failureOf(error).text}`);
        throw new ClientGaveUp();
      });
      // Without a listener, an 'error' of the connection would end the process; the tap has told it already.
      model.on('error', (error) => note(`amqplib: ${failureOf(error).text}`));
      return model;
    },
  };
}

/** A client library's own end of the story: it has been told. */
class ClientGaveUp extends Error {
  override readonly name = 'ClientGaveUp';
}

async function joinLog(
  log: BrokerLog,
  scenario: Scenario,
  broker: Broker,
  trace: Trace,
  catalogue: readonly Reason[],
  signal: AbortSignal,
): Promise<void> {
  const connections = [...foldConnections(trace.events).values()];
  const until = Date.now() + logPatienceMs;
  // RabbitMQ logs no passwords. A password that is the user's name as well says nothing.
  const secrets = broker.password === broker.user ? [] : [broker.password];
  let count = -1;
  let grownAt = Date.now();
  for (;;) {
    const records = await log.records();
    const events = connections.flatMap((connection) =>
      recordsOf(connection, records).map((record) => loggedEvent(connection.id, record, log.file, catalogue, secrets)),
    );
    const found = new Set(events.map((event) => (event.type === 'logged' ? event.reason?.id : undefined)));
    if (events.length !== count) grownAt = Date.now();
    count = events.length;
    const complete = scenario.expects.every((id) => found.has(id)) && Date.now() - grownAt >= logQuietMs;
    if (complete || Date.now() > until) {
      for (const event of events) trace.append(event);
      return;
    }
    await wait(lookEveryMs, undefined, { signal }).catch(() => {
      throw new UserError('cancelled', `${scenario.title}: cancelled.`);
    });
  }
}

function outcomeOf(
  scenario: Scenario,
  broker: Broker,
  trace: Trace,
  catalogue: readonly Reason[],
  log: BrokerLog | undefined,
): Outcome {
  const connections = [...foldConnections(trace.events).values()];
  const found = connections.flatMap((connection) => foundReasons(connection, catalogue));
  const missing = scenario.expects.filter((id) => !found.some(({ reason }) => reason === id));
  const titleOf = (id: string): string => catalogue.find((reason) => reason.id === id)?.title ?? id;
  return {
    scenario: scenario.id,
    broker: broker.name,
    ok: missing.length === 0,
    expected: scenario.expects,
    found,
    text: missing.length === 0 ? `As expected: ${expectedText()}` : `Not as expected: ${unexpectedText()}`,
  };

  function expectedText(): string {
    const unlogged = scenario.expects.find((id) => !found.some((f) => f.reason === id && f.from === 'log'));
    const where = !log
      ? 'known from the wire; the broker has no log file configured'
      : unlogged
        ? `known from the wire; no line of the broker's log says so: ${catalogue.find(({ id }) => id === unlogged)?.seenAt ?? ''}`
        : "the broker's log says the same";
    return `${scenario.expects.map(titleOf).join(', ')} (${where}).`;
  }

  function unexpectedText(): string {
    const instead = [...new Set(found.map(({ reason }) => titleOf(reason)))].join(', ');
    const stopped = connections.map(whereStopped).join('; ');
    const came = instead || stopped || 'no connection was opened';
    return `${missing.map(titleOf).join(', ')} was to come, but: ${came}.`;
  }
}

function foundReasons(connection: Connection, catalogue: readonly Reason[]): FoundReason[] {
  const logged = connection.logged.flatMap(({ reason }) =>
    reason ? [{ reason: reason.id, from: 'log' as const, connection: connection.id }] : [],
  );
  const seen = diagnose({ ...connection, logged: [] }, catalogue);
  return seen ? [...logged, { reason: seen.reason, from: 'wire', connection: connection.id }] : logged;
}
