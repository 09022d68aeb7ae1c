// Frames against bytes that were checked by hand, and every method there and back with generated arguments.

import { describe, expect, it } from 'vitest';
import { hex } from '../../core/bytes';
import {
  createFrameReader,
  encodeContent,
  encodeHeartbeat,
  encodeMethod,
  methods,
  protocolHeader,
  replyName,
  type AmqpFrame,
} from './codec';
import { generateArgs, generateProperties, random } from './generated.fixture';

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from((text.replaceAll(' ', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));

const read = (...parts: readonly Uint8Array[]): AmqpFrame[] => {
  const reader = createFrameReader();
  return parts.flatMap((part) => reader.push(part));
};

describe('frames checked by hand', () => {
  const known: readonly (readonly [string, Uint8Array, string])[] = [
    ['a protocol header', protocolHeader, '414d5150 00 00 09 01'],
    ['a heartbeat', encodeHeartbeat(), '08 0000 00000000 ce'],
    [
      'tune',
      encodeMethod(0, 'connection.tune', { 'channel-max': 2047, 'frame-max': 131072, heartbeat: 60 }),
      '01 0000 0000000c 000a001e 07ff 00020000 003c ce',
    ],
    [
      'tune-ok with a heartbeat of 5',
      encodeMethod(0, 'connection.tune-ok', { 'channel-max': 2047, 'frame-max': 131072, heartbeat: 5 }),
      '01 0000 0000000c 000a001f 07ff 00020000 0005 ce',
    ],
    [
      'open of the vhost /',
      encodeMethod(0, 'connection.open', { 'virtual-host': '/' }),
      '01 0000 00000008 000a0028 012f 00 00 ce',
    ],
    ['channel.open', encodeMethod(1, 'channel.open'), '01 0001 00000005 0014000a 00 ce'],
    ['channel.open-ok', encodeMethod(1, 'channel.open-ok'), '01 0001 00000008 0014000b 00000000 ce'],
    [
      'close with a code and a text',
      encodeMethod(0, 'connection.close', { 'reply-code': 200, 'reply-text': 'OK' }),
      '01 0000 0000000d 000a0032 00c8 024f4b 0000 0000 ce',
    ],
    [
      'queue.declare with its five bits in one octet',
      encodeMethod(2, 'queue.declare', { queue: 'q', durable: true, 'auto-delete': true }),
      '01 0002 0000000d 0032000a 0000 0171 0a 00000000 ce',
    ],
    [
      'start-ok with a table in a table',
      encodeMethod(0, 'connection.start-ok', {
        'client-properties': { capabilities: { 'basic.nack': true } },
        mechanism: 'PLAIN',
        response: '\0u\0p',
        locale: 'en_US',
      }),
      `01 0000 0000003b 000a000b
       0000001f 0c6361706162696c6974696573 46 0000000d 0a62617369632e6e61636b 74 01
       05504c41494e 00000004 00750070 05656e5f5553 ce`.replaceAll('\n', ''),
    ],
  ];
  it.each(known)('%s', (_name, bytes, expected) => expect(hex(bytes)).toBe(expected.replace(/\s/g, '')));

  it('content: its properties are flagged from the highest bit down, its body split to frame-max', () => {
    const frames = encodeContent(1, { 'content-type': 'text/plain', 'delivery-mode': 2 }, fromHex('6162636465'), 8 + 3);
    expect(frames.map(hex)).toEqual([
      '02 0001 0000001a 003c 0000 0000000000000005 9000 0a746578742f706c61696e 02 ce'.replaceAll(' ', ''),
      '03 0001 00000003 616263 ce'.replaceAll(' ', ''),
      '03 0001 00000002 6465 ce'.replaceAll(' ', ''),
    ]);
  });

  it('an empty body has a header alone', () => {
    expect(encodeContent(1, {}, new Uint8Array(), 0).map(hex)).toEqual([
      '02 0001 0000000e 003c 0000 0000000000000000 0000 ce'.replaceAll(' ', ''),
    ]);
  });
});

it('a field says where in the frame it stands', () => {
  const [frame] = read(
    encodeMethod(0, 'connection.start-ok', {
      'client-properties': { product: 'x', capabilities: { nack: true } },
      mechanism: 'PLAIN',
      response: 'secret',
      locale: 'en_US',
    }),
  );
  expect(frame?.kind === 'method' && frame.fields).toEqual([
    { name: 'client-properties', value: '2 entries', offset: 11, length: 43 },
    { name: 'client-properties.product', value: 'x', offset: 15, length: 14 },
    { name: 'client-properties.capabilities', value: '1 entry', offset: 29, length: 25 },
    { name: 'client-properties.capabilities.nack', value: 'true', offset: 47, length: 7 },
    { name: 'mechanism', value: 'PLAIN', offset: 54, length: 6 },
    { name: 'response', value: '••••••', offset: 60, length: 10 },
    { name: 'locale', value: 'en_US', offset: 70, length: 6 },
  ]);
});

describe('every method goes there and back', () => {
  it.each(methods.map((method) => [method.name, method] as const))('%s', (name, method) => {
    const next = random(method.classId * 1000 + method.methodId);
    for (let round = 0; round < 50; round += 1) {
      const channel = next(0x10000);
      const { args, expected } = generateArgs(next, method.fields);
      const bytes = encodeMethod(channel, name, args);
      expect(read(bytes)).toMatchObject([{ kind: 'method', channel, name, args: expected, length: bytes.length }]);
    }
  });

  it('content properties', () => {
    const next = random(60);
    for (let round = 0; round < 500; round += 1) {
      const { args, expected } = generateProperties(next);
      const body = Uint8Array.from({ length: next(40) }, () => next(256));
      const frames = read(...encodeContent(3, args, body, 8 + 1 + next(20)));
      expect(frames[0]).toMatchObject({ kind: 'content-header', channel: 3, bodySize: body.length });
      expect(frames[0]?.kind === 'content-header' && frames[0].properties).toEqual(expected);
      const bodies = frames.slice(1).flatMap((frame) => (frame.kind === 'content-body' ? [...frame.payload] : []));
      expect(bodies).toEqual([...body]);
    }
  });
});

describe('a mistake of ours is a RangeError', () => {
  const mistakes: readonly (readonly [string, () => unknown])[] = [
    ['an unknown method', () => encodeMethod(0, 'connection.tuned')],
    ['an unknown argument', () => encodeMethod(0, 'connection.tune', { heartBeat: 5 })],
    ['a number too large for its field', () => encodeMethod(0, 'connection.tune', { heartbeat: 65536 })],
    ['a negative number', () => encodeMethod(0, 'connection.tune', { heartbeat: -1 })],
    ['a text for a number', () => encodeMethod(0, 'connection.tune', { heartbeat: 'five' })],
    ['a number for a text', () => encodeMethod(0, 'connection.open', { 'virtual-host': 1 })],
    ['a number for a bit', () => encodeMethod(0, 'connection.open', { insist: 1 })],
    ['bytes for a table', () => encodeMethod(0, 'connection.start', { 'server-properties': new Uint8Array(1) })],
    ['a short string of 256 bytes', () => encodeMethod(0, 'connection.open', { 'virtual-host': 'v'.repeat(256) })],
    ['a channel of 17 bits', () => encodeMethod(65536, 'channel.open')],
    ['a function in a table', () => encodeMethod(0, 'connection.start', { 'server-properties': { f: () => {} } })],
    ['a frame-max without room for a byte', () => encodeContent(1, {}, new Uint8Array(1), 8)],
  ];
  it.each(mistakes)('%s', (_name, make) => expect(make).toThrow(RangeError));

  it('but a reply-text that is too long is cut between characters', () => {
    const [frame] = read(encodeMethod(0, 'connection.close', { 'reply-text': 'é'.repeat(200) }));
    expect(frame).toMatchObject({ args: { 'reply-text': 'é'.repeat(127) } });
  });
});

it('reply codes have the names that RabbitMQ writes', () => {
  expect([320, 403, 530, 541, 999].map(replyName)).toEqual([
    'CONNECTION_FORCED',
    'ACCESS_REFUSED',
    'NOT_ALLOWED',
    'INTERNAL_ERROR',
    undefined,
  ]);
});

const answers = (name: string) => methods.find((method) => method.name === name)?.answeredBy;

it('methods know what answers them', () => {
  expect(answers('basic.get')).toEqual(['basic.get-ok', 'basic.get-empty']);
  expect(answers('connection.update-secret')).toEqual(['connection.update-secret-ok']);
  expect(answers('basic.publish')).toEqual([]);
});
