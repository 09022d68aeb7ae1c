// What a queue keeps, what it loses, and in which order it hands out.

import { describe, expect, test, vi } from 'vitest';
import { enqueue, forget, purge, queueLimits, requeue, take, type Message, type Queue } from './queues';

const newQueue = (): Queue => ({
  name: 'q',
  durable: false,
  autoDelete: false,
  owner: undefined,
  args: {},
  ready: [],
  consumers: [],
  bytes: 0,
  deleted: false,
  overflowed: false,
});
const newStore = () => ({ bytes: 0, position: 0, overflowed: vi.fn() });
const message = (text: string, size = 1): Message => ({
  exchange: '',
  routingKey: text,
  header: new Uint8Array(),
  body: new Uint8Array(size),
});
const keys = (queue: Queue): string[] => queue.ready.map((stored) => stored.message.routingKey);

describe('a queue', () => {
  test('that is full of messages loses the oldest', () => {
    const [queue, store] = [newQueue(), newStore()];
    for (let n = 0; n <= queueLimits.messages; n++) enqueue(queue, message(String(n)), store);
    expect(queue.ready).toHaveLength(queueLimits.messages);
    expect(keys(queue)[0]).toBe('1');
    expect([queue.bytes, store.bytes]).toEqual([queueLimits.messages, queueLimits.messages]);
    enqueue(queue, message('one more'), store);
    expect(store.overflowed).toHaveBeenCalledExactlyOnceWith(queue);
  });

  test('that is full of bytes makes room for the newest', () => {
    const [queue, store] = [newQueue(), newStore()];
    for (const name of ['a', 'b', 'c']) enqueue(queue, message(name, queueLimits.bytes / 2), store);
    expect(keys(queue)).toEqual(['b', 'c']);
    enqueue(queue, message('too large', queueLimits.bytes + 1), store);
    expect([keys(queue), store.bytes]).toEqual([[], 0]);
  });

  test('takes nothing while all queues together are full, also of what waits for an ack', () => {
    const store = newStore();
    const queues = Array.from({ length: 5 }, newQueue);
    for (const queue of queues) enqueue(queue, message('x', queueLimits.bytes), store);
    expect(queues.map((queue) => queue.ready.length)).toEqual([1, 1, 1, 1, 0]);
    const taken = queues[0] && take(queues[0]);
    if (!taken || !queues[4]) throw new Error('nothing was taken');
    enqueue(queues[4], message('y', queueLimits.bytes), store);
    expect(queues[4].ready).toHaveLength(0);
    forget(taken, store);
    enqueue(queues[4], message('y', queueLimits.bytes), store);
    expect(queues[4].ready).toHaveLength(1);
  });

  test('gives what comes back its old place', () => {
    const [queue, store] = [newQueue(), newStore()];
    for (const name of ['a', 'b', 'c']) enqueue(queue, message(name), store);
    const taken = [take(queue), take(queue)].flatMap((stored) => stored ?? []);
    requeue(queue, taken.toReversed(), store);
    expect(keys(queue)).toEqual(['a', 'b', 'c']);
    expect(queue.ready.map(({ redelivered }) => redelivered)).toEqual([true, true, false]);
    expect([purge(queue, store), store.bytes, queue.bytes]).toEqual([3, 0, 0]);
  });

  test('that was deleted takes nothing back', () => {
    const [queue, store] = [newQueue(), newStore()];
    enqueue(queue, message('a'), store);
    const taken = take(queue);
    queue.deleted = true;
    requeue(queue, taken ? [taken] : [], store);
    expect([queue.ready.length, store.bytes]).toEqual([0, 0]);
  });
});
