// What the reader does about an error: which log line it writes, what it tells the client, and how long it lets it wait.
// The clauses and their order are those of handle_exception in rabbit_reader.erl.

import { closeChannels, log, send, type Connection } from './connection';
import type { Ending } from './ending';
import { atom, print, printFlat, tuple, type Term } from './erlangTerm';
import { AmqpError, closeArgs, erlangName } from './replies';

/** An error that RabbitMQ does not foresee, as the term that it logs. */
export interface Crash {
  readonly term: Term;
  /** What a client that answered connection.tune wrongly did wrong. */
  readonly negotiation?: string;
}

export type Reason = AmqpError | Crash;

export function handleException(connection: Connection, ending: Ending, channel: number, reason: Reason): void {
  const { state, pid, logName, user } = connection;
  const isAmqp = reason instanceof AmqpError;
  const about = `Error on AMQP connection ${pid} (${logName}`;
  if (state === 'closed') {
    logHardError(connection, channel, formatted(reason));
  } else if (state === 'running') {
    logHardError(connection, channel, formatted(reason));
    close(connection, ending, reason);
  } else if (state === 'starting' && isAmqp && reason.error === 'access_refused') {
    // A client that can be told has been told already.
    log(connection, 'error', `${about}, state: starting):\n${reason.explanation}`);
    closeChannels(connection);
    ending.awaitClose();
  } else if (state === 'opening' && isAmqp && reason.error === 'not_allowed') {
    log(connection, 'error', `${about}, user: '${user?.name ?? 'none'}', state: opening):\n${reason.explanation}`);
    close(connection, ending, reason);
  } else if (state === 'opening' && isAmqp) {
    logHardError(connection, channel, print(tuple(atom('handshake_error'), atom('opening'), errorTerm(reason))));
    close(connection, ending, reason);
  } else if (!isAmqp && reason.negotiation !== undefined) {
    ending.punish(`failed to negotiate connection parameters: ${reason.negotiation}`);
  } else {
    const inner = isAmqp ? errorTerm(reason) : reason.term;
    ending.punish(print(tuple(atom('handshake_error'), atom(state), channel, inner)));
  }
}

/** `{amqp_error,Name,Explanation,Method}` */
function errorTerm({ error, explanation, method }: AmqpError): Term {
  return tuple(atom('amqp_error'), atom(error), explanation, atom(method ? erlangName(method.name) : 'none'));
}

/** What an exception with a stack trace is logged as; ours has no stack that would tell anything. */
export function crashOf(error: AmqpError, method: string, negotiation?: string): Crash {
  const term = tuple(atom('exit'), errorTerm(error), atom(erlangName(method)));
  return negotiation === undefined ? { term } : { term, negotiation };
}

function formatted(reason: Reason): string {
  if (!(reason instanceof AmqpError)) return print(reason.term);
  const method = reason.method ? erlangName(reason.method.name) : 'none';
  return `operation ${method} caused a connection exception ${reason.error}: ${printFlat(reason.explanation)}`;
}

function logHardError(connection: Connection, channel: number, text: string): void {
  const { pid, logName, vhost, user, state } = connection;
  const whose = `vhost: '${vhost?.name ?? 'none'}', user: '${user?.name ?? 'none'}', state: ${state}`;
  log(connection, 'error', `Error on AMQP connection ${pid} (${logName}, ${whose}), channel ${channel}:\n ${text}`);
}

function close(connection: Connection, ending: Ending, reason: Reason): void {
  closeChannels(connection);
  send(
    connection,
    0,
    'connection.close',
    reason instanceof AmqpError ? closeArgs(reason) : { 'reply-code': 541, 'reply-text': 'INTERNAL_ERROR' },
  );
  ending.awaitClose();
}
