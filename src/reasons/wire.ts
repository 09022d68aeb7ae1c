// What several reasons ask of a connection that was seen on the wire. RabbitMQ ends every AMQP connection with a RST, a
// polite one too: how it closed the socket tells nothing, only who went first and what was said before.

import { lasted, type Connection } from '../core/connection';

const second = 1_000_000;

/** The broker ended the TCP connection first, and without a Connection.Close of either side. */
export const dropped = (connection: Connection): boolean =>
  connection.closed?.by === 'broker' && connection.closed.how !== 'clean' && !connection.closing;

/** The client ended the TCP connection first, and without a Connection.Close of either side. */
export const left = (connection: Connection): boolean =>
  connection.closed?.by === 'client' && connection.closed.how !== 'clean' && !connection.closing;

/** Waited so long for the client that a timer may have ended it; a broker that refuses does so at once. */
export const waited = (connection: Connection): boolean => lasted(connection) >= 0.9 * second;

/** For how long the client had sent nothing when the connection ended, in microseconds. */
export function silence(connection: Connection): number {
  const end = connection.closed?.at ?? connection.lastAt;
  return end - (connection.lastFrom.client ?? connection.connectedAt ?? connection.firstAt);
}

/** The broker's Connection.Close came before it had opened the connection. */
export const refused = (connection: Connection): boolean =>
  connection.closing?.by === 'broker' && connection.openedAt === undefined;
