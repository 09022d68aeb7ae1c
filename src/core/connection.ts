// A connection is a fold of its events: how far it got, what was agreed, who ended it and how.

import type { ClosedHow, EventOf, LifecycleEvent, LooksLike, Micros, Tuning } from './event';

export const phases = ['resolve', 'tcp', 'tls', 'header', 'login', 'tune', 'open', 'running', 'closing'] as const;
export type Phase = (typeof phases)[number];

export interface PhaseSpan {
  readonly phase: Phase;
  readonly from: Micros;
  /** Undefined while the connection is still in it. */
  readonly to?: Micros;
}

type Peer = 'client' | 'broker';

export interface Connection {
  readonly id: string;
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  /** In order; the last is where it stands, or where it stopped. */
  readonly spans: readonly PhaseSpan[];
  readonly host?: string;
  readonly addresses?: readonly string[];
  readonly local?: string;
  readonly remote?: string;
  readonly connectedAt?: Micros;
  readonly greeted: boolean;
  readonly mechanism?: string;
  readonly user?: string;
  readonly clientName?: string;
  readonly vhost?: string;
  readonly product?: string;
  readonly offered?: Tuning;
  readonly agreed?: Tuning;
  readonly openedAt?: Micros;
  readonly channels: number;
  readonly operations: number;
  readonly heartbeats: Readonly<Record<Peer, number>>;
  /** When each side last sent a byte that we decoded. */
  readonly lastFrom: Readonly<Partial<Record<Peer, Micros>>>;
  readonly blocked: boolean;
  readonly closing?: { readonly by: Peer; readonly code: number; readonly text: string; readonly at: Micros };
  readonly ended: readonly { readonly by: Peer; readonly how: 'fin' | 'rst'; readonly at: Micros }[];
  readonly closed?: {
    readonly by: LifecycleEvent['by'];
    readonly how: ClosedHow;
    readonly at: Micros;
    readonly seq: number;
  };
  readonly failed?: { readonly step: string; readonly code: string; readonly text: string };
  /** The first time that a side broke the protocol. */
  readonly malformed?: { readonly by: LifecycleEvent['by']; readonly text: string; readonly looksLike: LooksLike };
  readonly refusedVersion?: string;
  readonly logged: readonly EventOf<'logged'>[];
}

/** The phase that an event of this type begins. */
const begins: Partial<Record<LifecycleEvent['type'], Phase>> = {
  resolving: 'resolve',
  dialing: 'tcp',
  connected: 'header',
  secured: 'header',
  offered: 'login',
  tuning: 'tune',
  opening: 'open',
  opened: 'running',
  closing: 'closing',
};

export function openConnection(event: LifecycleEvent): Connection {
  const empty: Connection = {
    id: event.connection,
    firstAt: event.at,
    lastAt: event.at,
    spans: [],
    greeted: false,
    channels: 0,
    operations: 0,
    heartbeats: { client: 0, broker: 0 },
    lastFrom: {},
    blocked: false,
    ended: [],
    logged: [],
  };
  return foldEvent(empty, event);
}

/** The connection after one more of its events. */
export function foldEvent(before: Connection, event: LifecycleEvent): Connection {
  const connection: Connection = { ...before, ...learn(before, event) };
  if (event.type === 'logged' || event.type === 'note') return connection;
  const sender = event.by === 'client' || event.by === 'broker' ? event.by : undefined;
  return {
    ...connection,
    lastAt: Math.max(before.lastAt, event.at),
    spans: spansAfter(before.spans, event),
    lastFrom:
      sender && event.evidence.from === 'wire' ? { ...before.lastFrom, [sender]: event.at } : connection.lastFrom,
  };
}

function spansAfter(spans: readonly PhaseSpan[], event: LifecycleEvent): readonly PhaseSpan[] {
  const last = spans.at(-1);
  const finish = (): readonly PhaseSpan[] =>
    last && last.to === undefined ? [...spans.slice(0, -1), { ...last, to: event.at }] : spans;
  if (event.type === 'closed' || event.type === 'failed') return finish();
  const phase = begins[event.type];
  if (!phase || (last && phases.indexOf(phase) <= phases.indexOf(last.phase))) return spans;
  return [...finish(), { phase, from: event.at }];
}

function learn(connection: Connection, event: LifecycleEvent): Partial<Connection> {
  switch (event.type) {
    case 'resolving':
      return { host: event.host };
    case 'resolved':
      return { addresses: event.addresses };
    case 'connected':
      return { local: event.local, remote: event.remote, connectedAt: event.at };
    case 'greeted':
      return event.by === 'broker' ? { refusedVersion: event.version } : { greeted: true };
    case 'offered':
      return { product: `${event.product} ${event.version}`.trim() };
    case 'authenticating':
      return {
        mechanism: event.mechanism,
        ...(event.user !== undefined && { user: event.user }),
        ...(event.clientName !== undefined && { clientName: event.clientName }),
      };
    case 'tuning':
      return { offered: tuningOf(event) };
    case 'tuned':
      return { agreed: tuningOf(event) };
    case 'opening':
      return { vhost: event.vhost };
    case 'opened':
      return { openedAt: event.at };
    case 'channelOpened':
      return { channels: connection.channels + 1 };
    case 'channelClosed':
      return { channels: Math.max(0, connection.channels - 1) };
    case 'blocked':
      return { blocked: true };
    case 'unblocked':
      return { blocked: false };
    case 'heartbeat':
      return event.by === 'client' || event.by === 'broker'
        ? { heartbeats: { ...connection.heartbeats, [event.by]: connection.heartbeats[event.by] + 1 } }
        : {};
    case 'operation':
      return { operations: connection.operations + 1 };
    case 'closing':
      return !connection.closing && (event.by === 'client' || event.by === 'broker')
        ? { closing: { by: event.by, code: event.code, text: event.text, at: event.at } }
        : {};
    case 'ended':
      return event.by === 'client' || event.by === 'broker'
        ? { ended: [...connection.ended, { by: event.by, how: event.how, at: event.at }] }
        : {};
    case 'closed':
      return { closed: { by: event.by, how: event.how, at: event.at, seq: event.seq } };
    case 'failed':
      return connection.failed ? {} : { failed: { step: event.step, code: event.code, text: event.text } };
    case 'malformed':
      return connection.malformed ? {} : { malformed: { by: event.by, text: event.text, looksLike: event.looksLike } };
    case 'logged':
      return { logged: [...connection.logged, event] };
    case 'dialing':
    case 'secured':
    case 'channelOpening':
    case 'channelClosing':
    case 'closeAgreed':
    case 'quiet':
    case 'note':
      return {};
  }
}

function tuningOf(event: Tuning): Tuning {
  return { heartbeatS: event.heartbeatS, frameMax: event.frameMax, channelMax: event.channelMax };
}

/** Every connection of a list of events, in order of appearance. */
export function foldConnections(events: Iterable<LifecycleEvent>): ReadonlyMap<string, Connection> {
  const connections = new Map<string, Connection>();
  for (const event of events) {
    const before = connections.get(event.connection);
    connections.set(event.connection, before ? foldEvent(before, event) : openConnection(event));
  }
  return connections;
}

export function lasted(connection: Connection): number {
  return (connection.closed?.at ?? connection.lastAt) - (connection.connectedAt ?? connection.firstAt);
}
