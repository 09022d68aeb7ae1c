// The stage of a run: amqplib and the bare peer, dialled through the tap.

import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectAmqp, type ChannelModel } from 'amqplib';
import type { Trace } from '../core/trace';
import type { Broker } from './broker';
import { now } from './clock';
import { failureOf } from './dial';
import { connectPeer } from './peer';
import type { Stage } from './stage';
import type { Tap } from './tap';

/** How many connections have reached the broker, or failed to. */
function dialed(trace: Trace): number {
  return trace.events.filter(({ type }) => type === 'connected' || type === 'failed').length;
}

export function createStage(tap: Tap, broker: Broker, trace: Trace, signal: AbortSignal): Stage {
  const note = (text: string): void => {
    const connection = trace.events.at(-1)?.connection ?? 'c1';
    trace.append({ type: 'note', text, connection, at: now(), by: 'tool', evidence: { from: 'scenario' } });
  };
  return {
    vhost: broker.vhost,
    user: broker.user,
    password: broker.password,
    handshakeTimeoutMs: broker.handshakeTimeoutMs,
    signal,
    note,
    async peer() {
      const before = dialed(trace);
      const peer = await connectPeer(tap.port, signal);
      await new Promise<void>((done) => {
        const look = (): void => {
          if (dialed(trace) === before && !signal.aborted) return;
          stop();
          signal.removeEventListener('abort', look);
          done();
        };
        const stop = trace.listen(look);
        signal.addEventListener('abort', look);
        look();
      });
      return peer;
    },
    sleep: async (ms) => void (await wait(ms, undefined, { signal })),
    async amqplib(options = {}): Promise<ChannelModel> {
      const model = await connectAmqp(
        {
          protocol: 'amqp',
          hostname: tap.host,
          port: tap.port,
          username: broker.user,
          password: broker.password,
          vhost: broker.vhost,
          ...options,
        },
        { clientProperties: { connection_name: 'amqplib' } },
      ).catch((error: unknown) => {
        // When the broker was not reached, the tap has turned the client away: what it says of that says nothing.
        if (trace.events.at(-1)?.type !== 'failed') note(`amqplib gives up: ${failureOf(error).text}`);
        throw new ClientGaveUp();
      });
      // Without a listener, an 'error' of the connection would end the process; the tap has told it already.
      model.on('error', (error) => note(`amqplib: ${failureOf(error).text}`));
      return model;
    },
  };
}

/** A client library's own end of the story: it has been told. */
export class ClientGaveUp extends Error {
  override readonly name = 'ClientGaveUp';
}
