// Bytes → frames, cut as rabbit_reader's handle_input cuts them: it looks at a frame's size before its payload is there.
//
//   handshake ──8 bytes──► frame_header ──7 bytes──► {frame_payload,Type,Channel,Size} ──Size+1 bytes──► frame_header

import { concat, viewOf } from '../../core/bytes';
import { createFrameReader, frameOverhead, methods, type Args } from '../../protocols/amqp091/codec';
import type { FailedMethod } from './replies';

/** A frame by its outside. `whole` has its seven bytes of head, its payload and its end. */
export interface RawFrame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Uint8Array;
  readonly whole: Uint8Array;
}

export type Cut =
  | { readonly kind: 'frame'; readonly frame: RawFrame }
  | {
      readonly kind: 'too-large';
      readonly type: number;
      readonly channel: number;
      readonly size: number;
      readonly most: number;
    }
  | { readonly kind: 'bad-end'; readonly frame: RawFrame; readonly marker: number };

export interface FrameCutter {
  push(chunk: Uint8Array): void;
  /** The protocol header, once. */
  header(): Uint8Array | undefined;
  /** The next frame; undefined while it is not all there. Nothing is cut after a frame that is too large. */
  next(frameMax: number): Cut | undefined;
  /** What the reader waits for, as the term in a handshake timeout says it. */
  readonly awaits: string;
}

const headLength = 7;
const headerLength = 8;
const frameEnd = 0xce;
/** Clients that count a frame's overhead wrongly are let through: FRAME_SIZE_FUDGE. */
const fudge = 8;

export function createFrameCutter(): FrameCutter {
  let held: Uint8Array[] = [];
  let length = 0;
  let greeted = false;
  let lost = false;

  const join = (): Uint8Array => {
    const whole = concat(held);
    held = [whole];
    return whole;
  };
  const drop = (count: number): void => {
    held = [join().subarray(count)];
    length -= count;
  };
  const head = () => {
    if (length < headLength) return undefined;
    const view = viewOf(join());
    return { type: view.getUint8(0), channel: view.getUint16(1), size: view.getUint32(3) };
  };
  /** Joins the pieces of a frame only once: a frame that comes byte by byte costs no more than one that comes whole. */
  let size: ReturnType<typeof head>;

  return {
    push(chunk) {
      held.push(Uint8Array.from(chunk));
      length += chunk.length;
    },
    header() {
      if (greeted || length < headerLength) return undefined;
      greeted = true;
      const header = Uint8Array.from(join().subarray(0, headerLength));
      drop(headerLength);
      return header;
    },
    next(frameMax) {
      size ??= head();
      if (!size || lost) return undefined;
      const { type, channel, size: payloadSize } = size;
      const most = frameMax - frameOverhead;
      if (frameMax !== 0 && payloadSize > most + fudge) {
        lost = true;
        return { kind: 'too-large', type, channel, size: payloadSize, most };
      }
      const total = payloadSize + frameOverhead;
      if (length < total) return undefined;
      const whole = join().subarray(0, total);
      const frame = { type, channel, whole, payload: whole.subarray(headLength, headLength + payloadSize) };
      drop(total);
      size = undefined;
      const marker = whole[total - 1] ?? 0;
      return marker === frameEnd ? { kind: 'frame', frame } : { kind: 'bad-end', frame, marker };
    },
    get awaits() {
      if (!greeted) return 'handshake';
      return size ? `{frame_payload,${size.type},${size.channel},${size.size}}` : 'frame_header';
    },
  };
}

export const frameTypes = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;

/** A frame by what it says, as far as rabbit_command_assembler's analyze_frame tells frames apart. */
export type Frame =
  | { readonly kind: 'method'; readonly method: FailedMethod; readonly args: Args }
  | { readonly kind: 'undecodable-method'; readonly method: FailedMethod; readonly fields: Uint8Array }
  | { readonly kind: 'unknown-method'; readonly classId: number; readonly methodId: number }
  | {
      readonly kind: 'content-header';
      readonly classId: number;
      readonly bodySize: number;
      /** Undefined where they cannot be decoded. */
      readonly properties: Args | undefined;
      readonly whole: Uint8Array;
    }
  | { readonly kind: 'content-body'; readonly payload: Uint8Array }
  | { readonly kind: 'heartbeat' }
  /** What RabbitMQ calls an error: an unknown type, or a payload too short for its type. */
  | { readonly kind: 'unknown' };

/** What cannot be decoded of these may hold a password all the same, and errors show what cannot be decoded. */
const secretMethods = new Set(['connection.start-ok', 'connection.secure-ok', 'connection.update-secret']);

export function createFrameDecoder(): (raw: RawFrame) => Frame {
  const reader = createFrameReader();
  return ({ type, payload, whole }) => {
    const view = viewOf(payload);
    switch (type) {
      case frameTypes.method: {
        if (payload.length < 4) return { kind: 'unknown' };
        const [classId, methodId] = [view.getUint16(0), view.getUint16(2)];
        const name = methods.find((method) => method.classId === classId && method.methodId === methodId)?.name;
        if (name === undefined) return { kind: 'unknown-method', classId, methodId };
        const method = { name, classId, methodId };
        const decoded = reader.push(whole)[0];
        if (decoded?.kind === 'method') return { kind: 'method', method, args: decoded.args };
        const fields = secretMethods.has(name) ? new Uint8Array() : payload.subarray(4);
        return { kind: 'undecodable-method', method, fields };
      }
      case frameTypes.header: {
        // Class, weight, size of the body, property flags.
        if (payload.length < 14) return { kind: 'unknown' };
        const decoded = reader.push(whole)[0];
        return {
          kind: 'content-header',
          classId: view.getUint16(0),
          bodySize: Number(view.getBigUint64(4)),
          properties: decoded?.kind === 'content-header' ? decoded.properties : undefined,
          whole,
        };
      }
      case frameTypes.body:
        return { kind: 'content-body', payload };
      case frameTypes.heartbeat:
        return { kind: payload.length === 0 ? 'heartbeat' : 'unknown' };
      default:
        return { kind: 'unknown' };
    }
  };
}
