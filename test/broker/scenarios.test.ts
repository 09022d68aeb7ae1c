// The closed circle: each scenario provokes its ending, the broker logs it, the catalogue explains that line as declared.
// And the differential: the practice broker tells each story as RabbitMQ does.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { foldConnections } from '../../src/core/connection';
import { howClosed } from '../../src/core/diagnose';
import type { LifecycleEvent } from '../../src/core/event';
import { parseBrokerUrl, type Broker } from '../../src/net/broker';
import { startPracticeBroker, type PracticeBroker } from '../../src/net/practice';
import type { Outcome } from '../../src/net/outcome';
import { runScenario, traceFor } from '../../src/net/run';
import { reasons } from '../../src/reasons';
import { scenarios } from '../../src/scenarios';
import type { Scenario } from '../../src/net/stage';

const rabbitmq = inject('rabbitmq');
let folder: string;
let practice: PracticeBroker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenarios-'));
  practice = await startPracticeBroker({
    log: join(folder, 'practice.log'),
    handshakeTimeoutMs: rabbitmq.handshakeTimeoutMs,
  });
});

afterAll(async () => {
  await practice?.stop();
  await rm(folder, { recursive: true, force: true });
});

function realBroker(): Broker {
  const address = parseBrokerUrl(rabbitmq.url);
  return {
    ...address,
    name: 'RabbitMQ',
    password: address.password ?? 'guest',
    practice: false,
    handshakeTimeoutMs: rabbitmq.handshakeTimeoutMs,
    ...(rabbitmq.log !== undefined && { log: rabbitmq.log }),
  };
}

function practiceBroker(): Broker {
  return {
    ...realBroker(),
    name: 'practice broker',
    host: practice.host,
    port: practice.port,
    log: practice.log,
    practice: true,
  };
}

async function tell(
  scenario: Scenario,
  broker: Broker,
): Promise<{ outcome: Outcome; events: readonly LifecycleEvent[] }> {
  const trace = traceFor(scenario, broker);
  const { signal } = new AbortController();
  const outcome = await runScenario({ scenario, broker, trace, catalogue: reasons, signal });
  return { outcome, events: trace.events };
}

/** What must be alike on both brokers: methods and reply codes in order, who closed and how, the reasons in the log. */
function shapeOf(events: readonly LifecycleEvent[], outcome: Outcome) {
  return {
    // Heartbeats and the two directions' order against each other depend on the moment.
    client: methodsOf(events, 'client'),
    broker: methodsOf(events, 'broker'),
    codes: events.flatMap((e) => (e.type === 'closing' || e.type === 'channelClosing' ? [[e.by, e.code, e.text]] : [])),
    endings: [...foldConnections(events).values()].map((c) => ({
      how: howClosed(c),
      by: c.closed?.by,
      ended: c.ended.map(({ by, how }) => `${by} ${how}`),
      phases: c.spans.map(({ phase }) => phase),
      tuning: [c.offered, c.agreed],
    })),
    logged: outcome.found.filter(({ from }) => from === 'log').map(({ reason }) => reason),
    seen: outcome.found.filter(({ from }) => from === 'wire').map(({ reason }) => reason),
  };
}

function methodsOf(events: readonly LifecycleEvent[], by: LifecycleEvent['by']): string[] {
  return events.flatMap((e) => (e.by === by && e.frame && e.type !== 'heartbeat' ? [e.frame.method] : []));
}

describe.each(scenarios)('$id', (scenario) => {
  test('ends as declared on RabbitMQ, tells the same on the practice broker', async () => {
    const [real, embedded] = await Promise.all([tell(scenario, realBroker()), tell(scenario, practiceBroker())]);
    expect(real.outcome).toMatchObject({ ok: true, expected: scenario.expects });
    expect(embedded.outcome).toMatchObject({ ok: true, expected: scenario.expects });
    for (const { outcome } of rabbitmq.log === undefined ? [embedded] : [real, embedded]) {
      const logged = outcome.found.filter(({ from }) => from === 'log').map(({ reason }) => reason);
      expect(logged).toEqual(expect.arrayContaining([...scenario.expects]));
    }
    if (rabbitmq.log !== undefined) {
      expect(shapeOf(embedded.events, embedded.outcome)).toEqual(shapeOf(real.events, real.outcome));
    }
  });

  test('is told from the wire alone when the log cannot be read', async () => {
    const { log: _, ...unlogged } = practiceBroker();
    const { outcome } = await tell(scenario, unlogged);
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.found.every(({ from }) => from === 'wire')).toBe(true);
  });
});
