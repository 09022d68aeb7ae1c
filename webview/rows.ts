// Events → rows of the timeline: equal neighbours folded, silences named. Pure, and grows with each event.

import type { Connection } from '../src/core/connection';
import type { EventOf, LifecycleEvent, Micros } from '../src/core/event';
import { seconds } from '../src/core/print';

export type Side = 'client' | 'broker';

export interface EventRow {
  readonly kind: 'event';
  readonly seq: number;
  readonly first: LifecycleEvent;
  /** Those that this row stands for, in order. Grows in place; the row itself is replaced. */
  readonly events: LifecycleEvent[];
  /** How often it happened: content frames belong to their method and are not counted. */
  readonly times: number;
  readonly phase: string;
}

export interface GapRow {
  readonly kind: 'gap';
  /** Of the event that it stands before. */
  readonly seq: number;
  readonly from: Micros;
  readonly us: number;
  /** Whose turn it was. */
  readonly waitingFor: Side | undefined;
  readonly text: string;
  readonly phase: string;
}

export type Row = EventRow | GapRow;

/** The rows of one connection. Grows in place, so that a long trace is never copied. */
export interface Rows {
  readonly list: Row[];
  readonly logged: EventOf<'logged'>[];
  /** When a byte or a socket last moved. */
  movedAt?: Micros;
  /** Where in `list` the silence stands that is not over. */
  openGap?: number;
}

/** Shorter silences are not worth a row. */
const gapUs = 1_000_000;

/** On an open connection, a silence within the agreed heartbeat is as agreed. */
const shownGapUs = ({ openedAt, agreed }: Connection): number =>
  openedAt === undefined ? gapUs : Math.max(gapUs, (agreed?.heartbeatS ?? 0) * 1_000_000);

export const emptyRows = (): Rows => ({ list: [], logged: [] });

/** Adds one event; `connection` as it was before it. Returns the first row that changed. */
export function addEvent(rows: Rows, event: LifecycleEvent, before: Connection | undefined): number {
  if (event.type === 'logged') {
    rows.logged.push(event);
    return rows.list.length;
  }
  const changedGap = addSilence(rows, event, before);
  const changedRow = foldInto(rows, event) ?? push(rows, event, before);
  if (moves(event)) rows.movedAt = event.at;
  return Math.min(changedGap, changedRow);
}

/** Notes and warnings tell of a silence; they do not end it. */
const moves = (event: LifecycleEvent): boolean => event.type !== 'note' && event.type !== 'quiet';

function push(rows: Rows, event: LifecycleEvent, before: Connection | undefined): number {
  rows.list.push({
    kind: 'event',
    seq: event.seq,
    first: event,
    events: [event],
    times: 1,
    phase: phaseOf(event, before),
  });
  return rows.list.length - 1;
}

function addSilence(rows: Rows, event: LifecycleEvent, before: Connection | undefined): number {
  const from = rows.movedAt;
  const us = from === undefined ? 0 : event.at - from;
  // While heartbeats pass, a silence of one side is told by the 'quiet' events; one of both sides is a gap.
  const tells =
    event.type === 'note' || event.type === 'heartbeat' || (event.type === 'quiet' && event.rule === 'heartbeat');
  const open = rows.openGap;
  if (moves(event)) delete rows.openGap;
  if (tells || !before || from === undefined || us < shownGapUs(before)) return rows.list.length;
  const { waitingFor, text } = silence(before, us);
  const row: GapRow = { kind: 'gap', seq: event.seq, from, us, waitingFor, text, phase: currentPhase(before) };
  const at = open ?? rows.list.length;
  rows.list[at] = row;
  if (!moves(event)) rows.openGap = at;
  return at;
}

