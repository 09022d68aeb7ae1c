// Every way that a connection ends before it is open, as the bare socket and the log tell it.

import { describe, expect, test } from 'vitest';
import { connect } from 'node:net';
import { once } from 'node:events';
import { encodeMethod, protocolHeader } from '../../protocols/amqp091/codec';
import type { Peer } from '../peer';
import { calm, closing, guest, startTestBroker, story } from './brokerForTests.fixture';

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

  test('a login that cannot be decoded is not logged either', async () => {
    const log = await story(
      'handshake_error',
      async (peer) => {
        peer.header();
        await peer.receive('connection.start');
        const login = encodeMethod(0, 'connection.start-ok', { mechanism: 'PLAIN', response: '\0guest\0tops3cret' });
        // The length of the client properties, which are empty.
        login.set([0, 0, 0, 200], 11);
        peer.send(login);
        expect(await peer.ended).toBe('rst');
      },
      calm,
    );
    expect(log.join('\n')).toContain('cannot decode <<>>');
    expect(log.join('\n')).not.toMatch(new RegExp([...Buffer.from('tops')].join(',')));
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
