// The methods of class queue.

import { randomBytes } from 'node:crypto';
import type { Args } from '../../protocols/amqp091/codec';
import { checkAccess, resource } from './access';
import { flagOf, tableOf, textOf } from './args';
import { reply, type Channel, type Operation } from './channel';
import { assertSame, assertSameArguments, checkExclusive, checkName } from './equivalence';
import { changeBinding } from './exchangeOperations';
import { purge, type Queue } from './queues';
import { refuse } from './replies';
import { addQueue, deleteQueue, queueIn } from './vhost';

/** 'amq.gen-' and 22 characters, as rabbit_guid makes them. */
export const generatedName = (prefix: string): string => `${prefix}-${randomBytes(16).toString('base64url')}`;

/** RabbitMQ drops line ends from the names that it stores. */
const withoutLineEnds = (name: string): string => name.replaceAll(/[\r\n]/g, '');

/** An empty name is the queue that was last declared on the channel. */
export function queueNamed(channel: Channel, args: Args): string {
  const name = textOf(args, 'queue');
  if (name !== '') return name;
  if (channel.lastQueue === '') refuse('not_found', 'no previously declared queue');
  return channel.lastQueue;
}

function declare(channel: Channel, args: Args): Queue {
  const { session } = channel;
  const { vhost, user } = session;
  const asked = withoutLineEnds(textOf(args, 'queue'));
  if (flagOf(args, 'passive')) {
    const queue = queueIn(vhost, asked);
    checkExclusive(queue, session);
    return queue;
  }
  const exclusive = flagOf(args, 'exclusive');
  const durable = flagOf(args, 'durable') && !exclusive;
  const autoDelete = flagOf(args, 'auto-delete');
  const declared = tableOf(args, 'arguments');
  if (asked !== '') checkName('queue', asked);
  const name = asked === '' ? generatedName('amq.gen') : asked;
  checkAccess(user, 'configure', 'queue', name, vhost.name);
  const known = vhost.queues.get(name);
  if (known) {
    const shown = resource('queue', name, vhost.name);
    checkExclusive(known, session, { exclusive });
    assertSame('durable', shown, durable, known.durable);
    assertSame('auto_delete', shown, autoDelete, known.autoDelete);
    assertSameArguments(shown, declared, known.args);
    return known;
  }
  const owner = exclusive ? session : undefined;
  const state = { ready: [], consumers: [], bytes: 0, deleted: false, overflowed: false };
  const queue: Queue = { name, durable, autoDelete, owner, args: declared, ...state };
  addQueue(vhost, queue);
  return queue;
}

function remove(channel: Channel, args: Args): number {
  const { vhost, user } = channel.session;
  const name = queueNamed(channel, args);
  checkAccess(user, 'configure', 'queue', name, vhost.name);
  const queue = vhost.queues.get(name);
  // Since 3.2.0 it is no error to delete what is not there.
  if (!queue) return 0;
  checkExclusive(queue, channel.session);
  const shown = resource('queue', name, vhost.name);
  if (flagOf(args, 'if-unused') && queue.consumers.length > 0) refuse('precondition_failed', `${shown} in use`);
  if (flagOf(args, 'if-empty') && queue.ready.length > 0) refuse('precondition_failed', `${shown} not empty`);
  return deleteQueue(vhost, queue);
}

function bind(channel: Channel, change: 'add' | 'remove', args: Args): void {
  const name = queueNamed(channel, args);
  const isShort = textOf(args, 'queue') === '' && textOf(args, 'routing-key') === '';
  const key = isShort ? channel.lastQueue : textOf(args, 'routing-key');
  changeBinding(channel, change, 'queue', name, textOf(args, 'exchange'), { ...args, 'routing-key': key });
}

export const queueOperations: Readonly<Record<string, Operation>> = {
  'queue.declare'(channel, args) {
    const queue = declare(channel, args);
    channel.lastQueue = queue.name;
    reply(channel, args, 'queue.declare-ok', {
      queue: queue.name,
      'message-count': queue.ready.length,
      'consumer-count': queue.consumers.length,
    });
  },
  'queue.delete'(channel, args) {
    const lost = remove(channel, args);
    reply(channel, args, 'queue.delete-ok', { 'message-count': lost });
  },
  'queue.bind'(channel, args) {
    bind(channel, 'add', args);
    reply(channel, args, 'queue.bind-ok');
  },
  'queue.unbind'(channel, args) {
    bind(channel, 'remove', args);
    reply(channel, args, 'queue.unbind-ok');
  },
  'queue.purge'(channel, args) {
    const { vhost, user } = channel.session;
    const name = queueNamed(channel, args);
    checkAccess(user, 'read', 'queue', name, vhost.name);
    const queue = queueIn(vhost, name);
    checkExclusive(queue, channel.session);
    reply(channel, args, 'queue.purge-ok', { 'message-count': purge(queue, vhost.store) });
  },
};
