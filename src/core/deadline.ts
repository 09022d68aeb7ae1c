// The clocks that run against a connection, and when each runs out.

import type { Connection } from './connection';
import type { Micros } from './event';

export interface Deadline {
  readonly rule: 'handshake' | 'heartbeat';
  /** Who must act before it runs out. The broker counts its own delays too: its timer runs to open-ok. */
  readonly waitingFor: 'client' | 'broker';
  /** The last byte of the side that is waited for; TCP connect where there was none. */
  readonly since: Micros;
  /** The broker gives up no earlier than this … */
  readonly from: Micros;
  /** … and no later than this. */
  readonly to: Micros;
}

/**
 * RabbitMQ's receiver looks every `heartbeatS` seconds whether bytes have come, and gives up at the second look in a
 * row that finds none: between two and three timeouts after the last byte (rabbit_heartbeat.erl, heartbeater/2).
 */
export function heartbeatWindow(heartbeatS: number): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: heartbeatS * 2000, toMs: heartbeatS * 3000 };
}

/** The deadline that runs now, if any. None once the connection is closing. */
export function deadlineOf(connection: Connection, handshakeTimeoutMs: number): Deadline | undefined {
  if (connection.connectedAt === undefined || connection.closed || connection.closing) return undefined;
  if (connection.ended.length > 0 || connection.failed) return undefined;
  if (connection.openedAt === undefined) {
    const end = connection.connectedAt + handshakeTimeoutMs * 1000;
    const { client, broker } = connection.lastFrom;
    const waitingFor = client !== undefined && client >= (broker ?? 0) ? 'broker' : 'client';
    const since = connection.lastFrom[waitingFor] ?? connection.connectedAt;
    return { rule: 'handshake', waitingFor, since, from: end, to: end };
  }
  const heartbeatS = connection.agreed?.heartbeatS ?? 0;
  const since = connection.lastFrom.client;
  if (heartbeatS === 0 || since === undefined) return undefined;
  const { fromMs, toMs } = heartbeatWindow(heartbeatS);
  return { rule: 'heartbeat', waitingFor: 'client', since, from: since + fromMs * 1000, to: since + toMs * 1000 };
}
