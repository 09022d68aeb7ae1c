// Events as a terminal, a tooltip and a screen reader tell them.

import { describe, expect, it } from 'vitest';
import { foldConnections } from './connection';
import type { EventBody, LifecycleEvent, NewEvent } from './event';
import { directionOf, label, lane, printEvent, sentence, stamp } from './print';

const wire = (direction: 'toBroker' | 'toClient') => ({ from: 'wire', direction, offset: 0, length: 8 }) as const;

function eventOf(body: EventBody, more: Partial<NewEvent> = {}): LifecycleEvent {
  // The body decides the union's member; the spread hides that from the compiler.
  return {
    seq: 1,
    at: 1_000_400,
    connection: 'c1',
    by: 'client',
    evidence: { from: 'socket' },
    ...more,
    ...body,
  } as LifecycleEvent;
}

const frame = (method: string, text: string) => ({ protocol: 'amqp091', method, text, fields: [], hex: '' });
const limits = { frameMax: 131072, channelMax: 2047 };

describe('one event becomes one line', () => {
  it.each<[string, LifecycleEvent, string]>([
    [
      'a method goes from side to side',
      eventOf(
        { type: 'tuned', heartbeatS: 5, ...limits },
        { evidence: wire('toBroker'), frame: frame('connection.tune-ok', 'heartbeat=5 frame-max=131072') },
      ),
      '    0.4 ms  client → broker  connection.tune-ok heartbeat=5 frame-max=131072',
    ],
    [
      'what has no frame is told in our words',
      eventOf({ type: 'dialing', address: '::1', port: 5672 }),
      '    0.4 ms  client → broker  TCP connect [::1]:5672',
    ],
    [
      'what the tap does to dial is told as the client’s part',
      eventOf({ type: 'resolved', addresses: ['127.0.0.1', '::1'], tookUs: 800 }, { by: 'tool' }),
      '    0.4 ms  client           resolved 127.0.0.1, ::1',
    ],
    [
      'a reset goes the way of the one who sent it',
      eventOf({ type: 'ended', how: 'rst' }, { by: 'broker', at: 11_001_000 }),
      '  10.001 s  broker → client  RST',
    ],
    [
      'the end is said by whom and how',
      eventOf({ type: 'closed', how: 'reset', lastedUs: 10_000_000 }, { by: 'broker' }),
      '    0.4 ms  end              closed by the broker RST · 10.0 s',
    ],
    [
      "the log has the broker's clock, so it has no time of ours",
      eventOf({ type: 'logged', level: 'error', text: 'closing AMQP connection:\n{handshake_timeout,handshake}' }),
      "            broker's log     [error] closing AMQP connection: {handshake_timeout,handshake}",
    ],
    [
      'nothing in it steers a terminal',
      eventOf({ type: 'note', text: '\u001b[31mred\u0007 \u202eevil' }),
      '    0.4 ms  scenario         �[31mred� �evil',
    ],
  ])('%s', (_, event, line) => {
    expect(printEvent(event, 1_000_000)).toBe(line);
  });
});

it.each([
  [0, '0.0 ms'],
  [400, '0.4 ms'],
  [999_949, '999.9 ms'],
  [999_950, '1.000 s'],
  [10_001_000, '10.001 s'],
  [99_999_499, '99.999 s'],
  [99_999_600, '1:40.000'],
  [125_120_000, '2:05.120'],
])('%i µs is %s', (us, text) => {
  expect(stamp(us)).toBe(text);
});

describe('a sentence says what an event means', () => {
  const tuning = eventOf({ type: 'tuning', heartbeatS: 60, ...limits }, { by: 'broker', evidence: wire('toClient') });
  const connection = foldConnections([tuning]).get('c1');
  const tuned = (heartbeatS: number): LifecycleEvent => eventOf({ type: 'tuned', heartbeatS, ...limits });

  it.each<[number, string]>([
    [5, 'The client agreed to a heartbeat of 5 s (the broker offered 60; the smaller wins).'],
    [60, 'The client agreed to a heartbeat of 60 s, as the broker offered.'],
    [90, 'The client agreed to a heartbeat of 90 s, more than the 60 s that the broker offered.'],
    [0, 'The client turned heartbeats off: neither side will notice a peer that is gone until TCP does.'],
  ])('a heartbeat of %i s after 60 were offered', (heartbeatS, text) => {
    expect(sentence(tuned(heartbeatS), connection)).toBe(text);
  });

  it('an agreement is told without its offer, too', () => {
    expect(sentence(tuned(5))).toBe('The client agreed to a heartbeat of 5 s.');
  });

  it.each<[EventBody, string]>([
    [
      { type: 'quiet', rule: 'heartbeat', forMs: 4004, fromMs: 4000, toMs: 6000 },
      'Nothing has come from the client for 4.0 s. The other side looks once per heartbeat interval and gives up at the second look in a row that finds nothing: between 4 and 6 s.',
    ],
    [
      { type: 'quiet', rule: 'handshake', forMs: 5000, fromMs: 10_000, toMs: 10_000 },
      'The client has been silent for 5.0 s. The broker gives up when the handshake is not complete after 10 s.',
    ],
    [{ type: 'closing', code: 200, text: 'Goodbye' }, 'The client asks to close the connection: 200 Goodbye.'],
    [{ type: 'closing', code: 320, text: '' }, 'The client closes the connection: 320.'],
    [{ type: 'resolved', addresses: ['::1'], tookUs: 800 }, '1 address found in 0.8 ms: ::1.'],
    [
      { type: 'malformed', looksLike: 'http', text: 'not AMQP: an HTTP request ("GET / HTTP/1.1")' },
      'The client sent bytes that are not AMQP 0-9-1 but an HTTP request ("GET / HTTP/1.1").',
    ],
    [
      { type: 'tuning', heartbeatS: 0, frameMax: 0, channelMax: 0 },
      'The broker offers no heartbeats, frames of any size, any number of channels.',
    ],
  ])('%o', (body, text) => {
    expect(sentence(eventOf(body))).toBe(text);
  });

  it('a reset by the broker is not blamed: RabbitMQ ends good connections so, too', () => {
    expect(sentence(eventOf({ type: 'ended', how: 'rst' }, { by: 'broker' }))).toContain(
      'says nothing about the cause',
    );
    expect(sentence(eventOf({ type: 'ended', how: 'rst' }, { by: 'client' }))).not.toContain('RabbitMQ');
  });
});

it('a silence happens on one side, whatever it is known from', () => {
  const quiet = eventOf({ type: 'quiet', rule: 'heartbeat', forMs: 4000, fromMs: 4000, toMs: 6000 });
  expect(directionOf(quiet)).toBeUndefined();
  expect(lane(quiet)).toBe('client');
  expect(label(quiet)).toEqual({ what: 'silent for 4.0 s', more: '· the broker gives up between 4 and 6 s' });
});
