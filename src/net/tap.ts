// A loopback port that stands for the broker. Forward first, copy second: a fault of the decoder never touches the pipe.
//
//   client ══TCP══► tap ══TCP/TLS══► broker
//            data: write, pause while the other side is full, resume on drain
//            FIN : end() the other side, keep reading from it (half-open)
//            RST : flush what came before, then RST the other side

import { createServer, type Server, type Socket } from 'node:net';
import type { Direction } from '../core/event';
import type { Trace } from '../core/trace';
import type { BrokerAddress } from './broker';
import { dial } from './dial';
import { howEnded } from './ending';
import { createStory, type Story } from './wire';

export interface Tap {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Resolves once every connection that was opened so far is over. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface TapOptions {
  readonly broker: BrokerAddress;
  readonly trace: Trace;
  readonly signal: AbortSignal;
  /** Gives the next connection its id. */
  readonly nextId: () => string;
}

export async function openTap({ broker, trace, signal, nextId }: TapOptions): Promise<Tap> {
  const open = new Set<Promise<void>>();
  const closing = new AbortController();
  const stop = AbortSignal.any([signal, closing.signal]);
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    const done = serve(client, createStory(nextId(), trace), broker, stop).finally(() => open.delete(done));
    open.add(done);
  });
  const port = await listenOnLoopback(server);
  return {
    host: '127.0.0.1',
    port,
    settled: async () => {
      while (open.size > 0) await Promise.all(open);
    },
    close: async () => {
      closing.abort();
      await new Promise<void>((done) => server.close(() => done()));
      await Promise.all(open);
    },
  };
}

function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

async function serve(client: Socket, story: Story, to: BrokerAddress, signal: AbortSignal): Promise<void> {
  // A client that leaves while we dial is noticed once its bytes are read.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  const broker = await dial(to, story.tell, signal);
  if (!broker || signal.aborted) {
    broker?.destroy();
    client.resetAndDestroy();
    story.over(signal.aborted ? 'tool' : undefined);
    return;
  }
  const cancelled = (): void => {
    story.over('tool');
    client.destroy();
    broker.destroy();
  };
  signal.addEventListener('abort', cancelled, { once: true });
  await Promise.all([pipe(client, broker, 'toBroker', story), pipe(broker, client, 'toClient', story)]);
  signal.removeEventListener('abort', cancelled);
  story.over();
}

/** Resolves when `from` is closed. */
function pipe(from: Socket, to: Socket, direction: Direction, story: Story): Promise<void> {
  const sender = direction === 'toBroker' ? 'client' : 'broker';
  return new Promise((done) => {
    from.on('data', (chunk: Buffer) => {
      if (to.writable && !to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
      story.bytes(direction, chunk);
    });
    const reset = (): void => {
      // Where the other side is destroyed already, this is the echo of its own end.
      if (!to.destroyed) story.ended(sender, 'rst');
      flushThenReset(to);
      from.destroy();
    };
    from.on('end', () => {
      if (howEnded(from) === 'rst') return reset();
      story.ended(sender, 'fin');
      to.end();
    });
    // Every error of an established socket means that its peer is gone without a FIN: ECONNRESET, EPIPE, ETIMEDOUT.
    from.on('error', reset);
    from.once('close', () => done());
    from.resume();
  });
}

/** What was sent before a RST is delivered before it. */
function flushThenReset(socket: Socket): void {
  const reset = (): void => void socket.resetAndDestroy();
  if (socket.destroyed) return;
  if (socket.writableFinished || socket.writableLength === 0) reset();
  else if (socket.writableEnded) socket.once('finish', reset);
  else socket.write('', reset);
}
