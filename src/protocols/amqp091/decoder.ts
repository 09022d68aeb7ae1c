// AMQP 0-9-1 as a Protocol: frames → events. Secrets end here; nothing that leaves has them.

import { hex } from '../../core/bytes';
import type { Direction, EventBody, Field, FrameSummary, LooksLike } from '../../core/event';
import { describeFirstBytes } from '../firstBytes';
import type { DecodedEvent, Protocol } from '../protocol';
import { secretFields } from './fields';
import { createFrameReader, type AmqpFrame } from './frameReader';
import { bodyOf } from './lifecycle';
import { counted } from './printable';
import { contentText, methodText } from './summary';
import { isCompatible, startsLikeAmqp, versionOf } from './version';

export const amqp091: Protocol = {
  id: 'amqp091',
  title: 'AMQP 0-9-1',
  recognises(firstBytes) {
    if (!startsLikeAmqp(firstBytes)) return false;
    if (firstBytes.length < 8) return 'more';
    const version = versionOf(firstBytes);
    return version !== undefined && isCompatible(version);
  },
  open(direction) {
    const reader = createFrameReader({ expectHeader: direction === 'toBroker', keepBody: false });
    return { push: (chunk) => reader.push(chunk).map((frame) => decodedEvent(frame, direction)) };
  },
};

interface Told {
  readonly body: EventBody;
  readonly method: string;
  readonly text: string;
  readonly fields?: readonly Field[];
  readonly bytes?: Uint8Array;
}

function decodedEvent(frame: AmqpFrame, direction: Direction): DecodedEvent {
  const { body, method, text, fields = [], bytes = frame.bytes } = tell(frame, direction);
  const summary: FrameSummary = { protocol: amqp091.id, method, text, fields, hex: hex(bytes) };
  // Channel 0 is the connection's own.
  const channel = 'channel' in frame && frame.channel ? { channel: frame.channel } : {};
  return { body, ...channel, frame: summary, offset: frame.offset, length: frame.length };
}

function tell(frame: AmqpFrame, direction: Direction): Told {
  switch (frame.kind) {
    case 'protocol-header':
      return header(frame, direction);
    case 'method':
      return {
        body: bodyOf(frame.name, frame.args, direction),
        method: frame.name,
        text: methodText(frame.name, frame.args),
        fields: frame.fields,
        bytes: maskedFields(frame.bytes, frame.fields),
      };
    case 'content-header':
      return {
        body: { type: 'operation' },
        method: 'content.header',
        text: contentText(frame.bodySize, frame.properties),
        fields: frame.fields,
      };
    case 'content-body':
      return { body: { type: 'operation' }, method: 'content.body', text: counted(frame.size, 'byte') };
    case 'heartbeat':
      return { body: { type: 'heartbeat' }, method: 'heartbeat', text: '' };
    case 'malformed': {
      const looksLike = frame.cause === 'bad-header' ? describeFirstBytes(frame.bytes).looksLike : 'unknown';
      return malformed(frame.text, looksLike, frame, direction);
    }
  }
}

function header(frame: Extract<AmqpFrame, { kind: 'protocol-header' }>, direction: Direction): Told {
  const { version } = frame;
  if (direction === 'toBroker' && !isCompatible(version)) {
    const { text, looksLike } = describeFirstBytes(frame.bytes);
    return malformed(text, looksLike, frame, direction);
  }
  const bytes = ['protocol-id', 'major', 'minor', 'revision'].map((name, index) => ({
    name,
    value: String(frame.bytes[4 + index]),
    offset: 4 + index,
    length: 1,
  }));
  const fields = [{ name: 'protocol', value: 'AMQP', offset: 0, length: 4 }, ...bytes];
  const text = `AMQP ${version.name}`;
  return { body: { type: 'greeted', version: version.name }, method: 'protocol.header', text, fields };
}

function malformed(text: string, looksLike: LooksLike, frame: AmqpFrame, direction: Direction): Told {
  const bytes = direction === 'toBroker' ? maskedAfter(frame.bytes, trusted) : frame.bytes;
  return { body: { type: 'malformed', text, looksLike }, method: 'malformed', text, bytes };
}

/** What the eye sees of a secret: asterisks in a hex view. */
const maskByte = 0x2a;

function maskedFields(bytes: Uint8Array, fields: readonly Field[]): Uint8Array {
  const masked = bytes.slice();
  for (const { name, offset, length } of fields)
    if (secretFields.has(name)) masked.fill(maskByte, offset, offset + length);
  return masked;
}

/**
 * What a client sends and we cannot read may be a login with one byte wrong: of it, only the frame's head and the
 * method's ids are sure to be no password.
 */
const trusted = 11;

const maskedAfter = (bytes: Uint8Array, from: number): Uint8Array => bytes.slice().fill(maskByte, from);
