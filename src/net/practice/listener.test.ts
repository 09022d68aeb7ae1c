// The broker as a whole: where it listens, how much it takes, how it stops.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from 'node:net';
import { once } from 'node:events';
import { concat } from '../../core/bytes';
import { encodeContent, encodeMethod, protocolHeader } from '../../protocols/amqp091/codec';
import { calm, guest, startTestBroker, type TestBroker } from './brokerForTests.fixture';

test('a client that does not read is not answered beyond what it takes', async () => {
  const broker = await startTestBroker(calm);
  const size = 1024 * 1024;
  const gets = 60;
  const socket = connect({ port: broker.port, host: broker.host });
  await once(socket, 'connect');
  socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  const [header, ...bodies] = encodeContent(1, {}, new Uint8Array(size), 131_072);
  socket.write(
    concat([
      protocolHeader,
      encodeMethod(0, 'connection.start-ok', { mechanism: 'PLAIN', response: '\0guest\0guest' }),
      encodeMethod(0, 'connection.tune-ok', { 'channel-max': 10, 'frame-max': 131_072 }),
      encodeMethod(0, 'connection.open', { 'virtual-host': '/' }),
      encodeMethod(1, 'channel.open'),
      encodeMethod(1, 'queue.declare', { queue: 'large', exclusive: true }),
      encodeMethod(1, 'basic.publish', { 'routing-key': 'large' }),
      header ?? new Uint8Array(),
      ...bodies,
      ...Array.from({ length: gets }, (_, index) =>
        concat([
          encodeMethod(1, 'basic.get', { queue: 'large' }),
          encodeMethod(1, 'basic.reject', { 'delivery-tag': index + 1, requeue: true }),
        ]),
      ),
    ]),
  );
  await new Promise((done) => setTimeout(done, 300));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * size);
  let received = 0;
  await new Promise<void>((done) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > gets * size) done();
    });
    socket.resume();
  });
  socket.destroy();
  await broker.stop();
});

describe('the broker itself', () => {
  let broker: TestBroker;
  beforeAll(async () => void (broker = await startTestBroker(calm)));
  afterAll(() => broker.stop());

  test('listens on loopback only, and a taken port is an error', async () => {
    expect(broker.host).toBe('127.0.0.1');
    await expect(startTestBroker({ port: broker.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const elsewhere = connect({ host: '127.0.0.2', port: broker.port });
    await expect(once(elsewhere, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('takes 256 connections and no more', async () => {
    const own = await startTestBroker(calm);
    const peers = [];
    for (let count = 0; count < 256; count++) peers.push(await own.peer());
    const last = await own.peer();
    expect(await last.ended).toBeDefined();
    peers[0]?.header();
    await peers[0]?.receive('connection.start');
    await own.stop();
  });

  test('stops with a word to those who are connected', async () => {
    const own = await startTestBroker(calm);
    const peer = await own.peer();
    await peer.open(guest);
    const told = peer.receive('connection.close');
    await own.stop();
    expect((await told).args['reply-code']).toBe(320);
  });
});
