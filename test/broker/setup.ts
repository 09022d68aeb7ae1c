// One real RabbitMQ for all tests of this tier, ended with them.
import type { TestProject } from 'vitest/node';
import { externalBroker, startRabbitmq } from '../world/rabbitmq.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    rabbitmq: { url: string; log: string | undefined; handshakeTimeoutMs: number };
  }
}

const handshakeTimeoutMs = 2000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = externalBroker();
  if (external) {
    project.provide('rabbitmq', { url: external.url, log: external.log, handshakeTimeoutMs: 10_000 });
    return async () => undefined;
  }
  const broker = await startRabbitmq({ handshakeTimeoutMs });
  project.provide('rabbitmq', { url: broker.url, log: broker.log, handshakeTimeoutMs });
  return () => broker.stop();
}
