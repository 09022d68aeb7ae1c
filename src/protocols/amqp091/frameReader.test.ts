// Frames out of bad, hostile and random bytes: one word on each fault, the next frame found where it can be, no throw.

import { describe, expect, it } from 'vitest';
import { concat } from '../../core/bytes';
import {
  createFrameReader,
  encodeContent,
  encodeHeartbeat,
  encodeMethod,
  protocolHeader,
  type AmqpFrame,
} from './codec';
import { amqp091 } from './decoder';
import { random } from './generated.fixture';
import { toBroker, toClient } from './session.fixture';

const heartbeat = encodeHeartbeat();
const tune = encodeMethod(0, 'connection.tune', { heartbeat: 60 });
const read = (bytes: Uint8Array): AmqpFrame[] => createFrameReader().push(bytes);
const told = (frame: AmqpFrame): string => (frame.kind === 'malformed' ? `${frame.cause}: ${frame.text}` : frame.kind);

/** A method frame with these argument bytes. */
function method(classId: number, methodId: number, ...rest: readonly number[]): Uint8Array {
  return Uint8Array.of(1, 0, 0, 0, 0, 0, rest.length + 4, 0, classId, 0, methodId, ...rest, 0xce);
}

const deepTable = (depth: number): Record<string, unknown> => (depth === 0 ? {} : { a: deepTable(depth - 1) });

/** A content header with these flags and no properties. */
const header = (flags: number): Uint8Array =>
  Uint8Array.of(2, 0, 1, 0, 0, 0, 14, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, flags >> 8, flags & 0xff, 0xce);

describe('a fault is told once', () => {
  const skipped: readonly (readonly [string, Uint8Array, string])[] = [
    ['an unknown method', method(10, 99), 'unknown-method: unknown method 10.99'],
    ['an argument cut short', method(10, 30, 0), 'undecodable: connection.tune: 2 bytes expected where 1 are left'],
    ['arguments too many', method(10, 51, 0), 'undecodable: connection.close-ok: 1 bytes more than its fields'],
    [
      'a method without ids',
      Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0xce),
      'undecodable: 2 bytes expected where 1 are left',
    ],
    [
      'a table longer than its frame',
      method(10, 11, 0xff, 0xff, 0xff, 0xff),
      'undecodable: connection.start-ok: a table of 4294967295 bytes where 0 are left',
    ],
    [
      'a table value of unknown type',
      method(10, 11, 0, 0, 0, 3, 1, 0x61, 0x3f),
      'undecodable: connection.start-ok: unknown type 0x3f in a table',
    ],
    [
      'a table value that runs out of its table',
      method(10, 11, 0, 0, 0, 4, 1, 0x61, 0x49, 0, 0, 0, 1),
      'undecodable: connection.start-ok: a table value runs past the end of its table',
    ],
    [
      'tables nested too deep',
      encodeMethod(0, 'connection.start', { 'server-properties': deepTable(40) }),
      'undecodable: connection.start: tables nested more than 32 deep',
    ],
    [
      'a heartbeat with a payload',
      Uint8Array.of(8, 0, 0, 0, 0, 0, 1, 0, 0xce),
      'undecodable: a heartbeat with a payload',
    ],
    [
      'property flags of no property',
      header(2),
      'undecodable: content header: property flags that basic does not have',
    ],
  ];
  it.each(skipped)('%s, and the next frame is read', (_name, bytes, expected) => {
    const frames = read(concat([tune, bytes, heartbeat]));
    expect(frames.map(told)).toEqual(['method', expected, 'heartbeat']);
    expect(frames[2]?.offset).toBe(tune.length + bytes.length);
  });

  const lost: readonly (readonly [string, Uint8Array, string])[] = [
    ['a wrong frame end', tune.with(-1 + tune.length, 0), 'bad-frame-end: a frame that does not end with 0xCE'],
    ['an unknown frame type', heartbeat.with(0, 4), 'unknown-frame-type: a frame of unknown type 4'],
    ['a size no frame has', Uint8Array.of(1, 0, 0, 0xff, 0, 0, 0), 'too-large: a frame that claims 4278190080 bytes'],
  ];
  it.each(lost)('%s, and what follows is ignored', (_name, bytes, expected) => {
    const reader = createFrameReader();
    expect(reader.push(concat([tune, bytes, heartbeat])).map(told)).toEqual(['method', expected]);
    expect(reader.push(concat([heartbeat, bytes]))).toEqual([]);
  });

  it('a stream that is no AMQP is judged by its first eight bytes where a header must come', () => {
    const reader = createFrameReader({ expectHeader: true });
    expect(reader.push(heartbeat.subarray(0, 7))).toEqual([]);
    const [frame] = reader.push(heartbeat.subarray(7));
    expect(frame).toMatchObject({ kind: 'malformed', cause: 'bad-header', offset: 0, length: 8, bytes: heartbeat });
  });
});

describe('bodies', () => {
  const body = Uint8Array.from({ length: 5000 }, (_, index) => index & 0xff);
  const stream = concat(encodeContent(1, {}, body, 0));

  it.each([true, false])('are known by their size, and kept only for who wants them (%s)', (keepBody) => {
    const reader = createFrameReader({ keepBody });
    const frames = [0, 1000, 2000, 3000, 4000, 5000].flatMap((at) => reader.push(stream.subarray(at, at + 1000)));
    const last = frames.at(-1);
    expect(last).toMatchObject({ kind: 'content-body', size: 5000, length: 5008 });
    expect(last?.kind === 'content-body' && last.payload).toEqual(keepBody ? body : new Uint8Array());
    expect(last?.bytes).toEqual(stream.subarray(22, 22 + 256));
  });
});

it('20 000 streams of random and mutated bytes never throw, and their events are in order', { timeout: 10_000 }, () => {
  const next = random(20_000);
  let decoded = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const isRandom = round % 4 === 0;
    const direction = round % 2 === 0 ? 'toBroker' : 'toClient';
    const source = direction === 'toBroker' ? toBroker : toClient;
    const stream = isRandom
      ? Uint8Array.from({ length: next(200) }, () => next(256))
      : source.subarray(0, 40 + next(source.length - 40)).slice();
    if (!isRandom) for (let times = 1 + next(4); times > 0; times -= 1) stream[next(stream.length)] = next(256);
    const decoder = amqp091.open(direction);
    const cut = next(stream.length);
    const events = [...decoder.push(stream.subarray(0, cut)), ...decoder.push(stream.subarray(cut))];
    let at = 0;
    decoded += events.length;
    for (const { offset, length } of events) {
      if (offset !== at) throw new Error(`round ${round}: an event at ${offset} where ${at} was read`);
      at = offset + length;
    }
    if (at > stream.length) throw new Error(`round ${round}: events past the end of the stream`);
  }
  // Most of them were more than noise.
  expect(decoded).toBeGreaterThan(50_000);
});

it('a protocol header of 0-9-1 is followed by frames', () => {
  const reader = createFrameReader({ expectHeader: true });
  expect(reader.push(concat([protocolHeader, tune])).map(told)).toEqual(['protocol-header', 'method']);
});
