// Runs one scenario against one broker, through a tap, into a trace; and tells whether the story ended as expected.

import { setTimeout as wait } from 'node:timers/promises';
import { foldConnections } from '../core/connection';
import type { Reason } from '../core/reason';
import { createTrace, type Trace } from '../core/trace';
import { UserError } from '../core/userError';
import type { Broker } from './broker';
import { openBrokerLog } from './brokerLog';
import { ClientGaveUp, createStage } from './liveStage';
import { joinLog } from './logJoin';
import { outcomeOf, type Outcome } from './outcome';
import { PeerGone } from './peer';
import type { Scenario } from './stage';
import { openTap } from './tap';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly broker: Broker;
  readonly trace: Trace;
  readonly catalogue: readonly Reason[];
  readonly signal: AbortSignal;
}

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
  if (log && !signal.aborted) {
    // RabbitMQ logs no passwords. A password that is the user's name as well says nothing.
    const secrets = broker.password === broker.user ? [] : [broker.password];
    await joinLog({ log, trace, catalogue, expects: scenario.expects, secrets, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  if (signal.aborted) throw new UserError('cancelled', `${scenario.title}: cancelled.`);
  return outcomeOf(scenario, broker, trace, catalogue);
}

/** What a client throws because its connection ended is part of the story. Anything else is our own fault. */
function isEnding(error: unknown, trace: Trace, stop: AbortSignal): boolean {
  if (stop.aborted || error instanceof PeerGone || error instanceof ClientGaveUp) return true;
  return [...foldConnections(trace.events).values()].some(
    ({ closed, failed, ended, closing }) => closed ?? failed ?? closing ?? ended.length > 0,
  );
}
