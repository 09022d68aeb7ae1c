// The deadline that runs, or the one that was missed, in figures and in words. Pure.

import type { Connection } from '../src/core/connection';
import { deadlineOf, type Deadline } from '../src/core/deadline';
import type { LifecycleEvent, Micros } from '../src/core/event';
import { allowed, seconds } from '../src/core/print';
import { limit } from '../src/core/time';

export interface MissedDeadline {
  readonly deadline: Deadline;
  readonly at: Micros;
}

/** The broker's clock starts a little before or after ours; so much does not matter. */
const toleranceUs = 50_000;
/** A handshake takes milliseconds: its deadline is worth a look only when it does not. */
const handshakeShownAfterUs = 400_000;

/** Whether the broker's ending of a connection came because a deadline had run out. `before` is as it was then. */
export function missedBy(
  before: Connection,
  event: LifecycleEvent,
  handshakeTimeoutMs: number,
): MissedDeadline | undefined {
  if (event.type !== 'ended' || event.by !== 'broker') return undefined;
  const deadline = deadlineOf(before, handshakeTimeoutMs);
  return deadline && event.at >= deadline.from - toleranceUs ? { deadline, at: event.at } : undefined;
}

export interface DeadlineView {
  readonly standing: 'calm' | 'near' | 'due' | 'missed';
  /** How much of the bar is gone, 0 to 1. */
  readonly gone: number;
  /** Where the window begins in which the broker gives up, 0 to 1. It ends with the bar; 1 where there is none. */
  readonly windowFrom: number;
  readonly rule: string;
  readonly state: string;
  /** How long until the broker must have given up. */
  readonly leftMs: number;
}

/** Undefined where there is nothing to run out, or nothing worth a look yet. */
export function deadlineView(deadline: Deadline, now: Micros, missedAt?: Micros): DeadlineView | undefined {
  const silentUs = Math.max(0, (missedAt ?? now) - deadline.since);
  if (deadline.rule === 'handshake' && missedAt === undefined && silentUs < handshakeShownAfterUs) return undefined;
  const allUs = deadline.to - deadline.since;
  const fromUs = deadline.from - deadline.since;
  const half = silentUs * 2 >= fromUs;
  const standing = missedAt !== undefined ? 'missed' : silentUs >= fromUs ? 'due' : half ? 'near' : 'calm';
  const windowText = allowed(fromUs / 1000, allUs / 1000);
  const handshake = deadline.rule === 'handshake';
  return {
    standing,
    gone: Math.min(1, silentUs / allUs),
    windowFrom: fromUs / allUs,
    rule: `the broker gives up ${handshake ? `${limit(allUs / 1000)} after TCP connect` : `${windowText} of silence`}`,
    state: stateText(standing, handshake, silentUs / 1000),
    leftMs: Math.max(0, (deadline.to - now) / 1000),
  };
}

function stateText(standing: DeadlineView['standing'], handshake: boolean, silentMs: number): string {
  if (standing === 'missed') return `gave up after ${seconds(silentMs)}`;
  return handshake ? `${seconds(silentMs)} gone` : `silent for ${seconds(silentMs)}`;
}
