// Frames of one channel → methods with their contents, as rabbit_command_assembler puts them together.
//
//   method ──has content──► content header ──size > 0──► content bodies ──all there──► method
//     └──── has none: done        └──────── size 0: done ────────────────────────────────┘

import { concat } from '../../core/bytes';
import { methods, type Args } from '../../protocols/amqp091/codec';
import { AmqpError, type FailedMethod } from './replies';
import type { Frame } from './frames';

export interface Content {
  /** Undefined where they cannot be decoded. */
  readonly properties: Args | undefined;
  readonly header: Uint8Array;
  /** Empty where it is larger than a broker takes: then only `bodySize` is true. */
  readonly body: Uint8Array;
  readonly bodySize: number;
}

export interface Command {
  readonly method: FailedMethod;
  readonly args: Args;
  readonly content?: Content;
}

type Expects =
  | { readonly kind: 'method' }
  | { readonly kind: 'header'; readonly command: Command }
  | {
      readonly kind: 'body';
      readonly command: Command;
      readonly header: HeaderFrame;
      parts: Uint8Array[];
      left: number;
    };

type HeaderFrame = Extract<Frame, { kind: 'content-header' }>;

/** RabbitMQ's max_message_size is 128 MiB by default; who practises needs less. */
export const largestMessage = 16 * 1024 * 1024;

/** What the channels of one connection may have open at a time, in bytes. */
const mostPartial = 2 * largestMessage;

const withContent = new Set(methods.filter(({ content }) => content).map(({ name }) => name));

/** The command that a frame completes, if any; throws an AmqpError. `partial` counts for all channels of a connection. */
export function createAssembler(partial: { bytes: number }): (frame: Frame) => Command | undefined {
  let expects: Expects = { kind: 'method' };

  const complete = (command: Command): Command => {
    expects = { kind: 'method' };
    return command;
  };
  const method = (frame: Frame): Command | undefined => {
    if (frame.kind === 'undecodable-method')
      throw new AmqpError('frame_error', `cannot decode <<${frame.fields.join(',')}>>`, frame.method);
    if (frame.kind !== 'method') return unexpected('expected method frame, got non method frame instead');
    const command = { method: frame.method, args: frame.args };
    if (!withContent.has(command.method.name)) return command;
    expects = { kind: 'header', command };
    return undefined;
  };
  const header = (frame: Frame, command: Command): Command | undefined => {
    const { classId } = command.method;
    if (frame.kind !== 'content-header') {
      const instead = 'got non content header frame instead';
      return unexpected(`expected content header for class ${classId}, ${instead}`, command.method);
    }
    if (frame.classId !== classId) {
      const instead = `got one for class ${frame.classId} instead`;
      return unexpected(`expected content header for class ${classId}, ${instead}`, command.method);
    }
    if (frame.bodySize === 0) return complete({ ...command, content: contentOf(frame, new Uint8Array()) });
    expects = { kind: 'body', command, header: frame, parts: [], left: frame.bodySize };
    return undefined;
  };
  const body = (frame: Frame, state: Extract<Expects, { kind: 'body' }>): Command | undefined => {
    if (frame.kind !== 'content-body')
      return unexpected('expected content body, got non content body frame instead', state.command.method);
    // Bytes beyond the announced size never complete it: so it is in RabbitMQ.
    state.left -= frame.payload.length;
    if (state.header.bodySize <= largestMessage && state.left >= 0) {
      partial.bytes += frame.payload.length;
      if (partial.bytes > mostPartial) throw new AmqpError('resource_error', 'too many contents that are not complete');
      state.parts.push(frame.payload);
    }
    if (state.left !== 0) return undefined;
    for (const part of state.parts) partial.bytes -= part.length;
    return complete({ ...state.command, content: contentOf(state.header, concat(state.parts)) });
  };

  return (frame) => {
    switch (expects.kind) {
      case 'method':
        return method(frame);
      case 'header':
        return header(frame, expects.command);
      case 'body':
        return body(frame, expects);
    }
  };
}

const contentOf = ({ properties, whole, bodySize }: HeaderFrame, body: Uint8Array): Content => ({
  properties,
  // Copies: a small message must not keep the chunk that it came in.
  header: whole.slice(),
  body: body.slice(),
  bodySize,
});

function unexpected(explanation: string, method?: FailedMethod): never {
  throw new AmqpError('unexpected_frame', explanation, method);
}
