// Every way that a connection ends, as the bare socket and the log tell it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from 'node:net';
import { once } from 'node:events';
import { encodeMethod, protocolHeader } from '../../protocols/amqp091/codec';
import type { Peer } from '../peer';
import { startTestBroker, type TestBroker } from './brokerForTests.fixture';

const guest = { user: 'guest', password: 'guest', vhost: '/', heartbeatS: 0 };
const closing = 'closing AMQP connection <pid> (A -> B';
const whole = `${closing} - bare peer, vhost: '/', user: 'guest')`;

/** A story on a broker of its own, as its log is the test. Returns what it logged once `until` is in it. */
async function story(
  until: string,
  tell: (peer: Peer, broker: TestBroker) => Promise<unknown>,
  options: Parameters<typeof startTestBroker>[0] = {},
): Promise<string[]> {
  const broker = await startTestBroker(options);
  try {
    await tell(await broker.peer(), broker);
    return await broker.logged(until);
  } finally {
    await broker.stop();
  }
}

const calm = { handshakeTimeoutMs: 5_000 };

describe('before the connection is open', () => {
  test.each<[string, (peer: Peer) => void]>([
    ['handshake', () => undefined],
    ['handshake', (peer) => peer.send(protocolHeader.subarray(0, 5))],
    ['frame_header', (peer) => peer.header()],
    [
      '{frame_payload,1,0,50}',
      (peer) => peer.send(Buffer.concat([protocolHeader, Buffer.of(1, 0, 0, 0, 0, 0, 50, 9)])),
    ],
  ])('a handshake that takes too long ends with {handshake_timeout,%s} and a RST', async (awaited, act) => {
    const log = await story('handshake_timeout', async (peer) => {
      act(peer);
      expect(await peer.ended).toBe('rst');
    });
    expect(log).toEqual([
      '[info] <pid> accepting AMQP connection <pid> (A -> B)',
      `[error] <pid> ${closing}):`,
      `[error] <pid> {handshake_timeout,${awaited}}`,
    ]);
  });

  test('a client that leaves without a byte is logged at debug only', async () => {
    const log = await story('no_data', async (peer) => {
      peer.fin();
      expect(await peer.ended).toBe('rst');
    });
    expect(log).toEqual([
      '[debug] <pid> accepting AMQP connection <pid> (A -> B)',
      `[debug] <pid> ${closing}):`,
      '[debug] <pid> connection_closed_with_no_data_received',
    ]);
  });

  test.each([
    ['GET / HTTP/1.1\r\n\r\n', '{bad_header,<<"GET / HT">>}'],
    ['AMQP\x00\x00\x09\x02', '{bad_version,{0,0,9,2}}'],
    ['AMQP\x03\x01\x00\x00', 'amqp1_0_plugin_not_enabled'],
  ])('%j is answered with the header of 0-9-1 and %s', async (header, reason) => {
    const broker = await startTestBroker(calm);
    const socket = connect({ port: broker.port, host: broker.host });
    socket.on('error', () => undefined);
    const answer = once(socket, 'data');
    socket.write(Buffer.from(header, 'latin1'));
    expect([...((await answer)[0] as Buffer)]).toEqual([...protocolHeader]);
    expect(await broker.logged(reason)).toEqual([
      '[info] <pid> accepting AMQP connection <pid> (A -> B)',
      `[error] <pid> ${closing}):`,
      `[error] <pid> ${reason}`,
    ]);
    await broker.stop();
  });

  const refused = [
    '[error] <pid> Error on AMQP connection <pid> (A -> B, state: starting):',
    "[error] <pid> PLAIN login refused: user 'guest' - invalid credentials",
    `[info] <pid> ${closing} - bare peer)`,
  ];

  test('a wrong password ends in silence, after a while, for a client that cannot be told', async () => {
    const log = await story(
      closing,
      async (peer) => {
        const started = performance.now();
        await peer.login({ ...guest, password: 'hunter2' });
        expect(await peer.ended).toBe('rst');
        expect(performance.now() - started).toBeGreaterThan(90);
        await expect(peer.receive('connection.close')).rejects.toThrow();
      },
      calm,
    );
    expect(log.slice(-3)).toEqual(refused);
    expect(log.join('\n')).not.toContain('hunter2');
  });

  test('a wrong password is told at once to a client that can be told', async () => {
    const log = await story(
      closing,
      async (peer) => {
        await peer.login({ ...guest, password: 'wrong', capabilities: { authentication_failure_close: true } });
        const { args } = await peer.receive('connection.close');
        expect(args).toEqual({
          'reply-code': 403,
          'reply-text':
            'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. ' +
            'For details see the broker logfile.',
          'class-id': 0,
          'method-id': 0,
        });
        peer.method(0, 'connection.close-ok');
        expect(await peer.ended).toBe('rst');
      },
      { ...calm, silentCloseMs: 5_000 },
    );
    expect(log.slice(-3)).toEqual(refused);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['an unknown mechanism', { mechanism: 'EXTERNAL', response: '' }, ["unknown authentication mechanism 'EXTERNAL'"]],
    ['a PLAIN response without a user', { mechanism: 'PLAIN', response: 'tops3cret' }, ['response <<', 'invalid']],
    [
      'an AMQPLAIN response of bytes',
      { mechanism: 'AMQPLAIN', response: 'tops3cret' },
      ['is missing LOGIN or PASSWORD'],
    ],
  ])('%s is a handshake_error, and its bytes are not logged', async (_name, args, parts) => {
    const log = await story(
      'handshake_error',
      async (peer) => {
        peer.header();
        await peer.receive('connection.start');
        peer.method(0, 'connection.start-ok', { locale: 'en_US', ...args });
        expect(await peer.ended).toBe('rst');
      },
      calm,
    );
    const text = log.join('\n');
    expect(text).toContain('{handshake_error,starting,0,');
    expect(text).toContain("'connection.start_ok'}}");
    for (const part of parts) expect(text).toContain(part);
    expect(text).not.toContain('tops3cret');
  });

  test('AMQPLAIN logs in', async () => {
    const log = await story('authenticated and granted', async (peer) => {
      peer.header();
      await peer.receive('connection.start');
      const table = Buffer.from('\x05LOGINS\x00\x00\x00\x05guest\x08PASSWORDS\x00\x00\x00\x05guest', 'latin1');
      peer.method(0, 'connection.start-ok', { mechanism: 'AMQPLAIN', response: table, locale: 'en_US' });
      peer.method(0, 'connection.tune-ok', (await peer.receive('connection.tune')).args);
      peer.method(0, 'connection.open', { 'virtual-host': '/' });
      await peer.receive('connection.open-ok');
    });
    expect(log).toContain(
      "[info] <pid> connection <pid> (A -> B): user 'guest' authenticated and granted access to vhost '/'",
    );
  });

  test.each([
    [{ 'frame-max': 100 }, 'negotiated frame_max = 100 is lower than the minimum allowed value (4096)'],
    [{ 'frame-max': 200_000 }, 'negotiated frame_max = 200000 is higher than the maximum allowed value (131072)'],
    [{ 'frame-max': 0 }, 'negotiated frame_max = 0 is higher than the maximum allowed value (131072)'],
    [{ 'channel-max': 65_535 }, 'negotiated channel_max = 65535 is higher than the maximum allowed value (2047)'],
    [{ 'channel-max': 0 }, 'negotiated channel_max = 0 (no limit) is higher than the maximum allowed value (2047)'],
  ])('tune-ok with %j ends without a close', async (wrong, reason) => {
    const log = await story(
      reason,
      async (peer) => {
        await peer.login(guest);
        const { args } = await peer.receive('connection.tune');
        expect(args).toEqual({ 'channel-max': 2047, 'frame-max': 131_072, heartbeat: 60 });
        peer.method(0, 'connection.tune-ok', { ...args, ...wrong });
        await expect(peer.receive('connection.close')).rejects.toThrow();
      },
      calm,
    );
    expect(log.slice(-2)).toEqual([
      `[error] <pid> ${closing} - bare peer):`,
      `[error] <pid> failed to negotiate connection parameters: ${reason}`,
    ]);
  });

  test('a vhost with a line end in its name forges no line', async () => {
    const log = await story(
      closing,
      async (peer) => {
        await peer.login(guest);
        peer.method(0, 'connection.tune-ok', { ...(await peer.receive('connection.tune')).args, heartbeat: 0 });
        peer.method(0, 'connection.open', { 'virtual-host': 'a\n2026 [error] <0.1.0> forged' });
        const { args } = await peer.receive('connection.close');
        expect([args['reply-code'], args['class-id'], args['method-id']]).toEqual([530, 10, 40]);
        peer.method(0, 'connection.close-ok');
        expect(await peer.ended).toBe('rst');
      },
      calm,
    );
    expect(log).toContain(
      "[error] <pid> Error on AMQP connection <pid> (A -> B - bare peer, user: 'guest', state: opening):",
    );
    expect(log).toContain('[error] <pid> 2026 [error] <pid> forged not found');
  });

  test.each<[string, number, string[]]>([
    ['connection.open', 0, ['{amqp_error,channel_error,', '"unexpected method in connection state starting",']],
    ['channel.open', 1, ['{amqp_error,unexpected_frame,', '"type 1, all octets = <<0,20,0,10,0>>",none}}']],
  ])('%s too early is punished', async (method, channel, parts) => {
    const log = await story(
      'handshake_error',
      async (peer) => {
        peer.header();
        peer.method(channel, method);
        expect(await peer.ended).toBe('rst');
      },
      calm,
    );
    expect(log.join('\n')).toContain(`{handshake_error,starting,${channel},`);
    for (const part of parts) expect(log.join('\n')).toContain(part);
  });
});

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
        expect(silentMs).toBeLessThan(3_300);
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

  test('stops with a word to those who are connected', async () => {
    const own = await startTestBroker(calm);
    const peer = await own.peer();
    await peer.open(guest);
    const told = peer.receive('connection.close');
    await own.stop();
    expect((await told).args['reply-code']).toBe(320);
  });
});
