// What frames on channel 0 do: the handshake's methods, close, heartbeats.

import { encodeHeartbeat, type Args } from '../../protocols/amqp091/codec';
import { textOf } from './args';
import { closeChannels, log, send, write, type Connection } from './connection';
import type { Ending } from './ending';
import { crashOf, handleException } from './exceptions';
import { unexpectedFrame, unknownFrame, unknownMethod } from './frameErrors';
import type { Frame, RawFrame } from './frames';
import { open, startOk, tuneOk } from './handshake';
import { startHeartbeats } from './heartbeat';
import { AmqpError, type FailedMethod } from './replies';

export function onConnectionFrame(connection: Connection, ending: Ending, raw: RawFrame, frame: Frame): void {
  const fail = (reason: Parameters<typeof handleException>[3]): void => handleException(connection, ending, 0, reason);
  switch (frame.kind) {
    case 'method':
      try {
        onMethod(connection, ending, frame.method, frame.args);
      } catch (error) {
        if (!(error instanceof AmqpError)) throw error;
        fail(error.causedBy(frame.method));
      }
      return;
    case 'undecodable-method': {
      const { method, fields } = frame;
      fail(crashOf(new AmqpError('frame_error', `cannot decode <<${fields.join(',')}>>`, method), method.name));
      return;
    }
    case 'unknown-method':
      ending.end('error', unknownMethod(connection, frame));
      return;
    case 'heartbeat':
      return;
    case 'unknown':
      if (connection.state !== 'closed') fail(unknownFrame(raw));
      return;
    case 'content-header':
    case 'content-body':
      if (connection.state !== 'closed') fail(unexpectedFrame(raw));
  }
}

function onMethod(connection: Connection, ending: Ending, method: FailedMethod, args: Args): void {
  const { state, user } = connection;
  if (method.name === 'connection.close' && (state === 'running' || state === 'closed')) {
    if (state === 'running') {
      closeChannels(connection);
      ending.awaitClose();
    }
    send(connection, 0, 'connection.close-ok');
  } else if (method.name === 'connection.update-secret' && state === 'running' && user) {
    updateSecret(connection, user.name, args);
  } else if (state === 'closed') {
    if (method.name === 'connection.close-ok') ending.endPolitely();
  } else if (method.name === 'connection.start-ok' && state === 'starting') {
    startOk(connection, args);
  } else if (method.name === 'connection.tune-ok' && state === 'tuning') {
    const tuned = tuneOk(connection, args);
    if (typeof tuned === 'number') beat(connection, ending, tuned);
    else handleException(connection, ending, 0, tuned);
  } else if (method.name === 'connection.open' && state === 'opening' && user) {
    open(connection, user, args);
  } else {
    throw new AmqpError('channel_error', `unexpected method in connection state ${state}`);
  }
}

/** For logins with a token that expires. Passwords do not, and the new secret is not looked at. */
function updateSecret(connection: Connection, user: string, args: Args): void {
  const about = `connection ${connection.pid} (${connection.lastName})`;
  const reason = textOf(args, 'reason');
  log(connection, 'debug', `${about} of user '${user}': asked to update secret, reason: ${reason}`);
  send(connection, 0, 'connection.update-secret-ok');
  log(connection, 'info', `${about}: user '${user}' updated secret, reason: ${reason}`);
}

function beat(connection: Connection, ending: Ending, timeoutS: number): void {
  const { socket } = connection;
  connection.stopHeartbeats = startHeartbeats({
    timeoutS,
    received: () => socket.bytesRead,
    sent: () => socket.bytesWritten,
    send: () => write(connection, encodeHeartbeat()),
    missed() {
      if (connection.state === 'closed' || connection.deaf) return;
      ending.endBecause('error', `missed heartbeats from client, timeout: ${timeoutS}s`);
    },
  });
}
