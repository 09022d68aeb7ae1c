// A practice broker with short patience, a bare client to provoke it, and its log without times and ids.

import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { connectPeer, type Peer } from '../peer';
import { startPracticeBroker, type PracticeBroker, type PracticeBrokerOptions } from './index';

export interface TestBroker extends PracticeBroker {
  peer(): Promise<Peer>;
  /** The log's records since the broker listens, once they hold `text`. Process ids are <pid>, ports are gone. */
  logged(text: string): Promise<string[]>;
}

export async function startTestBroker(options: Partial<PracticeBrokerOptions> = {}): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'practice-'));
  const log = join(folder, 'broker.log');
  const patience = { handshakeTimeoutMs: 150, silentCloseMs: 100 };
  const broker = await startPracticeBroker({ log, ...patience, ...options }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const lines = async (): Promise<string[]> => {
    const [, ...rest] = (await readFile(log, 'utf8')).trimEnd().split('\n');
    return rest.map((line) =>
      line
        .replace(/^\S+ \S+ /, '')
        .replace(/<0\.\d+\.0>/g, '<pid>')
        .replace(/127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+/g, 'A -> B'),
    );
  };
  return {
    ...broker,
    peer: () => connectPeer(broker.port, AbortSignal.timeout(10_000)),
    logged: (text) =>
      vi.waitFor(
        async () => {
          const found = await lines();
          if (!found.some((line) => line.includes(text))) throw new Error(`no "${text}" in:\n${found.join('\n')}`);
          return found.filter((line) => !line.includes('Closing all channels'));
        },
        { timeout: 5_000, interval: 20 },
      ),
    async stop() {
      await broker.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Patience enough for a story that opens its connection. */
export const calm = { handshakeTimeoutMs: 5_000 };

export const guest = { user: 'guest', password: 'guest', vhost: '/', heartbeatS: 0 };

/** The start of a last word in the log. */
export const closing = 'closing AMQP connection <pid> (A -> B';

/** A story on a broker of its own, as its log is the test. Returns what it logged once `until` is in it. */
export async function story(
  until: string,
  tell: (peer: Peer) => Promise<unknown>,
  options: Partial<PracticeBrokerOptions> = {},
): Promise<string[]> {
  const broker = await startTestBroker(options);
  try {
    await tell(await broker.peer());
    return await broker.logged(until);
  } finally {
    await broker.stop();
  }
}
