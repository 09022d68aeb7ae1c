// The user's fault, or the world's: a code to decide on, and a sentence that says what to do. No stack trace is shown.

export type UserErrorCode =
  'usage' | 'bad-url' | 'no-such-scenario' | 'no-such-broker' | 'not-trusted' | 'file-unreadable' | 'cancelled';

export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly code: UserErrorCode,
    message: string,
  ) {
    super(message);
  }
}
