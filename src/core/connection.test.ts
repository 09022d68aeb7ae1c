// The fold of a connection's events, its deadlines and its verdict.

import { expect, test } from 'vitest';
import { foldConnections, type Connection } from './connection';
import { deadlineOf } from './deadline';
import { diagnose, howClosed } from './diagnose';
import type { EventBody, LifecycleEvent, Party } from './event';
import type { Reason } from './reason';

type Step = readonly [atMs: number, by: Party, body: EventBody];

function fold(steps: readonly Step[]): Connection {
  const events = steps.map(([atMs, by, body], index): LifecycleEvent => ({
    seq: index + 1,
    at: atMs * 1000,
    connection: 'c1',
    by,
    evidence:
      body.type === 'logged'
        ? { from: 'log', file: 'rabbit.log', line: 7, lines: 2 }
        : { from: 'wire', direction: by === 'broker' ? 'toClient' : 'toBroker', offset: 0, length: 8 },
    ...body,
  }));
  const connection = foldConnections(events).get('c1');
  if (!connection) throw new Error('no events');
  return connection;
}

const tuning = { heartbeatS: 60, frameMax: 131_072, channelMax: 2047 };
const toOpen: readonly Step[] = [
  [0, 'client', { type: 'resolving', host: 'localhost' }],
  [1, 'client', { type: 'dialing', address: '127.0.0.1', port: 5672 }],
  [2, 'tool', { type: 'connected', local: '127.0.0.1:50000', remote: '127.0.0.1:5672', tookUs: 900 }],
  [3, 'client', { type: 'greeted', version: '0-9-1' }],
  [4, 'broker', { type: 'offered', mechanisms: ['PLAIN'], product: 'RabbitMQ', version: '3.10.8' }],
  [5, 'client', { type: 'authenticating', mechanism: 'PLAIN', user: 'orders' }],
  [6, 'broker', { type: 'tuning', ...tuning }],
  [7, 'client', { type: 'tuned', ...tuning, heartbeatS: 5 }],
  [8, 'client', { type: 'opening', vhost: '/prod' }],
  [9, 'broker', { type: 'opened' }],
];

test('the phases follow one another, and the last is where it stands', () => {
  const { spans } = fold(toOpen);
  expect(spans.map(({ phase, from, to }) => [phase, from / 1000, to === undefined ? undefined : to / 1000])).toEqual([
    ['resolve', 0, 1],
    ['tcp', 1, 2],
    ['header', 2, 4],
    ['login', 4, 6],
    ['tune', 6, 8],
    ['open', 8, 9],
    ['running', 9, undefined],
  ]);
});

test('until the connection is open, the handshake timeout runs from TCP connect', () => {
  expect(deadlineOf(fold(toOpen.slice(0, 6)), 10_000)).toMatchObject({ rule: 'handshake', from: 10_002_000 });
});

test('once the client has answered, the handshake waits for the broker', () => {
  expect(deadlineOf(fold(toOpen.slice(0, 4)), 10_000)).toMatchObject({ waitingFor: 'broker', from: 10_002_000 });
  expect(deadlineOf(fold(toOpen.slice(0, 5)), 10_000)).toMatchObject({ waitingFor: 'client', since: 3000 });
});

test('an open connection must be heard between two and three heartbeats after the last byte', () => {
  const beating = fold([
    ...toOpen,
    [20_000, 'client', { type: 'heartbeat' }],
    [30_000, 'broker', { type: 'heartbeat' }],
  ]);
  expect(deadlineOf(beating, 10_000)).toMatchObject({ rule: 'heartbeat', since: 20e6, from: 30e6, to: 35e6 });
});

test.each([
  [
    'a heartbeat of 0',
    [...toOpen.slice(0, 7), [7, 'client', { type: 'tuned', ...tuning, heartbeatS: 0 }], ...toOpen.slice(8)],
  ],
  ['a connection that is closing', [...toOpen, [10, 'client', { type: 'closing', code: 200, text: 'bye' }]]],
  ['a connection that has ended', [...toOpen, [10, 'client', { type: 'ended', how: 'fin' }]]],
] satisfies [string, readonly Step[]][])('no deadline runs against %s', (_, steps) => {
  expect(deadlineOf(fold(steps), 10_000)).toBeUndefined();
});

const closedByPeer = { type: 'closed', how: 'reset', lastedUs: 1 } as const;
const reason = (id: string, extra: Partial<Reason>): Reason => ({
  id,
  title: id,
  closedBy: 'broker',
  severity: 'problem',
  why: `why ${id}`,
  check: [],
  fix: [],
  seenAt: '',
  source: 'test',
  samples: [],
  ...extra,
});
const log = { literal: '', pattern: /^/, sure: 'likely' } as const;

test('the log decides over the wire, the gravest line over the others', () => {
  const catalogue = [
    reason('wire', { wire: () => 'certain' }),
    reason('mild', { log, severity: 'notice' }),
    reason('grave', { log }),
  ];
  const logged = (id: string): Step => [
    99,
    'broker',
    { type: 'logged', level: 'error', text: id, reason: { id, values: {} } },
  ];
  const connection = fold([...toOpen, [90, 'broker', closedByPeer], logged('mild'), logged('grave')]);
  expect(diagnose(connection, catalogue)).toMatchObject({
    reason: 'grave',
    sure: 'likely',
    how: 'RST',
    log: { line: 7 },
  });
});

test('what the wire proves makes the likely word of the log certain', () => {
  const catalogue = [reason('both', { log, wire: () => 'certain' })];
  const steps: Step[] = [
    ...toOpen,
    [90, 'broker', closedByPeer],
    [99, 'broker', { type: 'logged', level: 'error', text: '', reason: { id: 'both', values: {} } }],
  ];
  expect(diagnose(fold(steps), catalogue)).toMatchObject({ sure: 'certain' });
});

test('a connection that lives has no verdict', () => {
  expect(diagnose(fold(toOpen), [reason('any', { wire: () => 'certain' })])).toBeUndefined();
});

test.each([
  ['clean', 'Connection.Close'],
  ['ended', 'FIN'],
  ['reset', 'RST'],
] as const)('closed %s reads %s', (how, text) => {
  expect(howClosed(fold([...toOpen, [90, 'client', { type: 'closed', how, lastedUs: 1 }]]))).toBe(text);
});