/** The index of the row that the event joins, or undefined where it starts its own. */
function foldInto(rows: Rows, event: LifecycleEvent): number | undefined {
  const last = rows.list.length - 1;
  for (let at = last; at >= Math.max(0, last - 1); at--) {
    const row = rows.list[at];
    if (row?.kind !== 'event') return undefined;
    const content = isContent(event) && at === last && isOperation(row) && sameSender(row.first, event);
    if (content || joins(row, event)) {
      row.events.push(event);
      rows.list[at] = { ...row, times: content ? row.times : row.times + 1 };
      return at;
    }
    // Heartbeats of one side and warnings about the other alternate: look one row further for the partner.
    if (!alternates(event) || !alternates(row.first)) return undefined;
  }
  return undefined;
}

const alternates = (event: LifecycleEvent): boolean => event.type === 'heartbeat' || event.type === 'quiet';

function joins(row: EventRow, event: LifecycleEvent): boolean {
  const first = row.first;
  if (first.type === 'heartbeat' && event.type === 'heartbeat') return true;
  if (first.type === 'quiet' && event.type === 'quiet') return first.by === event.by && first.rule === event.rule;
  return isOperation(row) && event.type === 'operation' && !isContent(event) && sameMethod(first, event);
}

const isOperation = (row: EventRow): boolean => row.first.type === 'operation';
const sameSender = (a: LifecycleEvent, b: LifecycleEvent): boolean => a.by === b.by && a.channel === b.channel;
const sameMethod = (a: LifecycleEvent, b: LifecycleEvent): boolean =>
  sameSender(a, b) && a.frame?.method === b.frame?.method;

/** A content header or body: frames that carry the message of the method before them. */
export const isContent = (event: LifecycleEvent): boolean =>
  event.type === 'operation' && event.frame?.method.startsWith('content.') === true;

const currentPhase = (connection: Connection | undefined): string => connection?.spans.at(-1)?.phase ?? '';

/** The phase that the event itself begins is the one that it is drawn in. */
function phaseOf(event: LifecycleEvent, before: Connection | undefined): string {
  switch (event.type) {
    case 'resolving':
    case 'resolved':
      return 'resolve';
    case 'dialing':
    case 'connected':
      return 'tcp';
    case 'secured':
      return 'tls';
    case 'greeted':
      return 'header';
    case 'offered':
    case 'authenticating':
      return 'login';
    case 'tuning':
    case 'tuned':
      return 'tune';
    case 'opening':
    case 'opened':
      return 'open';
    case 'closing':
    case 'closeAgreed':
      return 'closing';
    default:
      return currentPhase(before);
  }
}

/** What a silence is about, and whose turn it was. */
export function silence(connection: Connection, us: number): { waitingFor: Side | undefined; text: string } {
  const { waitingFor, rest } = silenceReason(connection);
  return { waitingFor, text: `${seconds(us / 1000)} of silence${rest && `: ${rest}`}` };
}

function silenceReason(connection: Connection): { waitingFor: Side | undefined; rest: string } {
  if (connection.closing) return { waitingFor: undefined, rest: 'the close is under way' };
  switch (connection.spans.at(-1)?.phase) {
    case 'resolve':
      return { waitingFor: undefined, rest: 'the name is being resolved' };
    case 'tcp':
      return { waitingFor: 'broker', rest: 'nobody answers the TCP connect' };
    case 'tls':
      return { waitingFor: 'broker', rest: 'TLS is being agreed' };
    case 'header':
      return connection.greeted
        ? { waitingFor: 'broker', rest: 'the client waits for connection.start' }
        : { waitingFor: 'client', rest: 'the broker waits for the 8 bytes of the protocol header' };
    case 'login':
      return connection.mechanism === undefined
        ? { waitingFor: 'client', rest: 'the broker waits for connection.start-ok' }
        : { waitingFor: 'broker', rest: 'the client waits for the answer to its login' };
    case 'tune':
      return connection.agreed
        ? { waitingFor: 'client', rest: 'the broker waits for connection.open' }
        : { waitingFor: 'client', rest: 'the broker waits for connection.tune-ok' };
    case 'open':
      return { waitingFor: 'broker', rest: 'the client waits for connection.open-ok' };
    default:
      return { waitingFor: undefined, rest: '' };
  }
}
