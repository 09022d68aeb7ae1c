// Resolve → TCP → TLS, each step told to the trace.

import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { EventBody } from '../core/event';
import type { BrokerAddress } from './broker';
import { now } from './clock';

export type Tell = (body: EventBody, by?: 'client' | 'tool') => void;

const attemptMs = 10_000;

/** The socket towards the broker, or undefined when it could not be had: then `failed` has been told. */
export async function dial(to: BrokerAddress, tell: Tell, signal: AbortSignal): Promise<Socket | undefined> {
  const addresses = await resolve(to.host, tell);
  let last: { code: string; text: string } | undefined;
  for (const [index, address] of addresses.entries()) {
    if (signal.aborted) return undefined;
    tell({ type: 'dialing', address, port: to.port }, 'client');
    try {
      const socket = await connectTo(address, to.port, tell, signal);
      return to.tls ? await secure(socket, to, tell, signal) : socket;
    } catch (error) {
      last = failureOf(error);
      const next = addresses[index + 1];
      if (next) tell({ type: 'note', text: `${address} failed (${last.code}); trying ${next}` });
    }
  }
  if (last && !signal.aborted) tell({ type: 'failed', step: 'dial', ...last });
  return undefined;
}

async function resolve(host: string, tell: Tell): Promise<string[]> {
  tell({ type: 'resolving', host }, 'client');
  const from = now();
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    tell({ type: 'resolved', addresses, tookUs: now() - from });
    return addresses;
  } catch (error) {
    tell({ type: 'failed', step: 'resolve', ...failureOf(error) });
    return [];
  }
}

function connectTo(address: string, port: number, tell: Tell, signal: AbortSignal): Promise<Socket> {
  const from = now();
  return new Promise((done, fail) => {
    const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true });
    const give = (error: Error): void => {
      socket.destroy();
      signal.removeEventListener('abort', abort);
      fail(error);
    };
    const abort = (): void => give(new Error('cancelled'));
    const slow = setTimeout(
      () => give(Object.assign(new Error('no answer in 10 s'), { code: 'ETIMEDOUT' })),
      attemptMs,
    );
    socket.once('close', () => clearTimeout(slow));
    socket.once('error', give);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      clearTimeout(slow);
      signal.removeEventListener('abort', abort);
      socket.off('error', give);
      tell({
        type: 'connected',
        local: endpoint(socket.localAddress, socket.localPort),
        remote: endpoint(address, port),
        tookUs: now() - from,
      });
      done(socket);
    });
  });
}

function secure(plain: Socket, to: BrokerAddress, tell: Tell, signal: AbortSignal): Promise<TLSSocket | undefined> {
  const from = now();
  return new Promise((done) => {
    const socket = connectTls({ socket: plain, servername: to.host });
    const fail = (error: Error): void => {
      socket.destroy();
      if (!signal.aborted) tell({ type: 'failed', step: 'tls', ...failureOf(error) });
      done(undefined);
    };
    const abort = (): void => fail(new Error('cancelled'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
      const { name } = socket.getCipher();
      tell({ type: 'secured', version: socket.getProtocol() ?? '', cipher: name, tookUs: now() - from });
      done(socket);
    });
  });
}

/** `127.0.0.1:5672`, `[::1]:5672`: as RabbitMQ writes it into its log. */
function endpoint(address: string | undefined, port: number | undefined): string {
  const bare = (address ?? '?').replace(/^::ffff:(?=\d+\.)/, '');
  return `${bare.includes(':') ? `[${bare}]` : bare}:${port ?? '?'}`;
}

export function failureOf(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', text: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return { code, text: error.message };
}
