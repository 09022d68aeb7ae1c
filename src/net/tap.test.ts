// The tap is a faithful pipe: bytes, FIN, RST and back-pressure pass in both directions.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LifecycleEvent } from '../core/event';
import { createTrace, type Trace } from '../core/trace';
import { howEnded } from './ending';
import { openTap, type Tap } from './tap';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

interface World {
  readonly tap: Tap;
  readonly trace: Trace;
  readonly client: Socket;
  readonly broker: Socket;
  readonly cancel: AbortController;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({ close: () => server.close() });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

function tapTo(host: string, port: number, cancel = new AbortController()) {
  const trace = createTrace({ broker: 'test', title: 'test', handshakeTimeoutMs: 10_000 });
  let connections = 0;
  const tapping = openTap({
    broker: { host, port, tls: false, vhost: '/', user: 'guest' },
    trace,
    signal: cancel.signal,
    nextId: () => `c${++connections}`,
  });
  return tapping.then((tap) => {
    opened.push(tap);
    return { tap, trace, cancel };
  });
}

async function join(): Promise<World> {
  const server = createServer({ allowHalfOpen: true });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { tap, trace, cancel } = await tapTo('127.0.0.1', await listen(server));
  const client = connect({ host: '127.0.0.1', port: tap.port, allowHalfOpen: true });
  const [broker] = await accepted;
  while (!trace.events.some(({ type }) => type === 'connected')) await wait(1);
  for (const socket of [client, broker]) {
    socket.on('error', () => undefined);
    opened.push({ close: () => socket.destroy() });
  }
  return { tap, trace, client, broker, cancel };
}

async function textFrom(socket: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += String((await once(socket, 'data'))[0]);
  return text;
}

const kinds = (trace: Trace): string[] =>
  trace.events.map((e: LifecycleEvent) =>
    e.type === 'ended' || e.type === 'closed' ? `${e.by} ${e.type} ${e.how}` : e.type,
  );

const endings = (trace: Trace): string[] => kinds(trace).filter((kind) => /ended|closed/.test(kind));

describe('between a client and a broker', () => {
  test('it tells resolve, dial and connect, with its own port towards the broker', async () => {
    const { trace, broker } = await join();
    expect(kinds(trace)).toEqual(['resolving', 'resolved', 'dialing', 'connected']);
    expect(trace.events[3]).toMatchObject({ local: `127.0.0.1:${broker.remotePort}` });
  });

  test('a FIN of the client leaves the other direction open', async () => {
    const { trace, tap, client, broker } = await join();
    broker.resume();
    client.end('last words');
    await once(broker, 'end');
    const heard = textFrom(client, 6);
    broker.end('answer');
    expect(await heard).toBe('answer');
    client.resume();
    await tap.settled();
    expect(endings(trace)).toEqual(['client ended fin', 'broker ended fin', 'client closed ended']);
  });

  test('a RST of the broker reaches the client as a RST, after the bytes before it', async () => {
    const { trace, tap, client, broker } = await join();
    const heard = textFrom(client, 5);
    const ended = new Promise((done) => {
      client.once('end', () => done(howEnded(client)));
      client.once('error', () => done('rst'));
    });
    broker.write('bytes', () => broker.resetAndDestroy());
    expect(await heard).toBe('bytes');
    expect(await ended).toBe('rst');
    client.destroy();
    await tap.settled();
    expect(endings(trace)).toEqual(['broker ended rst', 'broker closed reset']);
  });

  test('a RST of the client reaches the broker as a RST', async () => {
    const { trace, tap, client, broker } = await join();
    const reset = once(broker, 'error') as Promise<[NodeJS.ErrnoException]>;
    client.resetAndDestroy();
    expect((await reset)[0].code).toBe('ECONNRESET');
    await tap.settled();
    expect(endings(trace)).toEqual(['client ended rst', 'client closed reset']);
  });

  test('a RST in answer to a FIN is told as both, and the FIN came first', async () => {
    const { trace, tap, client, broker } = await join();
    broker.on('end', () => broker.resetAndDestroy());
    broker.resume();
    client.end();
    await tap.settled();
    expect(endings(trace)).toEqual(['client ended fin', 'broker ended rst', 'client closed ended']);
  });

  test('any bytes pass unchanged in both directions', async () => {
    const { client, broker } = await join();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919 + (i >> 8)) & 0xff));
    const received: Buffer[] = [];
    broker.on('data', (chunk: Buffer) => received.push(chunk));
    broker.on('end', () => broker.end(Buffer.concat(received)));
    const echoed: Buffer[] = [];
    client.on('data', (chunk: Buffer) => echoed.push(chunk));
    client.end(bytes);
    await once(client, 'end');
    expect(Buffer.concat(echoed).equals(bytes)).toBe(true);
  });

  test('a reader that stops reading stops the sender', async () => {
    const { client, broker } = await join();
    broker.pause();
    const chunk = Buffer.alloc(1 << 20);
    let sent = 0;
    while (client.write(chunk) && sent < 512) sent++;
    for (let i = 0; i < 256; i++) client.write(chunk);
    await wait(300);
    const stuck = client.writableLength;
    expect(stuck).toBeGreaterThan(128 << 20);
    broker.resume();
    await once(client, 'drain');
    expect(client.writableLength).toBe(0);
  });

  test('cancelling ends both sides and says that the tool did it', async () => {
    const { trace, tap, client, broker, cancel } = await join();
    const gone = Promise.all([client, broker].map((socket) => new Promise((done) => socket.once('close', done))));
    client.resume();
    broker.resume();
    broker.on('end', () => broker.end());
    client.on('end', () => client.end());
    cancel.abort();
    await gone;
    await tap.settled();
    expect(kinds(trace).at(-1)).toBe('tool closed reset');
  });
});

describe('towards a broker that is not there', () => {
  const cases = [
    { what: 'a port that nobody listens on', host: '127.0.0.1', code: /^ECONNREFUSED$/, step: 'dial' },
    {
      what: 'a name that does not resolve',
      host: 'no-such-host.invalid',
      code: /^(ENOTFOUND|EAI_AGAIN)$/,
      step: 'resolve',
    },
  ];
  test.each(cases)('$what is told as failed, and the client is reset', async ({ host, code, step }) => {
    const closed = createServer();
    const port = await listen(closed);
    closed.close();
    const { tap, trace } = await tapTo(host, port);
    const client = connect({ host: '127.0.0.1', port: tap.port });
    await once(client, 'error');
    await tap.settled();
    expect(trace.events.at(-1)).toMatchObject({ type: 'failed', step, code: expect.stringMatching(code) });
  });
});
