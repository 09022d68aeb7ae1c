// The practice broker's port, on loopback and nowhere else.

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { BrokerState } from './connection';
import { serve, type Reader } from './reader';

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
const mostConnections = 256;

/** Rejects when the port is taken. */
export async function listen(port: number, broker: BrokerState): Promise<Listener> {
  const readers = new Map<Socket, Reader>();
  // Half-open: a client's FIN is answered by the reader, with its log line and a RST.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // Gone already, before we looked: there is no address left to name it by.
    if (socket.remotePort === undefined) {
      socket.destroy();
      return;
    }
    readers.set(
      socket,
      serve(socket, broker, () => readers.delete(socket)),
    );
  });
  server.maxConnections = mostConnections;
  server.listen({ port, host: loopback });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  const self = broker.nextPid();
  const where = `listening on ${loopback}:${address.port}`;
  broker.log.write('info', self, `practice broker of the RabbitMQ Connection Debugger; not RabbitMQ; ${where}`);
  return {
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const reader of readers.values()) reader.stop();
      await closed;
      broker.log.write('info', self, `practice broker stopped on ${loopback}:${address.port}`);
    },
  };
}
