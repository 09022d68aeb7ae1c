// The practice broker of this window: started when it is first needed, and stopped with the extension.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultHandshakeTimeoutMs } from '../core/trace';
import type { Broker } from '../net/broker';
import { practiceName } from './brokerSettings';

export interface Practice {
  /** Undefined until the broker has started. */
  readonly log: string | undefined;
  broker(): Promise<Broker>;
  stop(): Promise<void>;
}

/** `folder` takes its log. */
export function createPractice(folder: string): Practice {
  // Named as a node's log, so that VS Code opens it as a log.
  const log = join(folder, 'rabbit@practice.log');
  let started: Promise<{ readonly broker: Broker; stop(): Promise<void> }> | undefined;
  let running = false;

  async function start() {
    const [{ startPracticeBroker, targetOf }] = await Promise.all([
      import('../net/practice/index'),
      mkdir(folder, { recursive: true }),
    ]);
    const practice = await startPracticeBroker({ log });
    running = true;
    const broker = targetOf(practice, practiceName, defaultHandshakeTimeoutMs);
    return { broker, stop: () => practice.stop() };
  }

  return {
    get log() {
      return running ? log : undefined;
    },
    async broker() {
      started ??= start().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return (await started).broker;
    },
    async stop() {
      const stopping = started;
      started = undefined;
      running = false;
      await (await stopping)?.stop();
    },
  };
}
