// Every way that an open connection ends, as the bare socket and the log tell it.

import { describe, expect, test } from 'vitest';
import { encodeMethod } from '../../protocols/amqp091/codec';
import type { Peer } from '../peer';
import { calm, closing, guest, startTestBroker, story } from './brokerForTests.fixture';

const whole = `${closing} - bare peer, vhost: '/', user: 'guest')`;

describe('on an open connection', () => {
  const opened = (peer: Peer) => peer.open(guest);
  const ended = async (act: (peer: Peer) => unknown, until = closing): Promise<string[]> =>
    story(
      until,
      async (peer) => {
        await opened(peer);
        await act(peer);
        expect(await peer.ended).toBe('rst');
      },
      { ...calm, silentCloseMs: 100 },
    );

  test('a polite close gets its close-ok, and still a RST in the end', async () => {
    const log = await ended(async (peer) => {
      peer.method(0, 'connection.close', { 'reply-code': 200, 'reply-text': 'bye' });
      await peer.receive('connection.close-ok');
      peer.fin();
    });
    expect(log.slice(1)).toEqual([
      '[info] <pid> connection <pid> (A -> B) has a client-provided name: bare peer',
      "[debug] <pid> User 'guest' authenticated successfully by backend rabbit_auth_backend_internal",
      "[info] <pid> connection <pid> (A -> B - bare peer): user 'guest' authenticated and granted access to vhost '/'",
      `[info] <pid> ${whole}`,
    ]);
  });

  test('a FIN without a close is unexpected', async () => {
    const log = await ended((peer) => peer.fin());
    expect(log.slice(-2)).toEqual([
      `[warning] <pid> ${whole}:`,
      '[warning] <pid> client unexpectedly closed TCP connection',
    ]);
  });

  test('a RST is logged as a FIN is', async () => {
    const log = await story(
      'unexpectedly',
      async (peer) => {
        await opened(peer);
        peer.reset();
      },
      calm,
    );
    expect(log.at(-1)).toBe('[warning] <pid> client unexpectedly closed TCP connection');
  });

  test('silence beyond the heartbeats is an error that names neither user nor vhost', async () => {
    const log = await story(
      'missed',
      async (peer) => {
        await peer.open({ ...guest, heartbeatS: 1 });
        const started = performance.now();
        expect(await peer.ended).toBe('rst');
        const silentMs = performance.now() - started;
        expect(silentMs).toBeGreaterThan(1_900);
        expect(silentMs).toBeLessThan(4_000);
      },
      calm,
    );
    expect(log.slice(-2)).toEqual([
      `[error] <pid> ${closing} - bare peer):`,
      '[error] <pid> missed heartbeats from client, timeout: 1s',
    ]);
  });

  const hard =
    "Error on AMQP connection <pid> (A -> B - bare peer, vhost: '/', user: 'guest', state: running), channel";
  const frame = (type: number, channel: number, payload: readonly number[], end = 0xce): Uint8Array =>
    Uint8Array.of(type, 0, channel, 0, 0, 0, payload.length, ...payload, end);

  test.each<[string, (peer: Peer) => void, number, number, string, string]>([
    [
      'an unknown frame type',
      (p) => p.send(frame(99, 1, [97, 98])),
      1,
      501,
      'FRAME_ERROR - type 99, all octets = <<"ab">>: unknown_frame',
      'operation none caused a connection exception frame_error: "type 99, all octets = <<\\"ab\\">>: unknown_frame"',
    ],
    [
      'a heartbeat on a channel',
      (p) => p.send(frame(8, 1, [])),
      1,
      505,
      'UNEXPECTED_FRAME - type 8, all octets = <<>>',
      'operation none caused a connection exception unexpected_frame: "type 8, all octets = <<>>"',
    ],
    [
      'a second tune-ok',
      (p) => p.method(0, 'connection.tune-ok'),
      0,
      504,
      'CHANNEL_ERROR - unexpected method in connection state running',
      'operation connection.tune_ok caused a connection exception channel_error: "unexpected method in connection state running"',
    ],
    [
      'a channel that is not open',
      (p) => p.method(1, 'basic.qos'),
      1,
      504,
      "CHANNEL_ERROR - expected 'channel.open'",
      'operation basic.qos caused a connection exception channel_error: "expected \'channel.open\'"',
    ],
    [
      'a body without a method',
      (p) => p.send(frame(3, 1, [1])),
      1,
      505,
      'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
      'operation none caused a connection exception unexpected_frame: "expected method frame, got non method frame instead"',
    ],
    [
      'a method in place of a content',
      (p) => {
        p.method(1, 'channel.open');
        p.method(1, 'basic.publish');
        p.method(1, 'channel.open');
      },
      1,
      505,
      'UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead',
      'operation basic.publish caused a connection exception unexpected_frame: "expected content header for class 60, got non content header frame instead"',
    ],
    [
      'arguments that cannot be decoded',
      (p) => p.send(frame(1, 1, [0, 20, 0, 10])),
      1,
      501,
      'FRAME_ERROR - cannot decode <<>>',
      'operation channel.open caused a connection exception frame_error: "cannot decode <<>>"',
    ],
    [
      'an unknown exchange type',
      (p) => {
        p.method(1, 'channel.open');
        p.method(1, 'exchange.declare', { exchange: 'x', type: 'bogus' });
      },
      1,
      503,
      "COMMAND_INVALID - unknown exchange type 'bogus'",
      'operation exchange.declare caused a connection exception command_invalid: "unknown exchange type \'bogus\'"',
    ],
    [
      'transactions',
      (p) => {
        p.method(1, 'channel.open');
        p.method(1, 'tx.select');
      },
      1,
      540,
      'NOT_IMPLEMENTED - the practice broker has no transactions',
      'operation tx.select caused a connection exception not_implemented: "the practice broker has no transactions"',
    ],
  ])('%s is a hard error', async (_name, act, channel, code, text, logged) => {
    const log = await ended(async (peer) => {
      act(peer);
      const { args } = await peer.receive('connection.close');
      expect([args['reply-code'], args['reply-text']]).toEqual([code, text]);
      peer.method(0, 'connection.close-ok');
    });
    expect(log.slice(-3)).toEqual([
      `[error] <pid> ${hard} ${channel}:`,
      `[error] <pid>  ${logged}`,
      `[info] <pid> ${whole}`,
    ]);
  });

  test.each<[string, Uint8Array, string]>([
    ['a wrong end of a frame', frame(1, 1, [0, 20, 0, 10, 0], 65), '<<0,20,0,10,0>>: {invalid_frame_end_marker,65}'],
    ['a frame beyond frame-max', Uint8Array.of(3, 0, 1, 0, 13, 187, 160), '<<>>: {frame_too_large,900000,131064}'],
  ])('%s is told, and nothing more is read', async (_name, bytes, error) => {
    const log = await ended(async (peer) => {
      peer.send(bytes);
      const { args } = await peer.receive('connection.close');
      expect(args['reply-text']).toContain(error);
    }, 'fatal_frame_error');
    expect(log.at(-4)).toBe(`[error] <pid> ${hard} 1:`);
    expect(log.slice(-2)).toEqual([`[error] <pid> ${closing} - bare peer):`, '[error] <pid> fatal_frame_error']);
  });

  test('one channel more than was agreed is refused', async () => {
    await ended(async (peer) => {
      for (let number = 1; number <= 2048; number++) peer.method(number, 'channel.open');
      const { args } = await peer.receive('connection.close');
      expect(args['reply-text']).toBe(
        'NOT_ALLOWED - number of channels opened (2047) has reached the negotiated channel_max (2047)',
      );
      peer.method(0, 'connection.close-ok');
    });
  });

  test('an unknown method crashes the reader, as it does in RabbitMQ', async () => {
    const log = await ended((peer) => peer.send(frame(1, 1, [0, 99, 0, 99])), 'unknown_method_id');
    expect(log.at(-1)).toBe('[error] <pid>     exception exit: {unknown_method_id,{99,99}}');
  });

  test('a name that could not be sent back is refused, and the broker lives', async () => {
    await ended(async (peer) => {
      peer.method(1, 'channel.open');
      peer.method(1, 'queue.declare', { queue: new Uint8Array(255).fill(0xff) });
      const { args } = await peer.receive('connection.close');
      expect(args['reply-text']).toBe('NOT_IMPLEMENTED - a queue that is not UTF-8');
      peer.method(0, 'connection.close-ok');
    });
  });

  test('hostile bytes of every kind end the connection and nothing else', async () => {
    const broker = await startTestBroker({ ...calm, silentCloseMs: 10 });
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647);
    for (let round = 0; round < 40; round++) {
      const peer = await broker.peer();
      await opened(peer);
      peer.method(1, 'channel.open');
      const noise = encodeMethod(1, 'queue.declare', { queue: 'noise', arguments: { a: 1, b: 'text' } });
      for (let hit = 0; hit < 4; hit++) noise[random() % noise.length] = random() % 256;
      peer.send(noise);
      peer.method(0, 'connection.close');
      peer.fin();
      await peer.ended;
    }
    const survivor = await broker.peer();
    await opened(survivor);
    survivor.reset();
    await broker.stop();
  });
});
