// A virtual host: its exchanges and queues, and what the deletion of one does to the others.

import { refuse } from './replies';
import { notFound } from './access';
import { isSameBinding, predeclaredExchanges, type Binding, type Exchange } from './exchanges';
import { purge, type Queue, type Store } from './queues';

export interface Vhost {
  readonly name: string;
  readonly exchanges: Map<string, Exchange>;
  readonly queues: Map<string, Queue>;
  readonly store: Store;
}

const mostQueues = 1_000;
const mostExchanges = 1_000;
const mostBindings = 10_000;

export function createVhost(name: string, store: Store): Vhost {
  const exchanges = new Map(predeclaredExchanges().map((exchange) => [exchange.name, exchange]));
  return { name, exchanges, queues: new Map(), store };
}

export function exchangeIn(vhost: Vhost, name: string): Exchange {
  const exchange = vhost.exchanges.get(name);
  if (!exchange) throw notFound('exchange', name, vhost.name);
  return exchange;
}

export function queueIn(vhost: Vhost, name: string): Queue {
  const queue = vhost.queues.get(name);
  if (!queue) throw notFound('queue', name, vhost.name);
  return queue;
}

export function addQueue(vhost: Vhost, queue: Queue): void {
  if (vhost.queues.size >= mostQueues) {
    const limit = `queue limit in vhost '${vhost.name}' (${mostQueues}) is reached`;
    refuse('precondition_failed', `cannot declare queue '${queue.name}': ${limit}`);
  }
  vhost.queues.set(queue.name, queue);
}

export function addExchange(vhost: Vhost, exchange: Exchange): void {
  if (vhost.exchanges.size >= mostExchanges) refuse('resource_error', `more than ${mostExchanges} exchanges`);
  vhost.exchanges.set(exchange.name, exchange);
}

export function addBinding(source: Exchange, binding: Binding): void {
  if (source.bindings.some((known) => isSameBinding(known, binding))) return;
  if (source.bindings.length >= mostBindings) refuse('resource_error', `more than ${mostBindings} bindings`);
  source.bindings.push(binding);
}

/** How many messages went with it. Its consumers are told. */
export function deleteQueue(vhost: Vhost, queue: Queue): number {
  if (queue.deleted) return 0;
  queue.deleted = true;
  vhost.queues.delete(queue.name);
  const lost = purge(queue, vhost.store);
  for (const consumer of queue.consumers.splice(0)) consumer.cancelled();
  removeBindings(vhost, (binding) => binding.to === 'queue' && binding.name === queue.name);
  return lost;
}

export function deleteExchange(vhost: Vhost, exchange: Exchange): void {
  vhost.exchanges.delete(exchange.name);
  removeBindings(vhost, (binding) => binding.to === 'exchange' && binding.name === exchange.name);
}

/** An auto-delete exchange goes with the last of its bindings. */
export function removeBindings(vhost: Vhost, goes: (binding: Binding, source: Exchange) => boolean): void {
  for (const exchange of vhost.exchanges.values()) {
    const stays = exchange.bindings.filter((binding) => !goes(binding, exchange));
    if (stays.length === exchange.bindings.length) continue;
    exchange.bindings.splice(0, exchange.bindings.length, ...stays);
    if (exchange.autoDelete && stays.length === 0) deleteExchange(vhost, exchange);
  }
}

/** An auto-delete queue goes with the last of its consumers. */
export function deleteUnused(vhost: Vhost, queue: Queue): void {
  if (queue.autoDelete && queue.consumers.length === 0) deleteQueue(vhost, queue);
}
