// Bytes in any pieces → frames. It never throws and holds no more than the frame it is in.
//
//   opening ──8 bytes──► head ──7 bytes──► payload ──size bytes──► end ──0xCE──► head …
//      │                  │                                         │
//      └── not AMQP ──────┴── unknown type, too large ──────────────┴──► lost: all that follows is ignored

import { concat, shownBytes, viewOf } from '../../core/bytes';
import type { Field } from '../../core/event';
import { describeFirstBytes, firstBytesAreEnough } from '../firstBytes';
import { readMethod, readContentHeader } from './payload';
import { frameBody, frameEnd, frameHeader, frameHeartbeat, frameMethod } from './spec';
import { isCompatible, startsLikeAmqp, versionOf, type Version } from './version';
import { Undecodable } from './wire';

export type MalformedCause =
  'bad-header' | 'bad-frame-end' | 'unknown-frame-type' | 'unknown-method' | 'undecodable' | 'too-large';

/** What a frame says. Argument values are as they were sent, secrets included; `fields` are masked. */
export type FrameContent =
  | { readonly kind: 'protocol-header'; readonly version: Version }
  | {
      readonly kind: 'method';
      readonly channel: number;
      readonly name: string;
      readonly classId: number;
      readonly methodId: number;
      readonly args: Record<string, unknown>;
      readonly fields: readonly Field[];
    }
  | {
      readonly kind: 'content-header';
      readonly channel: number;
      readonly bodySize: number;
      readonly properties: Record<string, unknown>;
      readonly fields: readonly Field[];
    }
  /** `payload` is empty where the reader does not keep bodies. */
  | { readonly kind: 'content-body'; readonly channel: number; readonly size: number; readonly payload: Uint8Array }
  | { readonly kind: 'heartbeat'; readonly channel: number }
  | {
      readonly kind: 'malformed';
      readonly channel?: number;
      readonly cause: MalformedCause;
      readonly text: string;
    };

export type AmqpFrame = FrameContent & {
  /** Bytes from the start of this stream. */
  readonly offset: number;
  /** Of the whole frame; of a malformed one, as far as it was read. */
  readonly length: number;
  /** A copy of the frame's first bytes, at most `shownBytes`. Secrets are in it. */
  readonly bytes: Uint8Array;
};

export interface FrameReader {
  push(chunk: Uint8Array): AmqpFrame[];
}

export interface FrameReaderOptions {
  /** The stream starts with a protocol header, as a broker expects. Else one may come, and is a refusal. */
  readonly expectHeader?: boolean;
  /** False where nobody reads the bodies of contents: then only their sizes are known. */
  readonly keepBody?: boolean;
}

/** What no broker agrees to, as a frame or otherwise: RabbitMQ's messages were once at most this large. */
const largestPayload = 128 * 1024 * 1024;

const headLength = 7;
const knownTypes: readonly number[] = [frameMethod, frameHeader, frameBody, frameHeartbeat];

type Phase = 'opening' | 'head' | 'payload' | 'end' | 'lost';

export function createFrameReader({ expectHeader = false, keepBody = true }: FrameReaderOptions = {}): FrameReader {
  let phase: Phase = 'opening';
  /** Where the frame starts in the stream, how much of it was read, and the start of that. */
  let offset = 0;
  let length = 0;
  const shown = new Uint8Array(shownBytes);
  let type = 0;
  let channel = 0;
  let size = 0;
  let left = 0;
  let kept: Uint8Array[] = [];

  const show = (bytes: Uint8Array) => {
    if (length < shownBytes) shown.set(bytes.subarray(0, shownBytes - length), length);
    length += bytes.length;
  };
  const finish = (content: FrameContent, next: Phase): AmqpFrame => {
    const frame = { ...content, offset, length, bytes: shown.slice(0, Math.min(length, shownBytes)) };
    offset += length;
    length = 0;
    kept = [];
    phase = next;
    return frame;
  };
  const malformed = (cause: MalformedCause, text: string, next: Phase): AmqpFrame =>
    finish({ kind: 'malformed', ...(cause !== 'bad-header' && { channel }), cause, text }, next);

  /** The first bytes are looked at one by one, so that what we say of them does not depend on how they came. */
  function opening(byte: Uint8Array): AmqpFrame | undefined {
    show(byte);
    const start = shown.subarray(0, length);
    if (!expectHeader && length === 1 && knownTypes.includes(start[0] ?? 0)) {
      phase = 'head';
      return undefined;
    }
    // RabbitMQ too decides on eight bytes, no fewer and no more.
    const enough = expectHeader || startsLikeAmqp(start) ? length === 8 : firstBytesAreEnough(start);
    if (!enough) return undefined;
    const version = versionOf(start);
    if (!version) return malformed('bad-header', describeFirstBytes(start).text, 'lost');
    // What follows the header of another version has other frames.
    const next = !isCompatible(version) ? 'lost' : expectHeader ? 'head' : 'opening';
    return finish({ kind: 'protocol-header', version }, next);
  }

  function head(): AmqpFrame | undefined {
    const view = viewOf(shown);
    type = view.getUint8(0);
    channel = view.getUint16(1);
    size = view.getUint32(3);
    if (!knownTypes.includes(type)) return malformed('unknown-frame-type', `a frame of unknown type ${type}`, 'lost');
    if (size > largestPayload) return malformed('too-large', `a frame that claims ${size} bytes`, 'lost');
    left = size;
    phase = size === 0 ? 'end' : 'payload';
    return undefined;
  }

  function end(marker: number): AmqpFrame {
    if (marker !== frameEnd) return malformed('bad-frame-end', 'a frame that does not end with 0xCE', 'lost');
    const payload = concat(kept);
    switch (type) {
      case frameBody:
        return finish({ kind: 'content-body', channel, size, payload }, 'head');
      case frameHeartbeat:
        if (size > 0) return malformed('undecodable', 'a heartbeat with a payload', 'head');
        return finish({ kind: 'heartbeat', channel }, 'head');
      default:
        return decoded(payload);
    }
  }

  /** The frame's own bounds held, so whatever is wrong within them, the next frame is found. */
  function decoded(payload: Uint8Array): AmqpFrame {
    try {
      if (type === frameHeader) return finish({ channel, ...readContentHeader(payload, headLength) }, 'head');
      const method = readMethod(payload, headLength);
      if (method.kind === 'method') return finish({ channel, ...method }, 'head');
      return malformed('unknown-method', `unknown method ${method.classId}.${method.methodId}`, 'head');
    } catch (error) {
      if (error instanceof Undecodable) return malformed('undecodable', error.message, 'head');
      throw error;
    }
  }

  return {
    push(chunk) {
      const frames: AmqpFrame[] = [];
      let at = 0;
      const take = (most: number): Uint8Array => {
        const bytes = chunk.subarray(at, at + most);
        at += bytes.length;
        return bytes;
      };
      const add = (frame: AmqpFrame | undefined) => {
        if (frame) frames.push(frame);
      };
      while (at < chunk.length && phase !== 'lost') {
        switch (phase) {
          case 'opening':
            add(opening(take(1)));
            break;
          case 'head':
            show(take(headLength - length));
            if (length === headLength) add(head());
            break;
          case 'payload': {
            const bytes = take(left);
            show(bytes);
            left -= bytes.length;
            // A copy, as the chunk is the caller's.
            if (type !== frameBody || keepBody) kept.push(bytes.slice());
            if (left === 0) phase = 'end';
            break;
          }
          case 'end': {
            const marker = take(1);
            show(marker);
            add(end(marker[0] ?? 0));
            break;
          }
        }
      }
      return frames;
    },
  };
}
