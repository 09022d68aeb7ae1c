// Publishing, and settling what was delivered: the methods of class basic but for consumers.

import { checkAccess, resource } from './access';
import { flagOf, numberOf, tableOf, textOf } from './args';
import { largestMessage, type Command, type Content } from './assembler';
import { release, returnAll, sendMessage, type Channel, type Operation } from './channel';
import { checkExclusive } from './equivalence';
import { print } from './erlangTerm';
import { route } from './exchanges';
import { queueNamed } from './queueOperations';
import { enqueue, forget, take, type Message } from './queues';
import { refuse } from './replies';
import { exchangeIn, queueIn } from './vhost';

const noRoute = { 'reply-code': 312, 'reply-text': 'NO_ROUTE' };

function publish(channel: Channel, { args, content }: Command): void {
  const { vhost, user } = channel.session;
  if (!content) return refuse('unexpected_frame', 'a publish without a content');
  if (flagOf(args, 'immediate')) refuse('not_implemented', 'immediate=true');
  if (content.bodySize > largestMessage) {
    const sizes = `${content.bodySize} is larger than configured max size ${largestMessage}`;
    refuse('precondition_failed', `message size ${sizes}`);
  }
  const name = textOf(args, 'exchange');
  checkAccess(user, 'write', 'exchange', name, vhost.name);
  const exchange = exchangeIn(vhost, name);
  const shown = resource('exchange', name, vhost.name);
  if (exchange.internal) refuse('access_refused', `cannot publish to internal ${shown}`);
  checkProperties(channel, content);
  const key = textOf(args, 'routing-key');
  const message: Message = { exchange: name, routingKey: key, header: content.header, body: content.body };
  const headers = tableOf(content.properties ?? {}, 'headers');
  const queues = [...route(vhost.exchanges, exchange, key, headers)].flatMap((queue) => vhost.queues.get(queue) ?? []);
  if (queues.length === 0 && flagOf(args, 'mandatory'))
    sendMessage(channel, 'basic.return', { ...noRoute, exchange: name, 'routing-key': key }, message);
  for (const queue of queues) enqueue(queue, message, vhost.store);
  if (channel.publishes !== undefined)
    channel.session.send(channel.number, 'basic.ack', { 'delivery-tag': channel.publishes++ });
}

function checkProperties(channel: Channel, { properties }: Content): void {
  if (!properties) return refuse('internal_error', 'the properties of the content cannot be decoded');
  const { user } = channel.session;
  const claimed = properties['user-id'];
  if (typeof claimed === 'string' && claimed !== user.name && !user.tags?.includes('impersonator')) {
    const actual = `but authenticated user was '${user.name}'`;
    refuse('precondition_failed', `user_id property set to '${claimed}' ${actual}`);
  }
  const expiration = properties['expiration'];
  if (typeof expiration !== 'string' || /^\d+$/.test(expiration)) return;
  const leftover = expiration.replace(/^[+-]?\d+/, '');
  const why = leftover === expiration ? 'no_integer' : print({ tuple: [{ atom: 'leftover_string' }, leftover] });
  refuse('precondition_failed', `invalid expiration '${expiration}': ${why}`);
}

/** The deliveries that a tag means: one, or all up to it, or with 0 all. Its own must be among them. */
function settled(channel: Channel, tag: number, multiple: boolean): readonly number[] {
  if (multiple && tag === 0) return [...channel.unacked.keys()];
  if (!channel.unacked.has(tag)) refuse('precondition_failed', `unknown delivery tag ${tag}`);
  return multiple ? [...channel.unacked.keys()].filter((other) => other <= tag) : [tag];
}

function recover(channel: Channel, requeues: boolean): void {
  if (!requeues) refuse('not_implemented', 'requeue=false');
  returnAll(channel);
}

export const basicOperations: Readonly<Record<string, Operation>> = {
  'basic.publish': (channel, _args, command) => publish(channel, command),
  'basic.ack'(channel, args) {
    release(channel, settled(channel, numberOf(args, 'delivery-tag'), flagOf(args, 'multiple')), false);
  },
  'basic.nack'(channel, args) {
    const tags = settled(channel, numberOf(args, 'delivery-tag'), flagOf(args, 'multiple'));
    release(channel, tags, flagOf(args, 'requeue'));
  },
  'basic.reject'(channel, args) {
    release(channel, settled(channel, numberOf(args, 'delivery-tag'), false), flagOf(args, 'requeue'));
  },
  'basic.get'(channel, args) {
    const { vhost, user } = channel.session;
    const name = queueNamed(channel, args);
    checkAccess(user, 'read', 'queue', name, vhost.name);
    const queue = queueIn(vhost, name);
    checkExclusive(queue, channel.session);
    const stored = take(queue);
    if (!stored) {
      channel.session.send(channel.number, 'basic.get-empty');
      return;
    }
    const tag = channel.nextTag++;
    if (flagOf(args, 'no-ack')) forget(stored, vhost.store);
    else channel.unacked.set(tag, { stored, queue });
    const { message, redelivered } = stored;
    const found = { 'delivery-tag': tag, redelivered, 'message-count': queue.ready.length };
    const from = { exchange: message.exchange, 'routing-key': message.routingKey };
    sendMessage(channel, 'basic.get-ok', { ...found, ...from }, message);
  },
  'basic.recover-async': (channel, args) => recover(channel, flagOf(args, 'requeue')),
  'basic.recover'(channel, args) {
    recover(channel, flagOf(args, 'requeue'));
    channel.session.send(channel.number, 'basic.recover-ok');
  },
};
