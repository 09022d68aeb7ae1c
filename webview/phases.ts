// The phases of a connection as parts of one bar: how wide each is, and where it stopped. Pure.

import { phases, type Connection, type Phase } from '../src/core/connection';
import type { Micros } from '../src/core/event';
import { duration, limit } from '../src/core/time';

export type PhaseStanding = 'done' | 'now' | 'stopped' | 'ahead';

export interface PhasePart {
  readonly phase: Phase;
  readonly standing: PhaseStanding;
  readonly us: number;
  /** A share of the bar; the shares add up to whatever they add up to. */
  readonly weight: number;
  /** "header · 10.0 s of 10 s" */
  readonly label: string;
}

/** A logarithm, squared: 0.4 ms stays visible beside 10 s, and 10 s still looks long. */
export function weightOf(us: number): number {
  return 2 + Math.log10(1 + Math.max(0, us) / 100) ** 2;
}

const weightAhead = 2.4;

/** TLS is a phase of those connections that have it; the others do not lack it. */
const expected = phases.filter((phase) => phase !== 'tls');

export function phaseParts(connection: Connection, now: Micros, handshakeTimeoutMs: number): readonly PhasePart[] {
  const stoppedAt = stoppedPhase(connection);
  const over = connection.closed !== undefined || connection.failed !== undefined;
  const parts: PhasePart[] = connection.spans.map(({ phase, from, to }) => {
    const us = Math.max(0, (to ?? (over ? connection.lastAt : now)) - from);
    const standing = phase === stoppedAt ? 'stopped' : to === undefined && !over ? 'now' : 'done';
    const allowed =
      standing === 'done' || phase === 'running' ? '' : handshakeShare(connection, phase, handshakeTimeoutMs);
    return { phase, standing, us, weight: weightOf(us), label: `${phase} · ${duration(us)}${allowed}` };
  });
  const last = connection.spans.at(-1)?.phase;
  const reached = last === undefined ? -1 : phases.indexOf(last);
  for (const phase of expected) {
    if (phases.indexOf(phase) > reached) {
      parts.push({ phase, standing: 'ahead', us: 0, weight: weightAhead, label: `${phase} · not reached` });
    }
  }
  return parts;
}

/** The phase that a connection did not get out of as it should; undefined while it lives and where it closed well. */
export function stoppedPhase(connection: Connection): Phase | undefined {
  if (!connection.closed && !connection.failed) return undefined;
  const last = connection.spans.at(-1)?.phase;
  if (last !== 'closing') return last;
  return connection.closing?.code === 200 ? undefined : connection.spans.at(-2)?.phase;
}

/** The broker's limit is on the whole handshake: it is named only where one phase ate nearly all of it. */
function handshakeShare(connection: Connection, phase: Phase, handshakeTimeoutMs: number): string {
  const handshake: readonly Phase[] = ['header', 'login', 'tune', 'open'];
  const span = connection.spans.find((candidate) => candidate.phase === phase);
  if (!span || !handshake.includes(phase) || connection.openedAt !== undefined) return '';
  const us = (span.to ?? connection.lastAt) - span.from;
  return us >= handshakeTimeoutMs * 900 ? ` of ${limit(handshakeTimeoutMs)}` : '';
}
