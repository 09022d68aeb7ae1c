// What the wire alone tells, for connections as the tap sees them.
import { expect, test } from 'vitest';
import { foldConnections, type Connection } from '../core/connection';
import { diagnose } from '../core/diagnose';
import type { EventBody, Evidence, LifecycleEvent, Party } from '../core/event';
import { reasons } from './index';

type Step = readonly [seconds: number, by: Party, body: EventBody];

const wire: Evidence = { from: 'wire', direction: 'toBroker', offset: 0, length: 8 };
const fromBytes = new Set<EventBody['type']>([
  'greeted',
  'offered',
  'authenticating',
  'tuning',
  'tuned',
  'opening',
  'opened',
  'closing',
  'closeAgreed',
  'malformed',
]);

function connectionOf(steps: readonly Step[]): Connection {
  const events = steps.map(([seconds, by, body], index): LifecycleEvent => ({
    seq: index + 1,
    at: seconds * 1e6,
    connection: 'c1',
    by,
    evidence: fromBytes.has(body.type) ? wire : { from: 'socket' },
    ...body,
  }));
  const connection = foldConnections(events).get('c1');
  if (!connection) throw new Error('a story needs events');
  return connection;
}

const tuning = { heartbeatS: 5, frameMax: 131072, channelMax: 2047 };
const resolving: Step = [0, 'client', { type: 'resolving', host: 'mq.example' }];
const connected: Step = [0, 'network', { type: 'connected', local: '10.0.0.1:5', remote: '10.0.0.2:5672', tookUs: 1 }];
const greeted: Step = [0, 'client', { type: 'greeted', version: '0-9-1' }];
const started: Step = [
  0.01,
  'broker',
  { type: 'offered', mechanisms: ['PLAIN'], product: 'RabbitMQ', version: '3.10.8' },
];
const login: Step = [0.02, 'client', { type: 'authenticating', mechanism: 'PLAIN', user: 'ann' }];
const tune: Step = [0.03, 'broker', { type: 'tuning', ...tuning }];
const tuneOk: Step = [0.04, 'client', { type: 'tuned', ...tuning }];
const open: Step = [0.05, 'client', { type: 'opening', vhost: 'prod' }];
const openOk: Step = [0.06, 'broker', { type: 'opened' }];
const running = [connected, greeted, started, login, tune, tuneOk, open, openOk];
const close = (at: number, by: Party, code: number, text: string): Step => [at, by, { type: 'closing', code, text }];
const end = (at: number, by: 'client' | 'broker', how: 'fin' | 'rst'): readonly Step[] => [
  [at, by, { type: 'ended', how }],
  [at, by, { type: 'closed', how: how === 'fin' ? 'ended' : 'reset', lastedUs: at * 1e6 }],
];
const cleanly = (at: number, by: 'client' | 'broker'): Step => [
  at,
  by,
  { type: 'closed', how: 'clean', lastedUs: at * 1e6 },
];
const failed = (step: 'resolve' | 'dial', code: string): Step => [
  1,
  'network',
  { type: 'failed', step, code, text: code },
];
const answered = (looksLike: 'http' | 'tls' | 'ssh'): Step => [
  0.01,
  'broker',
  { type: 'malformed', text: 'not AMQP', looksLike },
];

