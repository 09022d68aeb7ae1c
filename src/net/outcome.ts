// What a run came to: the reasons that were found, and whether they are the ones that the scenario declared.

import { foldConnections, type Connection } from '../core/connection';
import { diagnose, whereStopped } from '../core/diagnose';
import type { Reason } from '../core/reason';
import type { Trace } from '../core/trace';
import type { Broker } from './broker';
import type { Scenario } from './stage';

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

export function outcomeOf(scenario: Scenario, broker: Broker, trace: Trace, catalogue: readonly Reason[]): Outcome {
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
    const where =
      broker.log === undefined
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
    return `${came}, instead of: ${missing.map(titleOf).join(', ')}.`;
  }
}

function foundReasons(connection: Connection, catalogue: readonly Reason[]): FoundReason[] {
  const logged = connection.logged.flatMap(({ reason }) =>
    reason ? [{ reason: reason.id, from: 'log' as const, connection: connection.id }] : [],
  );
  const seen = diagnose({ ...connection, logged: [] }, catalogue);
  return seen ? [...logged, { reason: seen.reason, from: 'wire', connection: connection.id }] : logged;
}
