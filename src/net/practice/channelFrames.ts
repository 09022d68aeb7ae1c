// What frames on channels do: channels come and go, their errors are answered, all else is an operation.

import { createAssembler, type Command } from './assembler';
import { createChannel, dispose } from './channel';
import { send, type Connection, type OpenChannel } from './connection';
import type { Ending } from './ending';
import { handleException } from './exceptions';
import { unexpectedFrame, unknownFrame, unknownMethod } from './frameErrors';
import type { Frame, RawFrame } from './frames';
import { operate } from './operations';
import { AmqpError, closeArgs, erlangName, isHard } from './replies';

export function onChannelFrame(connection: Connection, ending: Ending, raw: RawFrame, frame: Frame): void {
  if (connection.state === 'closed') return;
  try {
    if (connection.state !== 'running' || frame.kind === 'heartbeat') throw unexpectedFrame(raw);
    if (frame.kind === 'unknown') throw unknownFrame(raw);
    if (frame.kind === 'unknown-method') {
      ending.end('error', unknownMethod(connection, frame));
      return;
    }
    const found = connection.channels.get(raw.channel) ?? openChannel(connection, raw.channel);
    const command = found.assemble(frame);
    if (command) onCommand(connection, found, command);
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error;
    handleException(connection, ending, raw.channel, error);
  }
}

function openChannel(connection: Connection, number: number): OpenChannel {
  const { broker, channels, channelMax, session, partial } = connection;
  if (channelMax !== 0 && channels.size >= channelMax) {
    const reached = `has reached the negotiated channel_max (${channelMax})`;
    throw new AmqpError('not_allowed', `number of channels opened (${channels.size}) ${reached}`);
  }
  if (!session) throw new AmqpError('internal_error', 'a channel before its connection is open');
  const opened = { channel: createChannel(number, session, broker.nextPid()), assemble: createAssembler(partial) };
  channels.set(number, opened);
  return opened;
}

function onCommand(connection: Connection, { channel }: OpenChannel, command: Command): void {
  const { number, state } = channel;
  const { name } = command.method;
  if (state === 'closing') {
    if (name === 'channel.close-ok') connection.channels.delete(number);
    else if (name === 'channel.close') send(connection, number, 'channel.close-ok');
  } else if (state === 'running' && name === 'channel.close') {
    dispose(channel);
    connection.channels.delete(number);
    send(connection, number, 'channel.close-ok');
  } else {
    try {
      operate(channel, command);
    } catch (error) {
      if (!(error instanceof AmqpError) || isHard(error)) throw error;
      dispose(channel);
      logChannelError(connection, channel.pid, number, error);
      send(connection, number, 'channel.close', closeArgs(error));
    }
  }
}

/** The channel's own process writes it, and it does not know the client's name. */
function logChannelError(connection: Connection, channelPid: string, number: number, error: AmqpError): void {
  const { broker, pid, name, vhost, user } = connection;
  const where = `${name}, vhost: '${vhost?.name ?? 'none'}', user: '${user?.name ?? 'none'}'`;
  const method = error.method ? erlangName(error.method.name) : 'none';
  const what = `operation ${method} caused a channel exception ${error.error}: ${error.explanation}`;
  broker.log.write('error', channelPid, `Channel error on connection ${pid} (${where}), channel ${number}:\n${what}`);
}
