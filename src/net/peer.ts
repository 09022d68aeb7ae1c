// A bare speaker of AMQP 0-9-1 frames: does what a scenario says, also what no client library would.

import { connect, type Socket } from 'node:net';
import { howEnded } from './ending';
import {
  createFrameReader,
  encodeHeartbeat,
  encodeMethod,
  encodePlain,
  protocolHeader,
  type Args,
} from '../protocols/amqp091/codec';

export interface Received {
  readonly name: string;
  readonly channel: number;
  readonly args: Args;
}

export interface LoginOptions {
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
  /** Seconds; 0 disables. Undefined takes what the broker offers. */
  readonly heartbeatS?: number;
  /** Connection capabilities that the peer claims. */
  readonly capabilities?: Readonly<Record<string, boolean>>;
}

export interface Peer {
  send(bytes: Uint8Array): void;
  header(): void;
  method(channel: number, name: string, args?: Args): void;
  heartbeat(): void;
  /** The next method of this name; frames before it are passed over. Rejects when the connection ends first. */
  receive(name: string): Promise<Received>;
  /** Header and start-ok. Resolves once they are sent. */
  login(options: LoginOptions): Promise<void>;
  /** The whole opening handshake, to open-ok. */
  open(options: LoginOptions): Promise<void>;
  fin(): void;
  reset(): void;
  /** How the broker ended the connection. Resolves when it has, also after `fin` or `reset`. */
  readonly ended: Promise<'fin' | 'rst'>;
}

export function connectPeer(port: number, signal: AbortSignal): Promise<Peer> {
  return new Promise((done, fail) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true, signal });
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      done(speak(socket));
    });
  });
}

function speak(socket: Socket): Peer {
  const reader = createFrameReader();
  const inbox: Received[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const wake = (): void => {
    for (const look of waiting) look();
  };
  const ended = new Promise<'fin' | 'rst'>((done) => {
    const end = (how: 'fin' | 'rst'): void => {
      over = true;
      wake();
      done(how);
    };
    socket.on('end', () => end(howEnded(socket)));
    socket.on('error', () => end('rst'));
    socket.on('close', () => end('rst'));
  });
  socket.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) if (frame.kind === 'method') inbox.push(frame);
    wake();
  });

  const receive = (name: string): Promise<Received> =>
    new Promise((done, fail) => {
      const look = (): void => {
        const at = inbox.findIndex((received) => received.name === name);
        const found = inbox[at];
        if (!found && !over) return;
        waiting.delete(look);
        if (!found) return fail(new PeerGone(name));
        inbox.splice(0, at + 1);
        done(found);
      };
      waiting.add(look);
      look();
    });

  const send = (bytes: Uint8Array): void => {
    if (socket.writable) socket.write(bytes);
  };
  const method = (channel: number, name: string, args?: Args): void => send(encodeMethod(channel, name, args));

  const login = async ({ user, password, capabilities = {} }: LoginOptions): Promise<void> => {
    send(protocolHeader);
    await receive('connection.start');
    method(0, 'connection.start-ok', {
      'client-properties': { product: 'RabbitMQ Connection Debugger', connection_name: 'bare peer', capabilities },
      mechanism: 'PLAIN',
      response: encodePlain(user, password),
      locale: 'en_US',
    });
  };

  return {
    send,
    method,
    receive,
    login,
    ended,
    header: () => send(protocolHeader),
    heartbeat: () => send(encodeHeartbeat()),
    fin: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    async open(options) {
      await login(options);
      const { args } = await receive('connection.tune');
      method(0, 'connection.tune-ok', {
        ...args,
        ...(options.heartbeatS !== undefined && { heartbeat: options.heartbeatS }),
      });
      method(0, 'connection.open', { 'virtual-host': options.vhost });
      await receive('connection.open-ok');
    },
  };
}

/** The broker ended the connection while the peer still waited for a method: an ending like any other. */
export class PeerGone extends Error {
  override readonly name = 'PeerGone';

  constructor(awaited: string) {
    super(`the connection ended before ${awaited} came`);
  }
}
