// Consumers: the methods of class basic that start, limit and end deliveries.

import type { Args } from '../../protocols/amqp091/codec';
import { checkAccess, resource } from './access';
import { flagOf, numberOf, textOf } from './args';
import { reply, sendMessage, type Channel, type Operation, type Subscription } from './channel';
import { checkExclusive } from './equivalence';
import { generatedName, queueNamed } from './queueOperations';
import { detach, dispatch, forget, type Consumer, type Queue, type Stored } from './queues';
import { refuse } from './replies';
import { deleteUnused, queueIn } from './vhost';

function consume(channel: Channel, args: Args): void {
  const { session } = channel;
  const { vhost, user } = session;
  const asked = textOf(args, 'consumer-tag');
  if (channel.subscriptions.has(asked)) refuse('not_allowed', `attempt to reuse consumer tag '${asked}'`);
  const name = queueNamed(channel, args);
  checkAccess(user, 'read', 'queue', name, vhost.name);
  const queue = queueIn(vhost, name);
  checkExclusive(queue, session);
  const exclusive = flagOf(args, 'exclusive');
  if (queue.consumers.some((other) => exclusive || other.exclusive))
    refuse('access_refused', `${resource('queue', name, vhost.name)} in exclusive use`);
  const tag = asked === '' ? generatedName('amq.ctag') : asked;
  const subscription = subscribe(channel, queue, { tag, exclusive, noAck: flagOf(args, 'no-ack') });
  channel.subscriptions.set(tag, subscription);
  reply(channel, args, 'basic.consume-ok', { 'consumer-tag': tag });
  queue.consumers.push(subscription.consumer);
  dispatch(queue);
}

interface ConsumerOptions {
  readonly tag: string;
  readonly exclusive: boolean;
  readonly noAck: boolean;
}

function subscribe(channel: Channel, queue: Queue, { tag, exclusive, noAck }: ConsumerOptions): Subscription {
  const { session } = channel;
  const { prefetch } = channel;
  const consumer: Consumer = {
    tag,
    exclusive,
    canTake() {
      if (session.congested) return false;
      if (noAck) return true;
      const isFree = channel.globalPrefetch === 0 || channel.unacked.size < channel.globalPrefetch;
      return isFree && (prefetch === 0 || subscription.inFlight < prefetch);
    },
    deliver(stored) {
      const deliveryTag = channel.nextTag++;
      if (noAck) forget(stored, session.vhost.store);
      else {
        subscription.inFlight += 1;
        channel.unacked.set(deliveryTag, { stored, queue, subscription });
      }
      sendMessage(channel, 'basic.deliver', deliverArgs(tag, deliveryTag, stored), stored.message);
    },
    cancelled() {
      channel.subscriptions.delete(tag);
      if (session.wantsCancel) session.send(channel.number, 'basic.cancel', { 'consumer-tag': tag, nowait: true });
    },
  };
  const subscription: Subscription = { consumer, queue, inFlight: 0 };
  return subscription;
}

const deliverArgs = (consumerTag: string, deliveryTag: number, { message, redelivered }: Stored): Args => ({
  'consumer-tag': consumerTag,
  'delivery-tag': deliveryTag,
  redelivered,
  exchange: message.exchange,
  'routing-key': message.routingKey,
});

export const consumeOperations: Readonly<Record<string, Operation>> = {
  'basic.consume': consume,
  'basic.cancel'(channel, args) {
    const tag = textOf(args, 'consumer-tag');
    const subscription = channel.subscriptions.get(tag);
    channel.subscriptions.delete(tag);
    // To cancel what is not there is no error, says the specification.
    if (subscription) {
      detach(subscription.queue, subscription.consumer);
      deleteUnused(channel.session.vhost, subscription.queue);
    }
    reply(channel, args, 'basic.cancel-ok', { 'consumer-tag': tag });
  },
  'basic.qos'(channel, args) {
    const size = numberOf(args, 'prefetch-size');
    if (size !== 0) refuse('not_implemented', `prefetch_size!=0 (${size})`);
    const count = numberOf(args, 'prefetch-count');
    if (flagOf(args, 'global')) channel.globalPrefetch = count;
    else channel.prefetch = count;
    channel.session.send(channel.number, 'basic.qos-ok');
  },
};
