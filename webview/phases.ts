// The phases of a connection as parts of one bar: how wide each is, and where it stopped. Pure.

import { phases, type Connection, type Phase } from '../src/core/connection';
import type { Micros } from '../src/core/event';
import { seconds } from '../src/core/print';
import { duration, limit } from '../src/core/time';

/** `after`: what still happened, once it had stopped. */
export type PhaseStanding = 'done' | 'now' | 'stopped' | 'after' | 'ahead';

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
  // A FIN or a RST out of the blue is no phase: nobody was closing.
  const spans = connection.spans.filter(({ phase }) => phase !== 'closing' || connection.closing !== undefined);
  const reached = spans.findLast(({ phase }) => phase !== 'closing');
  const parts: PhasePart[] = spans.map(({ phase, from, to }) => {
    const us = Math.max(0, (to ?? (over ? connection.lastAt : now)) - from);
    const standing = standingOf(phase, stoppedAt, to === undefined && !over);
    const share = standing === 'stopped' ? handshakeShare(phase, us, handshakeTimeoutMs) : '';
    const time = us < 1_000_000 ? duration(us) : seconds(us / 1000);
    return { phase, standing, us, weight: weightOf(us), label: `${phase} · ${time}${share}` };
  });
  for (const phase of expected) {
    const missing = !parts.some((part) => part.phase === phase) && !(over && phase === 'closing');
    if (missing && phases.indexOf(phase) > (reached ? phases.indexOf(reached.phase) : -1)) {
      parts.push({ phase, standing: 'ahead', us: 0, weight: weightAhead, label: `${phase} · not reached` });
    }
  }
  return parts.sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
}

function standingOf(phase: Phase, stoppedAt: Phase | undefined, open: boolean): PhaseStanding {
  if (phase === stoppedAt) return 'stopped';
  if (open) return 'now';
  return stoppedAt !== undefined && phases.indexOf(phase) > phases.indexOf(stoppedAt) ? 'after' : 'done';
}

/** The phase that a connection did not get out of as it should; undefined while it lives and where it closed well. */
export function stoppedPhase(connection: Connection): Phase | undefined {
  if (!connection.closed && !connection.failed) return undefined;
  const last = connection.spans.at(-1)?.phase;
  if (last !== 'closing') return last;
  return connection.closing?.code === 200 ? undefined : connection.spans.at(-2)?.phase;
}

/** The broker's limit is on the whole handshake: it is named only where one phase ate nearly all of it. */
function handshakeShare(phase: Phase, us: number, handshakeTimeoutMs: number): string {
  const handshake: readonly Phase[] = ['header', 'login', 'tune', 'open'];
  if (!handshake.includes(phase) || us < handshakeTimeoutMs * 900) return '';
  return ` of ${limit(handshakeTimeoutMs)}`;
}

export interface PhaseLabel {
  readonly text: string;
  /** Set from the right edge of its part, to stay within the bar. */
  readonly end: boolean;
}

/** An average character of the label's font, in pixels. */
const characterPx = 6.6;

/**
 * The labels that there is room for, in a bar of `width` pixels with `gap` between its parts. The phase where it stands
 * or stopped, else the longest, is named in any case and may overhang; the others give way, and of one kind all are
 * named or none.
 */
export function phaseLabels(parts: readonly PhasePart[], width: number, gap: number): readonly PhaseLabel[] {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const free = width - gap * (parts.length - 1);
  let left = 0;
  const places = parts.map(({ weight }) => {
    const place = { left, room: (free * weight) / weights };
    left += place.room + gap;
    return place;
  });
  const textPx = (text: string): number => text.length * characterPx;
  const standing = parts.findIndex((part) => part.standing === 'stopped' || part.standing === 'now');
  const at = standing >= 0 ? standing : longest(parts);
  const main = parts[at];
  const mainPlace = places[at];
  const end = main !== undefined && mainPlace !== undefined && mainPlace.left + textPx(main.label) > width;
  const from = mainPlace ? (end ? mainPlace.left + mainPlace.room - textPx(main?.label ?? '') : mainPlace.left) : 0;
  const to = from + (main ? textPx(main.label) : 0);
  const covered = parts.map((_, index) => {
    const place = places[index];
    return main !== undefined && place !== undefined && place.left < to + gap && place.left + place.room > from - gap;
  });
  const fits = (index: number, text: string): boolean => textPx(text) <= (places[index]?.room ?? 0);
  const crowded = new Set(
    parts.filter(({ phase }, index) => index !== at && !covered[index] && !fits(index, phase)).map((p) => p.standing),
  );
  return parts.map((part, index) => {
    if (index === at) return { text: part.label, end };
    if (covered[index] || crowded.has(part.standing)) return { text: '', end: false };
    return { text: part.standing !== 'ahead' && fits(index, part.label) ? part.label : part.phase, end: false };
  });
}

function longest(parts: readonly PhasePart[]): number {
  return parts.reduce((best, { us }, at) => (us > (parts[best]?.us ?? -1) ? at : best), 0);
}
