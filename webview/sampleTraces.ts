// Traces as a tap records them, for the unit tests and for the preview page. Not part of the bundle.

import type { Verdict } from '../src/core/diagnose';
import type { Direction, EventBody, Field, FrameSummary, LifecycleEvent, NewEvent, Party } from '../src/core/event';
import type { PanelState } from '../src/core/messages';
import type { TraceMeta } from '../src/core/trace';
import { closedVerdict, handshakeVerdict, heartbeatVerdict, passwordVerdict } from './sampleVerdicts';

type Spec = readonly [name: string, value: string, hex: string];

export interface SampleTrace {
  readonly meta: TraceMeta;
  readonly events: readonly LifecycleEvent[];
  readonly verdict?: Verdict;
}

export const startAt = Date.UTC(2026, 2, 4, 12, 0, 0) * 1000;
const local = '127.0.0.1:53504';
const remote = '127.0.0.1:5672';

export const panelState: PanelState = {
  broker: 'Practice Broker',
  practice: true,
  trusted: true,
  scenarios: [
    { id: 'healthy-lifecycle', title: 'Healthy lifecycle', shows: 'Every step of a good connection.' },
    { id: 'handshake-timeout', title: 'Handshake timeout', shows: 'Connect and say nothing.' },
    { id: 'no-data', title: 'No data', shows: 'Connect, send nothing, leave.' },
    { id: 'missed-heartbeats', title: 'Missed heartbeats', shows: 'Fall silent with the socket open.' },
    { id: 'wrong-password', title: 'Wrong password', shows: 'A refused login.' },
  ],
};

const metaOf = (scenario: string, title: string): TraceMeta => ({
  broker: 'Practice Broker',
  scenario,
  title,
  handshakeTimeoutMs: 10_000,
});

