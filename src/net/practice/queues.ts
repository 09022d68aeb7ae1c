// Queues in memory: messages that wait, and consumers that take them in turn.

import type { Args } from '../../protocols/amqp091/codec';

export interface Message {
  readonly exchange: string;
  readonly routingKey: string;
  /** The content header frame as the publisher sent it: its properties go on unchanged. */
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

/** A message in one queue. */
export interface Stored {
  readonly message: Message;
  /** Where it stands in its queue: a message that comes back takes its old place. */
  readonly position: number;
  redelivered: boolean;
}

export interface Consumer {
  readonly tag: string;
  readonly exclusive: boolean;
  canTake(): boolean;
  deliver(stored: Stored): void;
  /** Its queue was deleted. */
  cancelled(): void;
}

export interface Queue {
  readonly name: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  /** The connection that alone may use it, and with which it goes. */
  readonly owner: object | undefined;
  readonly args: Args;
  readonly ready: Stored[];
  readonly consumers: Consumer[];
  bytes: number;
  deleted: boolean;
  overflowed: boolean;
}

/** What all queues hold together, also what waits for an ack, in bytes of bodies and headers. */
export interface Store {
  bytes: number;
  position: number;
  /** Told of each queue, once, that loses messages because it is full. */
  overflowed(queue: Queue): void;
}

export const queueLimits = { messages: 10_000, bytes: 16 * 1024 * 1024, storeBytes: 64 * 1024 * 1024 } as const;

const sizeOf = ({ body, header }: Message): number => body.length + header.length;

/** A full queue loses its oldest messages, as RabbitMQ's do that have a max-length. */
export function enqueue(queue: Queue, message: Message, store: Store): void {
  const size = sizeOf(message);
  const isFull = (): boolean =>
    queue.ready.length >= queueLimits.messages ||
    queue.bytes + size > queueLimits.bytes ||
    store.bytes + size > queueLimits.storeBytes;
  if (isFull() && !queue.overflowed) {
    queue.overflowed = true;
    store.overflowed(queue);
  }
  while (queue.ready.length > 0 && isFull()) {
    const oldest = take(queue);
    if (oldest) forget(oldest, store);
  }
  if (isFull()) return;
  queue.ready.push({ message, position: ++store.position, redelivered: false });
  queue.bytes += size;
  store.bytes += size;
  dispatch(queue);
}

export function take(queue: Queue): Stored | undefined {
  const stored = queue.ready.shift();
  if (stored) queue.bytes -= sizeOf(stored.message);
  return stored;
}

/** The message was acknowledged, or is lost. */
export function forget({ message }: Stored, store: Store): void {
  store.bytes -= sizeOf(message);
}

/** Puts messages back into their old places. */
export function requeue(queue: Queue, returned: readonly Stored[], store: Store): void {
  if (queue.deleted) {
    for (const stored of returned) forget(stored, store);
    return;
  }
  for (const stored of returned) {
    stored.redelivered = true;
    queue.ready.push(stored);
    queue.bytes += sizeOf(stored.message);
  }
  queue.ready.sort((a, b) => a.position - b.position);
  dispatch(queue);
}

export function purge(queue: Queue, store: Store): number {
  const purged = queue.ready.splice(0);
  for (const stored of purged) forget(stored, store);
  queue.bytes = 0;
  return purged.length;
}

export function detach(queue: Queue, consumer: Consumer): void {
  const index = queue.consumers.indexOf(consumer);
  if (index >= 0) queue.consumers.splice(index, 1);
}

/** Hands out what waits, to one consumer after the other, as long as any can take. */
export function dispatch(queue: Queue): void {
  while (queue.ready.length > 0) {
    const index = queue.consumers.findIndex((consumer) => consumer.canTake());
    const consumer = queue.consumers[index];
    const stored = consumer && take(queue);
    if (!stored) return;
    queue.consumers.splice(index, 1);
    queue.consumers.push(consumer);
    consumer.deliver(stored);
  }
}