// prettier-ignore
test.each<[story: string, steps: readonly Step[], reason: string | undefined, sure?: string, sentence?: string]>([
  ['a silent client is dropped after 10 s', [connected, ...end(10.004, 'broker', 'rst')], 'handshake.timeout', 'certain', 'The broker gave up after 10.0 s: the client opened TCP and never sent the protocol header.'],
  ['a silent client is dropped as a TLS port would', [connected, ...end(5.002, 'broker', 'rst')], 'handshake.timeout', 'likely'],
  ['a silent client is dropped at once', [connected, ...end(0.002, 'broker', 'rst')], 'broker.closed-in-handshake', 'likely'],
  ['only the header came', [connected, greeted, started, ...end(2, 'broker', 'rst')], 'handshake.timeout-after-header', 'certain', 'The broker gave up after 2.000 s: the client sent the protocol header and then did not log in.'],
  ['no answer to tune', [connected, greeted, started, login, tune, ...end(10, 'broker', 'rst')], 'handshake.timeout-after-header', 'certain', 'The broker gave up after 10.0 s: the client logged in and then did not answer Connection.Tune.'],
  ['tune-ok and no open', [connected, greeted, started, login, tune, tuneOk, ...end(10, 'broker', 'rst')], 'handshake.timeout-after-header', 'likely'],
  ['left without a byte', [connected, ...end(0.0003, 'client', 'fin')], 'handshake.no-data', 'certain', 'The client left 0.3 ms after TCP connect without sending a byte.'],
  ['silent on an open connection', [...running, ...end(14.66, 'broker', 'rst')], 'heartbeat.missed-from-client', 'certain', 'The broker closed after 14.6 s without a byte from the client. The heartbeat is 5 s, so it gives up between 10 s and 15 s of silence.'],
  ['silent for longer than RabbitMQ waits', [...running, ...end(60, 'broker', 'fin')], 'heartbeat.missed-from-client', 'likely'],
  ['dropped before any heartbeat was due', [...running, ...end(3, 'broker', 'rst')], undefined],
  ['a login refused aloud', [connected, greeted, started, login, close(0.03, 'broker', 403, 'ACCESS_REFUSED'), cleanly(0.04, 'broker')], 'auth.login-refused', 'certain', "The broker refused the login of user 'ann' (PLAIN) with 403."],
  ['a login refused in silence', [connected, greeted, started, login, ...end(3.03, 'broker', 'rst')], 'auth.login-refused', 'likely', "The broker closed 3.010 s after the login of user 'ann' (PLAIN) without a Connection.Close: so it refuses clients that do not name the capability authentication_failure_close."],
  ['an unknown vhost', [connected, greeted, started, login, tune, tuneOk, open, close(0.06, 'broker', 530, 'NOT_ALLOWED - vhost prod not found'), cleanly(0.07, 'broker')], 'vhost.not-found', 'certain', "The login was right, but the broker has no virtual host 'prod': it closed with 530 NOT_ALLOWED."],
  ['a vhost without permission', [connected, greeted, started, login, tune, tuneOk, open, close(0.06, 'broker', 530, "NOT_ALLOWED - access to vhost 'prod' refused for user 'ann'"), cleanly(0.07, 'broker')], 'vhost.access-refused', 'certain'],
  ['another refusal of the login', [connected, greeted, started, login, close(0.06, 'broker', 503, 'COMMAND_INVALID'), ...end(1, 'client', 'fin')], 'connection.closed-after-refusal', 'certain'],
  ['a FIN on an open connection', [...running, ...end(2, 'client', 'fin')], 'socket.closed-abruptly', 'certain', 'The client closed (FIN) its TCP connection after 2.000 s, without Connection.Close.'],
  ['a RST on an open connection', [...running, ...end(2, 'client', 'rst')], 'socket.closed-abruptly', 'certain'],
  ['a client that leaves in mid-handshake', [connected, greeted, started, ...end(2, 'client', 'fin')], 'socket.closed-abruptly', 'certain', 'The client closed (FIN) its TCP connection after 2.000 s, before the connection was open, without Connection.Close.'],
  ['a polite end', [...running, close(2, 'client', 200, 'bye'), cleanly(2.001, 'client')], 'connection.closed', 'certain', 'The client closed in good order after 2.001 s.'],
  ['an operator closes', [...running, close(2, 'broker', 320, 'CONNECTION_FORCED - bye'), cleanly(2.1, 'broker')], 'forced.operator', 'certain'],
  ['a node stops', [...running, close(2, 'broker', 320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"), cleanly(2.1, 'broker')], 'forced.node-shutdown', 'certain'],
  ['a closed channel is used', [...running, close(2, 'broker', 504, "CHANNEL_ERROR - expected 'channel.open'"), cleanly(2.1, 'broker')], 'channel.not-open', 'certain'],
  ['a channel crashes', [...running, close(2, 'broker', 541, 'INTERNAL_ERROR'), cleanly(2.1, 'broker')], 'channel.crashed', 'certain'],
  ['a vhost that is full', [connected, greeted, started, login, tune, tuneOk, open, close(0.06, 'broker', 530, "NOT_ALLOWED - access to vhost 'prod' refused for user 'ann': connection limit (5) is reached"), cleanly(0.07, 'broker')], 'limit.vhost-connections', 'certain'],
  ['nothing listens', [resolving, failed('dial', 'ECONNREFUSED')], 'dial.refused', 'certain', 'mq.example refused the TCP connection: nothing listens on that port (ECONNREFUSED).'],
  ['no such name', [resolving, failed('resolve', 'ENOTFOUND')], 'dial.name-not-found', 'certain', 'No address is known for the host name "mq.example" (ENOTFOUND).'],
  ['no name server', [resolving, failed('resolve', 'EAI_AGAIN')], 'dial.name-not-found', 'certain'],
  ['no answer', [resolving, failed('dial', 'ETIMEDOUT')], 'dial.timeout', 'certain', 'No answer from mq.example (ETIMEDOUT).'],
  ['no route', [resolving, failed('dial', 'ENETUNREACH')], 'dial.timeout', 'certain'],
  ['reset while dialling', [resolving, failed('dial', 'ECONNRESET')], 'dial.reset', 'certain'],
  ['a web server', [connected, greeted, answered('http'), ...end(0.1, 'client', 'fin')], 'broker.speaks-http', 'certain'],
  ['a TLS alert', [connected, greeted, answered('tls'), ...end(0.1, 'broker', 'fin')], 'broker.speaks-tls', 'certain'],
  ['a port that closes without a word', [connected, greeted, ...end(0.1, 'broker', 'rst')], 'broker.speaks-tls', 'likely'],
  ['a port that closes without a word, later', [connected, greeted, ...end(5, 'broker', 'rst')], 'broker.closed-in-handshake', 'likely'],
  ['an SSH server', [connected, answered('ssh'), greeted, ...end(0.1, 'client', 'fin')], 'broker.other-protocol', 'certain', 'The peer did not speak AMQP 0-9-1: not AMQP.'],
  ['another version of AMQP', [connected, greeted, [0.01, 'broker', { type: 'greeted', version: '1.0' }], ...end(0.1, 'broker', 'fin')], 'broker.other-protocol', 'certain', 'The broker answered with the protocol header of AMQP 1.0: that is what it would speak.'],
  ['still running', running, undefined],
])('%s', (_story, steps, reason, sure, sentence) => {
  const verdict = diagnose(connectionOf(steps), reasons);
  expect(verdict?.reason).toBe(reason);
  if (sure) expect(verdict?.sure).toBe(sure);
  if (sentence) expect(verdict?.sentence).toBe(sentence);
  expect(verdict?.sentence ?? '').not.toMatch(/undefined|NaN/);
});

test('every reason that a scenario provokes is recognised on the wire too', () => {
  const provoked = reasons.filter(({ scenario }) => scenario !== undefined);
  expect(provoked.length).toBeGreaterThan(5);
  for (const { id, wire: recognise } of provoked) expect(recognise, id).toBeDefined();
});