function text(value: string): string {
  return [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
const u16 = (value: number): string => value.toString(16).padStart(4, '0');
const u32 = (value: number): string => value.toString(16).padStart(8, '0');
const short = (value: string): string => value.length.toString(16).padStart(2, '0') + text(value);
const long = (value: string): string => u32(value.length) + text(value);

/** A method frame: type, channel, size, class and method, the fields, and the byte that ends it. */
function method(
  channel: number,
  name: string,
  id: readonly [number, number],
  fields: readonly Spec[],
  summary = fields.map(([field, value]) => `${field}=${value}`).join(' '),
): FrameSummary {
  let offset = 11;
  const shown: Field[] = [];
  for (const [field, value, bytes] of fields) {
    shown.push({ name: field, value, offset, length: bytes.length / 2 });
    offset += bytes.length / 2;
  }
  const payload = u16(id[0]) + u16(id[1]) + fields.map(([, , bytes]) => bytes).join('');
  const hex = `01${u16(channel)}${u32(payload.length / 2)}${payload}ce`;
  return { protocol: 'amqp091', method: name, text: summary, fields: shown, hex };
}

/** Writes events down one after another, `ms` after the start. */
function recorder(connection = 'c1') {
  const events: LifecycleEvent[] = [];
  const offsets: Record<Direction, number> = { toBroker: 0, toClient: 0 };
  const put = (event: NewEvent): void => void events.push({ seq: events.length + 1, ...event });
  return {
    events,
    socket(ms: number, body: EventBody, by: Party = 'tool') {
      put({ at: startAt + ms * 1000, connection, by, evidence: { from: 'socket' }, ...body });
    },
    wire(ms: number, direction: Direction, body: EventBody, frame: FrameSummary, channel = 0) {
      const length = frame.hex.length / 2;
      const evidence = { from: 'wire', direction, offset: offsets[direction], length } as const;
      offsets[direction] += length;
      const by = direction === 'toBroker' ? 'client' : 'broker';
      put({ at: startAt + ms * 1000, connection, by, channel, evidence, frame, ...body });
    },
    note(ms: number, words: string) {
      const evidence = { from: 'scenario' } as const;
      put({ at: startAt + ms * 1000, connection, by: 'tool', evidence, type: 'note', text: words });
    },
    logged(ms: number, line: number, level: string, words: string, reason?: string) {
      put({
        at: startAt + ms * 1000,
        connection,
        by: 'broker',
        evidence: { from: 'log', file: '/var/log/rabbitmq/rabbit@localhost.log', line, lines: 2 },
        type: 'logged',
        level,
        text: words,
        loggedAt: startAt + ms * 1000 + 200_000,
        ...(reason !== undefined && { reason: { id: reason, values: {} } }),
      });
    },
  };
}

type Recorder = ReturnType<typeof recorder>;

function dial(to: Recorder): void {
  to.socket(0, { type: 'resolving', host: 'localhost' }, 'client');
  to.socket(0.8, { type: 'resolved', addresses: ['127.0.0.1', '::1'], tookUs: 800 });
  to.socket(0.9, { type: 'dialing', address: '127.0.0.1', port: 5672 }, 'client');
  to.socket(1.3, { type: 'connected', local, remote, tookUs: 400 });
}

const header: FrameSummary = {
  protocol: 'amqp091',
  method: 'protocol.header',
  text: 'AMQP 0-9-1',
  fields: [
    { name: 'protocol', value: 'AMQP', offset: 0, length: 4 },
    { name: 'version', value: '0-9-1', offset: 5, length: 3 },
  ],
  hex: `${text('AMQP')}00000901`,
};
const heartbeat: FrameSummary = {
  protocol: 'amqp091',
  method: 'heartbeat',
  text: '',
  fields: [],
  hex: '08000000000000ce',
};
const start = method(
  0,
  'connection.start',
  [10, 10],
  [
    ['version', '0-9', '0009'],
    ['server-properties', 'RabbitMQ 3.10.8', u32(21) + short('product') + '53' + long('RabbitMQ')],
    ['mechanisms', 'PLAIN AMQPLAIN', long('PLAIN AMQPLAIN')],
    ['locales', 'en_US', long('en_US')],
  ],
  'RabbitMQ 3.10.8 mechanisms="PLAIN AMQPLAIN"',
);
const startOk = method(
  0,
  'connection.start-ok',
  [10, 11],
  [
    [
      'client-properties',
      'connection_name=orders-service',
      u32(35) + short('connection_name') + '53' + long('orders-service'),
    ],
    ['mechanism', 'PLAIN', short('PLAIN')],
    ['response', '••••••', u32(13) + '2a'.repeat(13)],
    ['locale', 'en_US', short('en_US')],
  ],
  'PLAIN user=guest response=••••••',
);
const tuneFrame = (name: string, id: number, heartbeatS: number): FrameSummary =>
  method(
    0,
    name,
    [10, id],
    [
      ['channel-max', '2047', u16(2047)],
      ['frame-max', '131072', u32(131072)],
      ['heartbeat', String(heartbeatS), u16(heartbeatS)],
    ],
    `heartbeat=${heartbeatS} frame-max=131072 channel-max=2047`,
  );

function login(to: Recorder): void {
  to.wire(1.6, 'toBroker', { type: 'greeted', version: '0-9-1' }, header);
  const offered = {
    type: 'offered',
    mechanisms: ['PLAIN', 'AMQPLAIN'],
    product: 'RabbitMQ',
    version: '3.10.8',
  } as const;
  to.wire(3.4, 'toClient', offered, start);
  const who = { mechanism: 'PLAIN', user: 'guest', clientName: 'orders-service' };
  to.wire(4.1, 'toBroker', { type: 'authenticating', ...who }, startOk);
}

function open(to: Recorder, heartbeatS: number): void {
  login(to);
  const limits = { frameMax: 131072, channelMax: 2047 };
  to.wire(5.9, 'toClient', { type: 'tuning', heartbeatS: 60, ...limits }, tuneFrame('connection.tune', 30, 60));
  to.wire(6.2, 'toBroker', { type: 'tuned', heartbeatS, ...limits }, tuneFrame('connection.tune-ok', 31, heartbeatS));
  const vhost = method(0, 'connection.open', [10, 40], [['virtual-host', '/', short('/')]]);
  to.wire(6.3, 'toBroker', { type: 'opening', vhost: '/' }, vhost);
  to.wire(7.9, 'toClient', { type: 'opened' }, method(0, 'connection.open-ok', [10, 41], []));
}

function closeFrame(code: number, words: string, cause = ''): FrameSummary {
  return method(
    0,
    'connection.close',
    [10, 50],
    [
      ['reply-code', String(code), u16(code)],
      ['reply-text', words, short(words)],
      ['class-id', '0', u16(0)],
      ['method-id', '0', u16(0)],
    ],
    `${code} "${words}"${cause}`,
  );
}

function healthy(): SampleTrace {
  const to = recorder();
  dial(to);
  open(to, 2);
  to.wire(9.1, 'toBroker', { type: 'channelOpening' }, method(1, 'channel.open', [20, 10], []), 1);
  to.wire(9.8, 'toClient', { type: 'channelOpened' }, method(1, 'channel.open-ok', [20, 11], []), 1);
  const declare = method(
    1,
    'queue.declare',
    [50, 10],
    [
      ['queue', '', '00'],
      ['exclusive', 'true', '04'],
    ],
  );
  to.wire(10.4, 'toBroker', { type: 'operation' }, declare, 1);
  const declared = method(1, 'queue.declare-ok', [50, 11], [['queue', 'amq.gen-4kzQ', short('amq.gen-4kzQ')]]);
  to.wire(11.8, 'toClient', { type: 'operation' }, declared, 1);
  const publish = method(
    1,
    'basic.publish',
    [60, 40],
    [
      ['exchange', '', '00'],
      ['routing-key', 'amq.gen-4kzQ', short('amq.gen-4kzQ')],
    ],
  );
  for (let ms = 12; ms < 15; ms++) {
    to.wire(ms, 'toBroker', { type: 'operation' }, publish, 1);
    to.wire(
      ms,
      'toBroker',
      { type: 'operation' },
      { ...heartbeat, method: 'content.header', text: '5 bytes delivery-mode=2' },
      1,
    );
    to.wire(ms, 'toBroker', { type: 'operation' }, { ...heartbeat, method: 'content.body', text: '5 bytes' }, 1);
  }
  const deliver = method(
    1,
    'basic.deliver',
    [60, 60],
    [
      ['consumer-tag', 'amq.ctag-1', short('amq.ctag-1')],
      ['delivery-tag', '1', '0'.repeat(15) + '1'],
    ],
  );
  to.wire(17.2, 'toClient', { type: 'operation' }, deliver, 1);
  to.wire(
    17.9,
    'toBroker',
    { type: 'operation' },
    method(1, 'basic.ack', [60, 80], [['delivery-tag', '1', '0'.repeat(15) + '1']]),
    1,
  );
  to.note(18, 'One message is published, consumed and acknowledged. Now only heartbeats, every 1 s.');
  for (let s = 1; s < 3; s++) {
    to.wire(s * 1000 + 8, 'toClient', { type: 'heartbeat' }, heartbeat);
    to.wire(s * 1000 + 9, 'toBroker', { type: 'heartbeat' }, heartbeat);
  }
  const bye = method(
    1,
    'channel.close',
    [20, 40],
    [
      ['reply-code', '200', u16(200)],
      ['reply-text', 'Goodbye', short('Goodbye')],
    ],
  );
  to.wire(2518, 'toBroker', { type: 'channelClosing', code: 200, text: 'Goodbye' }, bye, 1);
  to.wire(2518.9, 'toClient', { type: 'channelClosed' }, method(1, 'channel.close-ok', [20, 41], []), 1);
  to.wire(2519.6, 'toBroker', { type: 'closing', code: 200, text: 'Goodbye' }, closeFrame(200, 'Goodbye'));
  to.wire(2520.3, 'toClient', { type: 'closeAgreed' }, method(0, 'connection.close-ok', [10, 51], []));
  to.socket(2520.6, { type: 'ended', how: 'rst' }, 'broker');
  to.socket(2520.9, { type: 'closed', how: 'clean', lastedUs: 2_519_600 }, 'client');
  to.logged(2600, 1201, 'info', `accepting AMQP connection <0.867.0> (${local} -> ${remote})`);
  to.logged(
    2600,
    1204,
    'info',
    `closing AMQP connection <0.867.0> (${local} -> ${remote}, vhost: '/', user: 'guest')`,
    'connection.closed',
  );
  return { meta: metaOf('healthy-lifecycle', 'Healthy lifecycle'), events: to.events, verdict: closedVerdict };
}

function handshakeTimeout(): SampleTrace {
  const to = recorder();
  dial(to);
  to.note(1.6, 'The client says nothing from here on.');
  to.socket(5001.3, { type: 'quiet', rule: 'handshake', forMs: 5000, fromMs: 10_000, toMs: 10_000 }, 'client');
  to.socket(10_002.1, { type: 'ended', how: 'rst' }, 'broker');
  to.socket(10_002.3, { type: 'closed', how: 'reset', lastedUs: 10_001_000 }, 'broker');
  to.logged(
    10_100,
    1535,
    'error',
    `closing AMQP connection <0.867.0> (${local} -> ${remote}):\n{handshake_timeout,handshake}`,
    'handshake.timeout',
  );
  return { meta: metaOf('handshake-timeout', 'Handshake timeout'), events: to.events, verdict: handshakeVerdict };
}

function missedHeartbeats(): SampleTrace {
  const to = recorder();
  dial(to);
  open(to, 2);
  to.note(
    8.4,
    'A heartbeat of 2 s is agreed. The client falls silent: the broker gives up after 4 s to 6 s without a byte.',
  );
  to.wire(1008, 'toClient', { type: 'heartbeat' }, heartbeat);
  to.wire(2008, 'toClient', { type: 'heartbeat' }, heartbeat);
  to.socket(2010, { type: 'quiet', rule: 'heartbeat', forMs: 2004, fromMs: 4000, toMs: 6000 }, 'client');
  to.wire(3008, 'toClient', { type: 'heartbeat' }, heartbeat);
  to.wire(4008, 'toClient', { type: 'heartbeat' }, heartbeat);
  to.socket(4010, { type: 'quiet', rule: 'heartbeat', forMs: 4004, fromMs: 4000, toMs: 6000 }, 'client');
  to.wire(5008, 'toClient', { type: 'heartbeat' }, heartbeat);
  to.socket(5842, { type: 'ended', how: 'rst' }, 'broker');
  to.socket(5842.4, { type: 'closed', how: 'reset', lastedUs: 5_841_100 }, 'broker');
  to.logged(
    5900,
    48_211,
    'error',
    `closing AMQP connection <0.9112.0> (${local} -> ${remote}):\nmissed heartbeats from client, timeout: 2s`,
    'heartbeat.missed-from-client',
  );
  return { meta: metaOf('missed-heartbeats', 'Missed heartbeats'), events: to.events, verdict: heartbeatVerdict };
}

function wrongPassword(): SampleTrace {
  const to = recorder();
  dial(to);
  login(to);
  const words =
    'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.';
  to.wire(
    9.6,
    'toClient',
    { type: 'closing', code: 403, text: words },
    closeFrame(403, words, ' in connection.start-ok'),
  );
  to.wire(10.1, 'toBroker', { type: 'closeAgreed' }, method(0, 'connection.close-ok', [10, 51], []));
  to.socket(10.4, { type: 'ended', how: 'rst' }, 'broker');
  to.socket(10.6, { type: 'closed', how: 'clean', lastedUs: 9_300 }, 'broker');
  to.logged(
    40,
    2210,
    'error',
    `Error on AMQP connection <0.1203.0> (${local} -> ${remote}, state: starting):\nPLAIN login refused: user 'guest' - invalid credentials`,
    'login.refused',
  );
  return { meta: metaOf('wrong-password', 'Wrong password'), events: to.events, verdict: passwordVerdict };
}

function hostile(): SampleTrace {
  const to = recorder();
  dial(to);
  const first = {
    protocol: 'amqp091',
    method: '<img src=x onerror=alert(1)>',
    text: 'x'.repeat(400),
    fields: [],
    hex: text('GET / HTTP/1.1\r\n'),
  };
  to.wire(2, 'toBroker', { type: 'malformed', looksLike: 'http', text: 'not AMQP: GET / HTTP/1.1' }, first);
  to.wire(3, 'toClient', { type: 'greeted', version: '0-9-1' }, header);
  to.socket(3.5, { type: 'ended', how: 'rst' }, 'broker');
  to.socket(3.6, { type: 'closed', how: 'reset', lastedUs: 2300 }, 'broker');
  return { meta: metaOf('', 'An HTTP client'), events: to.events };
}

export const sampleTraces = { healthy, handshakeTimeout, missedHeartbeats, wrongPassword, hostile };
