// What is known of one connection while it lives, and how it speaks, logs and ends.

import type { Socket } from 'node:net';
import { encodeMethod, type Args } from '../../protocols/amqp091/codec';
import type { User } from './access';
import { dispose, type Channel, type Session } from './channel';
import type { Command } from './assembler';
import type { Frame } from './frames';
import type { Level, Log } from './log';
import { deleteQueue, type Vhost } from './vhost';

export interface BrokerSettings {
  readonly handshakeTimeoutMs: number;
  /** How long a client that broke the rules has to wait: RabbitMQ's SILENT_CLOSE_DELAY and NORMAL_TIMEOUT, both 3 s. */
  readonly silentCloseMs: number;
  readonly heartbeatS: number;
  readonly frameMax: number;
  readonly channelMax: number;
}

/** What all connections of a broker share. */
export interface BrokerState {
  readonly settings: BrokerSettings;
  readonly log: Log;
  readonly nextPid: () => string;
  readonly users: ReadonlyMap<string, User>;
  readonly vhosts: ReadonlyMap<string, Vhost>;
}

/**
 *  pre_init ──header──► starting ──start-ok──► tuning ──tune-ok──► opening ──open──► running
 *     │                    │                     │                   │                 │
 *     └──── refused ───────┴── RST after 3 s ────┘                   └── close or error┴──► closed ──► (RST)
 *
 * The names stand in the log. RabbitMQ's 'securing' is for mechanisms with a challenge, of which there are none here,
 * and its 'closing' is over at once, as our channels end at once.
 */
export type ConnectionState = 'pre_init' | 'starting' | 'tuning' | 'opening' | 'running' | 'closed';

export interface OpenChannel {
  readonly channel: Channel;
  readonly assemble: (frame: Frame) => Command | undefined;
}

export interface Connection {
  readonly broker: BrokerState;
  readonly socket: Socket;
  readonly pid: string;
  /** '127.0.0.1:52052 -> 127.0.0.1:5672' */
  readonly name: string;
  state: ConnectionState;
  /** The name with the client's own behind it: in errors only once the login succeeded, in the last words always. */
  logName: string;
  lastName: string;
  capabilities: Args;
  user?: User;
  vhost?: Vhost;
  session?: Session;
  /** Smallest of all that AMQP allows, until tune-ok. */
  frameMax: number;
  channelMax: number;
  /** How long the client has to agree to a close. */
  closeTimeoutMs: number;
  readonly channels: Map<number, OpenChannel>;
  stopHeartbeats: () => void;
  /** The bytes of contents that are not all there yet, on all channels. */
  readonly partial: { bytes: number };
  /** No more input is looked at: the connection is punished, or over. */
  deaf: boolean;
}

export const smallestFrameMax = 4096;
/** A broker waits no longer for a close-ok, whatever the heartbeat: CLOSING_TIMEOUT. */
export const longestCloseMs = 30_000;

export function createConnection(socket: Socket, broker: BrokerState): Connection {
  const name = `${socket.remoteAddress}:${socket.remotePort} -> ${socket.localAddress}:${socket.localPort}`;
  return {
    broker,
    socket,
    pid: broker.nextPid(),
    name,
    state: 'pre_init',
    logName: name,
    lastName: name,
    capabilities: {},
    frameMax: smallestFrameMax,
    channelMax: 0,
    closeTimeoutMs: broker.settings.handshakeTimeoutMs,
    channels: new Map(),
    stopHeartbeats: () => {},
    partial: { bytes: 0 },
    deaf: false,
  };
}

export function log({ broker, pid }: Connection, level: Level, text: string): void {
  broker.log.write(level, pid, text);
}

export function send(connection: Connection, channel: number, method: string, args?: Args): void {
  write(connection, encodeMethod(channel, method, args));
}

export function write({ socket }: Connection, bytes: Uint8Array): void {
  if (socket.writable) socket.write(bytes);
}

/** Ends all channels, and what is exclusive to the connection with them. */
export function closeChannels(connection: Connection): void {
  for (const { channel } of connection.channels.values()) dispose(channel);
  connection.channels.clear();
  const { vhost, session, broker, pid } = connection;
  if (!vhost || !session) return;
  const collector = broker.nextPid();
  for (const queue of vhost.queues.values()) {
    if (queue.owner !== session) continue;
    const why = `because its declaring connection ${pid} was closed`;
    broker.log.write('debug', collector, `Deleting exclusive queue '${queue.name}' in vhost '${vhost.name}' ${why}`);
    deleteQueue(vhost, queue);
  }
}
