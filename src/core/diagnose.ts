// Why a connection ended, in one verdict: from the broker's log where it is known, else from the wire.

import type { Connection } from './connection';
import type { Evidence } from './event';
import { byGravity, type Closer, type Reason, type Severity, type Sureness } from './reason';
import { duration } from './time';

export interface Verdict {
  readonly reason: string;
  readonly title: string;
  readonly sentence: string;
  readonly why: string;
  readonly severity: Severity;
  readonly closedBy: Closer;
  /** 'Connection.Close', 'FIN', 'RST' or '' where nothing was closed. */
  readonly how: string;
  readonly sure: Sureness;
  readonly check: readonly string[];
  readonly fix: readonly string[];
  readonly seenAt: string;
  readonly scenario?: string;
  /** The log line that states it. */
  readonly log?: Extract<Evidence, { from: 'log' }>;
}

/** Undefined while the connection lives and while nobody knows why it ended. */
export function diagnose(connection: Connection, catalogue: readonly Reason[]): Verdict | undefined {
  const logged = fromLog(connection, catalogue);
  if (logged) return verdictOf(connection, logged.reason, logged.sure, logged.evidence);
  if (!connection.closed && !connection.failed) return undefined;
  for (const reason of catalogue) {
    const sure = reason.wire?.(connection);
    if (sure) return verdictOf(connection, reason, sure);
  }
  return undefined;
}

function fromLog(connection: Connection, catalogue: readonly Reason[]) {
  const found = connection.logged.flatMap((event) => {
    const reason = catalogue.find(({ id }) => id === event.reason?.id);
    if (!reason?.log || event.evidence.from !== 'log') return [];
    return [{ reason, sure: reason.log.sure, evidence: event.evidence }];
  });
  const gravest = found.toSorted((a, b) => byGravity(a.reason.severity, b.reason.severity))[0];
  // What the wire proves, the log's "likely" becomes certain by.
  return gravest && gravest.reason.wire?.(connection) === 'certain'
    ? { ...gravest, sure: 'certain' as const }
    : gravest;
}

function verdictOf(
  connection: Connection,
  reason: Reason,
  sure: Sureness,
  log?: Extract<Evidence, { from: 'log' }>,
): Verdict {
  return {
    reason: reason.id,
    title: reason.title,
    sentence: reason.tell?.(connection) ?? reason.why,
    why: reason.why,
    severity: reason.severity,
    closedBy: reason.closedBy,
    how: howClosed(connection),
    sure,
    check: reason.check,
    fix: reason.fix,
    seenAt: reason.seenAt,
    ...(reason.scenario && { scenario: reason.scenario }),
    ...(log && { log }),
  };
}

/** How it ended, in the terms of the wire. */
export function howClosed(connection: Connection): string {
  switch (connection.closed?.how) {
    case 'clean':
      return 'Connection.Close';
    case 'ended':
      return 'FIN';
    case 'reset':
      return 'RST';
    case undefined:
      return '';
  }
}

/** What is known of a connection whose end has no reason in the catalogue: "it ended 12.0 s after TCP connect, in login". */
export function whereStopped(connection: Connection): string {
  if (connection.failed)
    return `${connection.failed.step} failed with ${connection.failed.code}: ${connection.failed.text}`;
  const phase = connection.spans.at(-1)?.phase;
  if (!connection.closed || connection.connectedAt === undefined)
    return phase ? `it stopped in ${phase}` : 'nothing began';
  return `it ended ${duration(connection.closed.at - connection.connectedAt)} after TCP connect, in ${phase ?? 'dialing'}`;
}
