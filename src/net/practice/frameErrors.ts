// What is said about frames that should not be, with their first bytes.

import type { Connection } from './connection';
import { binary, printFlat } from './erlangTerm';
import type { Frame, RawFrame } from './frames';
import { AmqpError } from './replies';

export const unexpectedFrame = ({ type, payload }: RawFrame): AmqpError =>
  new AmqpError('unexpected_frame', `type ${type}, ${snippet(payload)}`);

export const unknownFrame = ({ type, payload }: RawFrame): AmqpError => frameError(type, payload, 'unknown_frame');

export const frameError = (type: number, payload: Uint8Array, what: string): AmqpError =>
  new AmqpError('frame_error', `type ${type}, ${snippet(payload)}: ${what}`);

function snippet(payload: Uint8Array): string {
  if (payload.length <= 16) return `all octets = ${printFlat(binary(payload))}`;
  return `first 16 octets = ${printFlat(binary(payload.subarray(0, 16)))}`;
}

/** RabbitMQ's reader crashes on an unknown method: its log has no last word, only the start of a crash report. */
export const unknownMethod = (
  { pid }: Connection,
  { classId, methodId }: Extract<Frame, { kind: 'unknown-method' }>,
): string =>
  [
    '  crasher:',
    '    initial call: rabbit_reader:init/3',
    `    pid: ${pid}`,
    '    registered_name: []',
    `    exception exit: {unknown_method_id,{${classId},${methodId}}}`,
  ].join('\n');
