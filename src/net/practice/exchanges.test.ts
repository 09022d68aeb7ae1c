// Routing: which queues a key reaches.

import { describe, expect, test } from 'vitest';
import { matchesTopic, route, type Binding, type Exchange, type ExchangeType } from './exchanges';

const exchange = (name: string, type: ExchangeType, bindings: Binding[] = []): Exchange => ({
  name,
  type,
  durable: false,
  autoDelete: false,
  internal: false,
  bindings,
});
const toQueue = (name: string, key: string, args = {}): Binding => ({ to: 'queue', name, key, args });
const routed = (start: Exchange, key: string, headers = {}, others: Exchange[] = []): string[] => [
  ...route(new Map([start, ...others].map((each) => [each.name, each])), start, key, headers),
];

describe('a topic', () => {
  test.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.c', false],
    ['*.b', 'a.b', true],
    ['*', 'a.b', false],
    ['*', '', true],
    ['#', '', true],
    ['#', 'a.b.c', true],
    ['a.#', 'a', true],
    ['a.#.z', 'a.z', true],
    ['a.#.z', 'a.b.c.z', true],
    ['a.#.z', 'a.b.c', false],
    ['#.b.#', 'a.b.c', true],
    ['*.#', '', true],
    ['a.*.#', 'a', false],
  ])('%j on the key %j: %s', (pattern, key, matches) => {
    expect(matchesTopic(pattern.split('.'), key.split('.'))).toBe(matches);
  });

  test('takes no longer for a pattern of many hashes', () => {
    const started = performance.now();
    expect(matchesTopic('#.a.#.a.#.a.#.a.#.a.#.a.#.b'.split('.'), 'a.'.repeat(120).split('.'))).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

test('the default exchange routes to the queue that the key names', () => {
  expect(routed(exchange('', 'direct'), 'orders')).toEqual(['orders']);
});

test('a direct exchange compares keys, a fanout ignores them', () => {
  const bindings = [toQueue('a', 'x'), toQueue('b', 'y'), toQueue('a', 'y')];
  expect(routed(exchange('d', 'direct', bindings), 'y')).toEqual(['b', 'a']);
  expect(routed(exchange('f', 'fanout', bindings), 'nothing')).toEqual(['a', 'b']);
});

test.each([
  ['all', { color: 'red', size: 1 }, ['q']],
  ['all', { color: 'red' }, []],
  ['any', { color: 'red' }, ['q']],
  ['any', {}, []],
])('a headers exchange with x-match %s and %j reaches %j', (match, headers, queues) => {
  const binding = toQueue('q', '', { 'x-match': match, color: 'red', size: 1 });
  expect(routed(exchange('h', 'headers', [binding]), '', headers)).toEqual(queues);
});

test('exchanges bound in a circle are visited once', () => {
  const first = exchange('first', 'fanout', [{ to: 'exchange', name: 'second', key: '', args: {} }]);
  const second = exchange('second', 'fanout', [{ to: 'exchange', name: 'first', key: '', args: {} }, toQueue('q', '')]);
  expect(routed(first, '', {}, [second])).toEqual(['q']);
});
