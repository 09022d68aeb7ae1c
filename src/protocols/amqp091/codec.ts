// AMQP 0-9-1 frames as bytes, and back: what everyone who speaks the protocol imports.
//
//   0      1         3             7                  7+size
//   ┌──────┬─────────┬─────────────┬──────────────────┬──────┐
//   │ type │ channel │ size        │ payload          │ 0xCE │     specification 4.2.3
//   └──────┴─────────┴─────────────┴──────────────────┴──────┘

import { assertKnown, writeField, writeFields, type Args } from './fields';
import { methodNamed, properties as propertySpecs } from './methods';
import { contentClassId, frameBody, frameEnd, frameHeader, frameHeartbeat, frameMethod } from './spec';
import { createWriter, whole, type Writer } from './wire';

export type { Args } from './fields';
export { createFrameReader, type AmqpFrame, type FrameReader } from './frameReader';
export { methods, replyName, type MethodSpec } from './methods';
export { decodeAmqplain, decodePlain, encodeAmqplain, encodePlain, type Login } from './sasl';
export { tableValue } from './table';

/** 'AMQP' 0 0 9 1 */
export const protocolHeader: Uint8Array = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1);

/** What a frame has besides its payload, in bytes. */
export const frameOverhead = 8;

function frame(type: number, channel: number, write: (writer: Writer) => void): Uint8Array {
  const writer = createWriter();
  writer.octet(type);
  writer.short(Number(whole(channel, 0n, 0xffffn, 'channel')));
  writer.counted(() => write(writer));
  writer.octet(frameEnd);
  return writer.finish();
}

/**
 * A method's whole frame. An argument that is missing gets its type's zero. Throws a RangeError for an unknown method
 * or argument and for a value that its field cannot hold; only reply-text is cut to fit, as RabbitMQ does.
 */
export function encodeMethod(channel: number, name: string, args: Args = {}): Uint8Array {
  const method = methodNamed(name);
  if (!method) throw new RangeError(`AMQP 0-9-1 has no method ${name}`);
  assertKnown(method.fields, args, name);
  return frame(frameMethod, channel, (writer) => {
    writer.short(method.classId);
    writer.short(method.methodId);
    writeFields(writer, method.fields, args);
  });
}

export const encodeHeartbeat = (): Uint8Array => frame(frameHeartbeat, 0, () => {});

/**
 * The header frame of a content, and its body in frames that are at most `frameMax` bytes long in all (0: one frame).
 * An empty body has no body frame. Properties that are missing or undefined are not sent.
 */
export function encodeContent(channel: number, properties: Args, body: Uint8Array, frameMax: number): Uint8Array[] {
  if (frameMax !== 0 && frameMax <= frameOverhead) throw new RangeError(`frame-max leaves no room: ${frameMax}`);
  assertKnown(propertySpecs, properties, 'basic');
  const present = propertySpecs.filter(({ name }) => properties[name] !== undefined);
  const header = frame(frameHeader, channel, (writer) => {
    writer.short(contentClassId);
    writer.short(0);
    writer.longlong(BigInt(body.length));
    // The first property has the highest bit; the lowest would say that more flags follow (4.2.6.1).
    writer.short(present.reduce((flags, spec) => flags | (0x8000 >> propertySpecs.indexOf(spec)), 0));
    for (const spec of present) writeField(writer, spec, properties[spec.name]);
  });
  const frames = [header];
  const step = frameMax === 0 ? body.length : frameMax - frameOverhead;
  for (let from = 0; from < body.length; from += step)
    frames.push(frame(frameBody, channel, (writer) => writer.raw(body.subarray(from, from + step))));
  return frames;
}
