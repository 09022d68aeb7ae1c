// Frames are cut alike however their bytes come, and the reader can say what it waits for.

import { describe, expect, test } from 'vitest';
import { concat } from '../../core/bytes';
import { encodeHeartbeat, encodeMethod, protocolHeader } from '../../protocols/amqp091/codec';
import { createFrameCutter, createFrameDecoder, type Cut } from './frames';

const open = encodeMethod(1, 'channel.open');
const stream = concat([protocolHeader, open, encodeHeartbeat()]);

function cutAll(chunks: readonly Uint8Array[], frameMax = 4096): (Cut | Uint8Array)[] {
  const cutter = createFrameCutter();
  const found: (Cut | Uint8Array)[] = [];
  for (const chunk of chunks) {
    cutter.push(chunk);
    const header = cutter.header();
    if (header) found.push(header);
    if (cutter.awaits === 'handshake') continue;
    for (let cut = cutter.next(frameMax); cut; cut = cutter.next(frameMax)) found.push(cut);
  }
  return found;
}

test('every split of the bytes gives the same frames', () => {
  const whole = cutAll([stream]);
  expect(whole).toHaveLength(3);
  for (let at = 1; at < stream.length; at++)
    expect(cutAll([stream.subarray(0, at), stream.subarray(at)])).toEqual(whole);
  expect(cutAll([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test.each([
  ['handshake', 7],
  ['frame_header', 8],
  ['frame_header', 8 + 6],
  ['{frame_payload,1,1,5}', 8 + 7],
  ['frame_header', 8 + 13],
])('it waits for %s after %i bytes', (awaits, count) => {
  const cutter = createFrameCutter();
  cutter.push(stream.subarray(0, count));
  cutter.header();
  cutter.next(4096);
  expect(cutter.awaits).toBe(awaits);
});

describe('a frame that is wrong', () => {
  test('is too large as soon as its size is known, and eight bytes are let through', () => {
    const head = (size: number): Uint8Array => Uint8Array.of(3, 0, 1, 0, 0, size >> 8, size & 0xff);
    expect(cutAll([protocolHeader, head(4097)])[1]).toMatchObject({ kind: 'too-large', size: 4097, most: 4088 });
    expect(cutAll([protocolHeader, head(4096)])).toHaveLength(1);
    expect(cutAll([protocolHeader, head(9000)], 0)).toHaveLength(1);
  });

  test('shows the byte that should have been its end', () => {
    const broken = open.with(open.length - 1, 65);
    expect(cutAll([protocolHeader, broken])[1]).toMatchObject({ kind: 'bad-end', marker: 65 });
  });
});

describe('a frame by what it says', () => {
  const raw = (type: number, ...payload: number[]) => {
    const bytes = Uint8Array.from(payload);
    const whole = Uint8Array.of(type, 0, 1, 0, 0, 0, payload.length, ...payload, 0xce);
    return { type, channel: 1, payload: bytes, whole };
  };

  test.each([
    ['method', raw(1, 0, 20, 0, 10, 0)],
    ['undecodable-method', raw(1, 0, 20, 0, 10)],
    ['unknown-method', raw(1, 0, 99, 0, 1)],
    ['unknown', raw(1, 0, 20)],
    ['content-header', raw(2, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['unknown', raw(2, 0, 60)],
    ['content-body', raw(3, 1, 2, 3)],
    ['heartbeat', raw(8)],
    ['unknown', raw(8, 0)],
    ['unknown', raw(99)],
  ])('is %s', (kind, frame) => {
    expect(createFrameDecoder()(frame).kind).toBe(kind);
  });
});
