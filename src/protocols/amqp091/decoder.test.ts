// What the tap is told of a connection: the whole of a real one, refusals, and never a secret.

import { describe, expect, it } from 'vitest';
import type { Direction } from '../../core/event';
import type { DecodedEvent } from '../protocol';
import { encodeAmqplain, encodeMethod, encodePlain, protocolHeader, type Args } from './codec';
import { amqp091 } from './decoder';
import { password, toBroker, toClient } from './session.fixture';

function decode(direction: Direction, ...chunks: readonly Uint8Array[]): DecodedEvent[] {
  const decoder = amqp091.open(direction);
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

const line = ({ offset, channel, body, frame }: DecodedEvent): string =>
  `${offset} ${channel ?? '-'} ${body.type}: ${frame?.method} ${frame?.text}`.trim();

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('a session between amqplib and RabbitMQ 3.10.8', () => {
  it('tells what the client said', () => {
    expect(decode('toBroker', toBroker).map(line)).toEqual([
      '0 - greeted: protocol.header AMQP 0-9-1',
      '8 - authenticating: connection.start-ok PLAIN user=orders response=••••••',
      '375 - tuned: connection.tune-ok heartbeat=1 frame-max=131072 channel-max=2047',
      '395 - opening: connection.open virtual-host=/',
      '411 1 channelOpening: channel.open',
      '424 1 operation: confirm.select',
      '437 1 operation: queue.declare queue=orders auto-delete arguments={x-max-length=10}',
      '478 1 operation: basic.publish exchange="" routing-key=orders',
      '501 1 operation: content.header 8 bytes content-type=application/json headers={attempt=1 trace="4 values"} timestamp=1700000000',
      '591 1 operation: content.body 8 bytes',
      '607 1 operation: basic.get queue=orders',
      '629 1 operation: basic.ack delivery-tag=1',
      '650 - heartbeat: heartbeat',
      '658 1 operation: queue.declare queue=missing passive durable',
      '685 - closing: connection.close 200 "Cheers, thanks"',
    ]);
  });

  it('tells what the broker said', () => {
    expect(decode('toClient', toClient).map(line)).toEqual([
      '0 - offered: connection.start RabbitMQ 3.10.8 mechanisms="AMQPLAIN PLAIN"',
      '511 - tuning: connection.tune heartbeat=60 frame-max=131072 channel-max=2047',
      '531 - opened: connection.open-ok',
      '544 1 channelOpened: channel.open-ok',
      '560 1 operation: confirm.select-ok',
      '572 1 operation: queue.declare-ok queue=orders',
      '599 1 operation: basic.ack delivery-tag=1',
      '620 1 operation: basic.get-ok delivery-tag=1 exchange="" routing-key=orders',
      '653 1 operation: content.header 8 bytes content-type=application/json headers={attempt=1 trace="4 values"} timestamp=1700000000',
      '743 1 operation: content.body 8 bytes',
      '759 - heartbeat: heartbeat',
      '767 - heartbeat: heartbeat',
      `775 1 channelClosing: channel.close 404 "NOT_FOUND - no queue 'missing' in vhost '/'" in queue.declare`,
      '837 - closeAgreed: connection.close-ok',
    ]);
  });

  it('has bodies with what the lifecycle needs', () => {
    const bodies = [...decode('toBroker', toBroker), ...decode('toClient', toClient)].map(({ body }) => body);
    expect(bodies).toContainEqual({
      type: 'authenticating',
      mechanism: 'PLAIN',
      user: 'orders',
      clientName: 'orders-worker',
    });
    expect(bodies).toContainEqual({
      type: 'offered',
      mechanisms: ['AMQPLAIN', 'PLAIN'],
      product: 'RabbitMQ',
      version: '3.10.8',
    });
    expect(bodies).toContainEqual({ type: 'tuned', heartbeatS: 1, frameMax: 131072, channelMax: 2047 });
    expect(bodies).toContainEqual({
      type: 'channelClosing',
      code: 404,
      text: "NOT_FOUND - no queue 'missing' in vhost '/'",
    });
  });

  it.each([
    ['toBroker', toBroker],
    ['toClient', toClient],
  ] as const)('%s decodes alike at every split, and byte by byte', (direction, stream) => {
    const whole = JSON.stringify(decode(direction, stream));
    for (let at = 1; at < stream.length; at += 1) {
      const split = decode(direction, stream.subarray(0, at), stream.subarray(at));
      expect(JSON.stringify(split) === whole, `split at ${at}`).toBe(true);
    }
    expect(JSON.stringify(decode(direction, ...Array.from(stream, (byte) => Uint8Array.of(byte))))).toBe(whole);
  });

  it('keeps no reference to the chunks', () => {
    const chunk = toBroker.slice();
    const events = decode('toBroker', chunk);
    const before = JSON.stringify(events);
    chunk.fill(0);
    expect(JSON.stringify(events)).toBe(before);
  });
});

const startOk = (mechanism: string, response: string | Uint8Array): Uint8Array =>
  encodeMethod(0, 'connection.start-ok', { 'client-properties': { product: 'x' }, mechanism, response });
const broken = (frame: Uint8Array, at: number, byte: number): Uint8Array =>
  frame.with(at < 0 ? frame.length + at : at, byte);

describe('a password is in no event', () => {
  const login = startOk('PLAIN', encodePlain('orders', password));

  const streams: readonly (readonly [string, Direction, readonly Uint8Array[]])[] = [
    ['PLAIN', 'toBroker', [protocolHeader, login]],
    ['AMQPLAIN', 'toBroker', [protocolHeader, startOk('AMQPLAIN', encodeAmqplain('orders', password))]],
    ['EXTERNAL with a password nobody asked for', 'toBroker', [protocolHeader, startOk('EXTERNAL', password)]],
    ['PLAIN that is malformed', 'toBroker', [protocolHeader, startOk('PLAIN', `orders\0${password}`)]],
    ['PLAIN with the password for a user', 'toBroker', [protocolHeader, startOk('PLAIN', `${password}\0`)]],
    ['a second answer', 'toBroker', [protocolHeader, encodeMethod(0, 'connection.secure-ok', { response: password })]],
    [
      'a new secret',
      'toBroker',
      [protocolHeader, encodeMethod(0, 'connection.update-secret', { 'new-secret': password })],
    ],
    ['a login with a wrong frame end', 'toBroker', [protocolHeader, broken(login, -1, 0)]],
    ['a login that is undecodable', 'toBroker', [protocolHeader, broken(login, 14, 0xff)]],
    ['a login as an unknown method', 'toBroker', [protocolHeader, broken(login, 10, 99)]],
    ['a login of unknown frame type', 'toBroker', [protocolHeader, broken(login, 0, 7)]],
    ['a login without a header', 'toBroker', [login]],
    ['a login on the wrong side', 'toClient', [login]],
    ['an HTTP request', 'toBroker', [bytes(`GET /?token=${password} HTTP/1.1\r\nAuthorization: ${password}\r\n\r\n`)]],
    ['a STOMP login', 'toBroker', [bytes(`CONNECT\nlogin:orders\npasscode:${password}\n\n\0`)]],
    [
      'an MQTT login',
      'toBroker',
      [bytes(`\u0010\u0030\0\u0004MQTT\u0004\u00c2\0\u003c\0\0\0\u0006orders\0\u000e${password}`)],
    ],
    ['the real session', 'toBroker', [toBroker]],
  ];
  // Base64 in each of its three alignments, of the part that does not depend on what stands around it.
  const encoded = [0, 1, 2].map((lead) =>
    Buffer.from(' '.repeat(lead) + password)
      .toString('base64')
      .slice(lead && 4, -4),
  );
  const shapes = [password, Buffer.from(password).toString('hex'), ...encoded];

  it.each(streams)('%s', (_name, direction, chunks) => {
    const events = decode(direction, ...chunks);
    expect(events.length).toBeGreaterThan(0);
    const shown = JSON.stringify(events);
    const fromHex = events.map(({ frame }) => Buffer.from(frame?.hex ?? '', 'hex').toString('latin1')).join('\n');
    for (const shape of shapes) {
      expect(shown).not.toContain(shape);
      expect(fromHex).not.toContain(shape);
    }
    // Nor a part of it that would do.
    expect(shown + fromHex).not.toMatch(/hunter2|s3cret/);
  });

  it('and the rest of the login is shown, its length kept', () => {
    const [, event] = decode('toBroker', protocolHeader, login);
    const shown = Buffer.from(event?.frame?.hex ?? '', 'hex');
    expect(shown.length).toBe(login.length);
    expect(shown.toString('latin1')).toContain('PLAIN');
    expect(event?.frame?.fields).toContainEqual(expect.objectContaining({ name: 'response', value: '••••••' }));
    expect(event?.frame?.fields).toContainEqual(
      expect.objectContaining({ name: 'client-properties.product', value: 'x' }),
    );
  });

  it.each(['a', 'a-much-longer-password'])('the text and the fields do not tell the length of %s', (secret) => {
    const [, event] = decode('toBroker', protocolHeader, startOk('PLAIN', encodePlain('u', secret)));
    expect(event?.frame?.text).toBe('PLAIN user=u response=••••••');
  });
});

describe('what the other side says that it is', () => {
  const cases: readonly (readonly [string, Direction, Uint8Array, object])[] = [
    ['a broker that refuses our version', 'toClient', protocolHeader, { type: 'greeted', version: '0-9-1' }],
    [
      'a broker of AMQP 1.0 alone',
      'toClient',
      Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0),
      { type: 'greeted', version: '1.0 (SASL)' },
    ],
    [
      'a client of AMQP 1.0',
      'toBroker',
      Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0),
      { type: 'malformed', text: 'a protocol header of AMQP 1.0', looksLike: 'other-amqp' },
    ],
    [
      'an HTTP server',
      'toClient',
      bytes('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n'),
      { type: 'malformed', text: 'an HTTP response ("HTTP/1.1 400 Bad Request")', looksLike: 'http' },
    ],
    [
      'a TLS port',
      'toClient',
      Uint8Array.of(0x15, 3, 3, 0, 2, 2, 0x46),
      { type: 'malformed', text: 'a TLS alert (protocol_version)', looksLike: 'tls' },
    ],
    [
      'a TLS client',
      'toBroker',
      Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3),
      { type: 'malformed', text: 'a TLS ClientHello', looksLike: 'tls' },
    ],
    [
      'an SSH server',
      'toClient',
      bytes('SSH-2.0-OpenSSH_9.2p1\r\n'),
      { type: 'malformed', text: 'an SSH greeting ("SSH-2.0-OpenSSH_9.2p1")', looksLike: 'ssh' },
    ],
  ];
  it.each(cases)('%s', (_name, direction, stream, expected) => {
    const whole = decode(direction, stream);
    expect(whole.map(({ body }) => body)).toEqual([expected]);
    for (let at = 1; at < stream.length; at += 1)
      expect(decode(direction, stream.subarray(0, at), stream.subarray(at))).toEqual(whole);
  });

  it.each([
    ['open-ok from a client', 'toBroker', encodeMethod(0, 'connection.open-ok')],
    ['tune-ok from a broker', 'toClient', encodeMethod(0, 'connection.tune-ok')],
  ] as const)('%s opens and agrees nothing', (_name, direction, frame) => {
    const events = decode(direction, ...(direction === 'toBroker' ? [protocolHeader, frame] : [frame]));
    expect(events.at(-1)?.body).toEqual({ type: 'operation' });
  });

  it.each<readonly [string, Args, object]>([
    ['connection.blocked', { reason: 'low on memory' }, { type: 'blocked', reason: 'low on memory' }],
    ['connection.unblocked', {}, { type: 'unblocked' }],
    [
      'connection.close',
      { 'reply-code': 320, 'reply-text': 'CONNECTION_FORCED - x' },
      { type: 'closing', code: 320, text: 'CONNECTION_FORCED - x' },
    ],
    ['channel.close-ok', {}, { type: 'channelClosed' }],
  ])('a broker that says %s', (method, args, expected) => {
    expect(decode('toClient', encodeMethod(0, method, args))[0]?.body).toEqual(expected);
  });

  it('text that would move a cursor or forge a line is escaped', () => {
    const [event] = decode(
      'toClient',
      encodeMethod(0, 'connection.start', { 'server-properties': { product: 'x\u001b[2J\n\u202ey' } }),
    );
    expect(event?.frame?.text).toContain('x\\u001b[2J\\u000a\\u202ey');
    expect(event?.frame?.fields[3]?.value).toBe('x\\u001b[2J\\u000a\\u202ey');
  });
});

describe('a client is recognised by its first bytes', () => {
  it.each([
    ['AMQP 0-9-1', protocolHeader, true],
    ['AMQP 0-9, which RabbitMQ takes for 0-9-1', Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 1, 1, 0, 9), true],
    ['AMQP 1.0', Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0), false],
    ['half a header', protocolHeader.subarray(0, 5), 'more'],
    ['nothing yet', new Uint8Array(), 'more'],
    ['HTTP', bytes('GET '), false],
  ] as const)('%s', (_name, first, expected) => expect(amqp091.recognises(first)).toBe(expected));
});
