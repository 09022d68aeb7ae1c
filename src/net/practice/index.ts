// The practice broker: speaks AMQP 0-9-1 and writes its log as RabbitMQ does, without being RabbitMQ. Loopback only.

import type { Broker } from '../broker';
import { openLog, createPids } from './log';
import { listen } from './listener';
import { defaultUsers, type PracticeUser } from './access';
import type { Store } from './queues';
import { createVhost } from './vhost';

export type { Permissions, PracticeUser } from './access';

export interface PracticeBrokerOptions {
  /** The path of the log: created where it is missing, else appended to. */
  readonly log: string;
  /** 0 takes any that is free. */
  readonly port?: number;
  readonly handshakeTimeoutMs?: number;
  /** How long a client waits that failed to log in or broke the protocol. RabbitMQ's 3 seconds by default. */
  readonly silentCloseMs?: number;
  /** What it proposes; the client decides. */
  readonly heartbeatS?: number;
  readonly frameMax?: number;
  readonly channelMax?: number;
  /** By name. guest with the password guest by default. */
  readonly users?: Readonly<Record<string, PracticeUser>>;
  readonly vhosts?: readonly string[];
}

export interface PracticeBroker {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The path of its log. */
  readonly log: string;
  /** Ends all connections, and resolves when the last word is in the log. */
  stop(): Promise<void>;
}

/** Rejects when the log cannot be opened or the port is taken, with the `code` of the system. */
export async function startPracticeBroker(options: PracticeBrokerOptions): Promise<PracticeBroker> {
  const log = await openLog(options.log);
  const nextPid = createPids();
  const store: Store = {
    bytes: 0,
    position: 0,
    overflowed: ({ name }) =>
      log.write('warning', nextPid(), `practice broker: queue '${name}' is full and loses its oldest messages`),
  };
  const users = Object.entries(options.users ?? defaultUsers).map(([name, user]) => [name, { name, ...user }] as const);
  const listener = await listen(options.port ?? 0, {
    settings: {
      handshakeTimeoutMs: options.handshakeTimeoutMs ?? 10_000,
      silentCloseMs: options.silentCloseMs ?? 3_000,
      heartbeatS: options.heartbeatS ?? 60,
      frameMax: options.frameMax ?? 131_072,
      channelMax: options.channelMax ?? 2_047,
    },
    log,
    nextPid,
    users: new Map(users),
    vhosts: new Map((options.vhosts ?? ['/']).map((name) => [name, createVhost(name, store)])),
  }).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  return {
    host: '127.0.0.1',
    port: listener.port,
    log: options.log,
    async stop() {
      await listener.close();
      await log.close();
    },
  };
}

/** The practice broker as a scenario dials it. */
export function targetOf({ host, port, log }: PracticeBroker, name: string, handshakeTimeoutMs: number): Broker {
  const { guest } = defaultUsers;
  return {
    name,
    host,
    port,
    tls: false,
    vhost: '/',
    user: 'guest',
    password: guest.password,
    log,
    practice: true,
    handshakeTimeoutMs,
  };
}
