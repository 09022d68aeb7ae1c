// What rabbitmq-debug can do, and how its arguments are read.

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UserError } from '../core/userError';

export const usage = `rabbitmq-debug: run, watch and explain RabbitMQ connections

  rabbitmq-debug scenarios [--json]
      Lists the scenarios.
  rabbitmq-debug run ID... [--broker URL] [--broker-log FILE] [--handshake-timeout MS] [--json]
      Runs scenarios and prints each event, then the outcome. Without --broker an embedded practice broker serves.
      URL is amqp://user:password@host:port/vhost, percent-encoded; the password may be in RABBITMQ_PASSWORD instead.
      --broker-log is the log that the broker writes; its lines are joined to the connections.
      --handshake-timeout is the broker's handshake_timeout in milliseconds; 10000 where it is not given.
  rabbitmq-debug explain FILE... [--json]
      Explains why connections closed, from RabbitMQ's logs. - reads standard input.

Exit code: 0 as expected, 1 not as expected or unreadable, 2 bad usage, 130 interrupted.
`;

type Options = NonNullable<ParseArgsConfig['options']>;

/** `parseArgs` with its complaints as the user's own. */
export function readArguments<T extends Options>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UserError('usage', `${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
