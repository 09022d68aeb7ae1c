// What the broker's log says of a run's connections → `logged` events at the end of the trace.

import { setTimeout as wait } from 'node:timers/promises';
import { foldConnections, type Connection } from '../core/connection';
import type { NewEvent } from '../core/event';
import type { Reason } from '../core/reason';
import { redact } from '../core/redact';
import type { Trace } from '../core/trace';
import { findingOf } from '../logs/findings';
import type { LogRecord } from '../logs/record';
import type { BrokerLog } from './brokerLog';
import { now } from './clock';

/** How long the broker may take to write what it has to say. */
const patienceMs = 4_000;
const lookEveryMs = 100;
/** When the expected lines are there, others of the same ending may still be on their way: it must be quiet for so long. */
const quietMs = 300;

export interface LogJoin {
  readonly log: BrokerLog;
  readonly trace: Trace;
  readonly catalogue: readonly Reason[];
  /** The reasons that are waited for, for some seconds. */
  readonly expects: readonly string[];
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}

/** Rejects with the signal's reason when it is aborted. */
export async function joinLog({ log, trace, catalogue, expects, secrets, signal }: LogJoin): Promise<void> {
  const connections = [...foldConnections(trace.events).values()];
  const until = Date.now() + patienceMs;
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
    const complete = expects.every((id) => found.has(id)) && Date.now() - grownAt >= quietMs;
    if (complete || Date.now() > until) {
      for (const event of events) trace.append(event);
      return;
    }
    await wait(lookEveryMs, undefined, { signal });
  }
}

/**
 * The records that belong to a connection: they name the tap's port towards the broker, or are written by the process
 * that a record which does so names. Ports differ where an address translation stands between us and the broker.
 */
function recordsOf(connection: Connection, records: readonly LogRecord[]): LogRecord[] {
  const port = connection.local?.match(/:(\d+)$/)?.[1];
  if (!port) return [];
  const named = `:${port} -> `;
  const pids = new Set<string>();
  return records.filter((record) => {
    const names = record.text.includes(named);
    if (names && record.pid) pids.add(record.pid);
    return names || (record.pid !== '' && pids.has(record.pid));
  });
}

function loggedEvent(
  connection: string,
  record: LogRecord,
  file: string,
  catalogue: readonly Reason[],
  secrets: readonly string[],
): NewEvent {
  const finding = findingOf(record, catalogue);
  return {
    type: 'logged',
    connection,
    at: now(),
    by: 'broker',
    evidence: { from: 'log', file, line: record.line, lines: record.lines },
    level: record.level,
    text: redact(record.text, secrets),
    ...(record.at !== undefined && { loggedAt: record.at }),
    ...(finding && { reason: { id: finding.reason, values: finding.values } }),
  };
}
