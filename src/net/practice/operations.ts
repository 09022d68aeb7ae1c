// Which operation a method is, on a channel that is open.

import { flagOf } from './args';
import type { Command } from './assembler';
import { basicOperations } from './basicOperations';
import { reply, type Channel, type Operation } from './channel';
import { consumeOperations } from './consumeOperations';
import { exchangeOperations } from './exchangeOperations';
import { queueOperations } from './queueOperations';
import { AmqpError, refuse } from './replies';

const channelOperations: Readonly<Record<string, Operation>> = {
  'channel.open': () => refuse('channel_error', "second 'channel.open' seen"),
  'channel.flow'(channel, args) {
    if (!flagOf(args, 'active')) refuse('not_implemented', 'active=false');
    channel.session.send(channel.number, 'channel.flow-ok', { active: true });
  },
  'access.request': (channel) => channel.session.send(channel.number, 'access.request-ok', { ticket: 1 }),
  'confirm.select'(channel, args) {
    channel.publishes ??= 1;
    reply(channel, args, 'confirm.select-ok');
  },
  'tx.select': () => refuse('not_implemented', 'the practice broker has no transactions'),
  'tx.commit': () => refuse('precondition_failed', 'channel is not transactional'),
  'tx.rollback': () => refuse('precondition_failed', 'channel is not transactional'),
};

const operations = new Map(
  Object.entries({
    ...channelOperations,
    ...exchangeOperations,
    ...queueOperations,
    ...basicOperations,
    ...consumeOperations,
  }),
);

/** Does what the method says. Throws an AmqpError. Closing a channel is the reader's business. */
export function operate(channel: Channel, command: Command): void {
  const { method, args } = command;
  try {
    if (channel.state === 'starting') {
      if (method.name !== 'channel.open') refuse('channel_error', "expected 'channel.open'");
      channel.state = 'running';
      channel.session.send(channel.number, 'channel.open-ok');
      return;
    }
    const operation = operations.get(method.name);
    if (!operation) refuse('command_invalid', 'unimplemented method');
    operation(channel, args, command);
  } catch (error) {
    throw error instanceof AmqpError ? error.causedBy(method) : error;
  }
}
