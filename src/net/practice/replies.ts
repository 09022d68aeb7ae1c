// The errors that the broker answers with: reply codes and texts, and whether they end the channel or the connection.

/** Erlang's names of the codes of specification 1.2; 'hard' ends the connection, 'soft' the channel. */
const errors = {
  access_refused: [403, 'soft'],
  not_found: [404, 'soft'],
  resource_locked: [405, 'soft'],
  precondition_failed: [406, 'soft'],
  connection_forced: [320, 'hard'],
  frame_error: [501, 'hard'],
  syntax_error: [502, 'hard'],
  command_invalid: [503, 'hard'],
  channel_error: [504, 'hard'],
  unexpected_frame: [505, 'hard'],
  resource_error: [506, 'hard'],
  not_allowed: [530, 'hard'],
  not_implemented: [540, 'hard'],
  internal_error: [541, 'hard'],
} as const;

export type ErrorName = keyof typeof errors;

/** The method that failed, as a close names it. */
export interface FailedMethod {
  readonly name: string;
  readonly classId: number;
  readonly methodId: number;
}

/** The client's fault. Thrown where it is found, answered by the channel or the reader. */
export class AmqpError extends Error {
  override readonly name = 'AmqpError';

  constructor(
    readonly error: ErrorName,
    readonly explanation: string,
    readonly method?: FailedMethod,
  ) {
    super(`${error}: ${explanation}`);
  }

  /** The same error, blamed on `method` unless another is blamed already. */
  causedBy(method: FailedMethod): AmqpError {
    return this.method ? this : new AmqpError(this.error, this.explanation, method);
  }
}

export function refuse(error: ErrorName, explanation: string): never {
  throw new AmqpError(error, explanation);
}

export const isHard = (error: AmqpError): boolean => errors[error.error][1] === 'hard';

/** 'connection.start-ok' → 'connection.start_ok' */
export const erlangName = (method: string): string => method.replaceAll('-', '_');

const longestReply = 255;

/** The arguments of connection.close or channel.close. */
export function closeArgs(error: AmqpError): Record<string, unknown> {
  return {
    'reply-code': errors[error.error][0],
    'reply-text': fit(`${error.error.toUpperCase()} - ${error.explanation}`),
    'class-id': error.method?.classId ?? 0,
    'method-id': error.method?.methodId ?? 0,
  };
}

/** A text of more than 255 bytes is cut and marked, as rabbit_binary_generator does. */
function fit(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return bytes.length > longestReply ? Buffer.concat([bytes.subarray(0, longestReply - 3), Buffer.from('...')]) : bytes;
}
