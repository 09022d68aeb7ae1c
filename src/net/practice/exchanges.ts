// Exchanges and their bindings: which queues a message goes to.

import type { Args } from '../../protocols/amqp091/codec';

export const exchangeTypes = ['direct', 'fanout', 'topic', 'headers'] as const;
export type ExchangeType = (typeof exchangeTypes)[number];

export interface Binding {
  readonly to: 'queue' | 'exchange';
  readonly name: string;
  readonly key: string;
  readonly args: Args;
}

export interface Exchange {
  readonly name: string;
  readonly type: ExchangeType;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly internal: boolean;
  readonly bindings: Binding[];
}

/** The default exchange has no bindings: it routes to the queue that the routing key names. */
export const defaultExchange = '';

const predeclared = [
  [defaultExchange, 'direct'],
  ['amq.direct', 'direct'],
  ['amq.fanout', 'fanout'],
  ['amq.topic', 'topic'],
  ['amq.headers', 'headers'],
  ['amq.match', 'headers'],
] as const;

export const predeclaredExchanges = (): Exchange[] =>
  predeclared.map(([name, type]) => ({
    name,
    type,
    durable: true,
    autoDelete: false,
    internal: false,
    bindings: [],
  }));

export const isSameBinding = (a: Binding, b: Binding): boolean =>
  a.to === b.to && a.name === b.name && a.key === b.key && JSON.stringify(a.args) === JSON.stringify(b.args);

/** The names of the queues that a message reaches, each once, also by way of exchanges bound in a circle. */
export function route(
  exchanges: ReadonlyMap<string, Exchange>,
  start: Exchange,
  key: string,
  headers: Args,
): ReadonlySet<string> {
  if (start.name === defaultExchange) return new Set([key]);
  const queues = new Set<string>();
  const seen = new Set([start]);
  for (const exchange of seen) {
    for (const binding of exchange.bindings) {
      if (!matches(exchange.type, binding, key, headers)) continue;
      const next = binding.to === 'exchange' ? exchanges.get(binding.name) : undefined;
      if (next) seen.add(next);
      else if (binding.to === 'queue') queues.add(binding.name);
    }
  }
  return queues;
}

function matches(type: ExchangeType, binding: Binding, key: string, headers: Args): boolean {
  switch (type) {
    case 'direct':
      return binding.key === key;
    case 'fanout':
      return true;
    case 'topic':
      return matchesTopic(binding.key.split('.'), key.split('.'));
    case 'headers':
      return matchesHeaders(binding.args, headers);
  }
}

/** '*' is one word, '#' none or more. Walks both once for each pair of words: no pattern can make it slow. */
export function matchesTopic(pattern: readonly string[], words: readonly string[]): boolean {
  // reached[i]: the pattern so far matches the first i words.
  let reached = words.map(() => false);
  reached = [true, ...reached];
  for (const part of pattern) {
    let any = false;
    reached = reached.map((here, index) => {
      any ||= here;
      if (part === '#') return any;
      return index > 0 && (reached[index - 1] ?? false) && (part === '*' || part === words[index - 1]);
    });
  }
  return reached.at(-1) ?? false;
}

function matchesHeaders(args: Args, headers: Args): boolean {
  const wanted = Object.entries(args).filter(([name]) => !name.startsWith('x-'));
  const found = wanted.filter(
    ([name, value]) => Object.hasOwn(headers, name) && (value === null || headers[name] === value),
  );
  return args['x-match'] === 'any' ? found.length > 0 : found.length === wanted.length;
}
