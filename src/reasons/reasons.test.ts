// What holds for each entry of the catalogue.
import { describe, expect, test } from 'vitest';
import { explainText, explainedCharacters } from '../core/explain';
import { reasonById, reasons } from './index';

const samples = reasons.flatMap((reason) => reason.samples.map((sample) => ({ reason, ...sample })));
const formatsOf = (reason: (typeof reasons)[number]) => reason.log?.formats ?? ['lager', 'otp'];

test('ids are unique, and each is found by its id', () => {
  expect(new Set(reasons.map(({ id }) => id)).size).toBe(reasons.length);
  for (const reason of reasons) expect(reasonById(reason.id)).toBe(reason);
  expect(reasonById('no.such')).toBeUndefined();
});

describe.each(reasons.map((reason) => [reason.id, reason] as const))('%s', (id, reason) => {
  test('is complete', () => {
    expect(id).toMatch(/^[a-z]+\.[a-z]+(?:-[a-z]+)*$/);
    expect(reason.title.length).toBeGreaterThan(10);
    expect(reason.title.length).toBeLessThanOrEqual(60);
    expect(reason.why).toMatch(/^[A-Z].{60,900}\.$/s);
    for (const list of [reason.check, reason.fix]) expect(list.length).toBeGreaterThan(0);
    for (const line of [...reason.check, ...reason.fix]) expect(line).toMatch(/[.?"]$/);
    expect(reason.seenAt).not.toBe('');
    expect(reason.source).toMatch(/\d/);
    expect(reason.log ?? reason.wire).toBeDefined();
    expect(reason.samples.length > 0).toBe(reason.log !== undefined);
  });

  test('never takes a reset by the broker as a proof', () => {
    const { title, why, check, fix, seenAt } = reason;
    const said = [title, why, ...check, ...fix, seenAt].join('\n');
    if (/\bRST\b/.test(said)) expect(said).toMatch(/cannot tell a FIN from a RST/);
  });
});

test.each(samples)('$reason.id explains $text', ({ reason, level, text }) => {
  for (const format of formatsOf(reason)) {
    const explained = explainText(text, level, reasons, format);
    expect(explained?.reason.id).toBe(reason.id);
    if (text.includes(' -> ')) expect(explained?.values['connection']).toMatch(/^\S+:\d+ -> \S+:\d+$/);
    // A line without a process id is one of 4.x.
    if (text.includes(' connection <0.')) expect(explained?.values['pid']).toMatch(/^<\d+\.\d+\.\d+>$/);
  }
});

describe('values', () => {
  const ends = '10.0.0.12:53422 -> 10.0.0.5:5672';
  test.each([
    [
      `closing AMQP connection <0.1.0> (${ends} - a, vhost: 'x', user: 'y'), vhost: '/', user: 'o'b', duration: '1M, 2s'):\nclient unexpectedly closed TCP connection`,
      { name: "a, vhost: 'x', user: 'y')", vhost: '/', user: "o'b", duration: '1M, 2s' },
    ],
    [
      `closing AMQP connection <0.1.0> (${ends} - a, vhost: '/', user: 'root'):\nmissed heartbeats from client, timeout: 60s`,
      { name: "a, vhost: '/', user: 'root'", timeout: '60' },
    ],
    [
      `closing AMQP connection (${ends} - x -> y (z):\n{q}, vhost: 'v', user: 'u')`,
      { name: 'x -> y (z):\n{q}', vhost: 'v', user: 'u' },
    ],
    [
      `Error on AMQP connection <0.1.0> (${ends}, state: starting):\nPLAIN login refused: user 'a' - invalid credentials' - invalid credentials`,
      { mechanism: 'PLAIN', user: "a' - invalid credentials" },
    ],
    [
      `Error on AMQP connection <0.1.0> (${ends} - n, user: 'u', state: opening):\nvhost vhost not found not found`,
      { name: 'n', user: 'u', vhost: 'vhost not found' },
    ],
    [
      `closing AMQP connection <0.1.0> (${ends}):\n{handshake_error,starting,0,\n                 {amqp_error,access_refused,\n                             "PLAIN login refused: user 'a\\"b\\\\c' - "\n                             "invalid credentials",\n                             'connection.start_ok'}}`,
      { mechanism: 'PLAIN', user: 'a"b\\c' },
    ],
    [
      `closing AMQP connection <0.1.0> (${ends}):, {handshake_timeout,{frame_payload,1,0,50}}`,
      { type: '1', channel: '0', size: '50' },
    ],
  ])('are read from %s', (text, values) => {
    const explained = explainText(text, 'info', reasons);
    expect(explained?.values).toMatchObject({ connection: ends, ...values });
    const known = Object.keys(values).concat('connection', 'pid');
    for (const name of Object.keys(explained?.values ?? {})) expect(known).toContain(name);
  });

  test.each([
    'accepting AMQP connection <0.1.0> (10.0.0.12:53422 -> 10.0.0.5:5672)',
    `He said: closing AMQP connection <0.1.0> (${ends})`,
    `closing AMQP connection <0.1.0> (${ends}):\n{inet_error,eunknown}`,
    `Error on AMQP connection <0.1.0> (${ends}, user: 'u', state: opening):\naccess to vhost 'prod' is not so`,
    `Error on AMQP connection <0.1.0> (${ends}, state: starting):\nPLAIN login refused: the moon is full`,
    `Closing all channels from connection '${ends}' because it has been closed`,
    'vhost missing not found',
  ])('%s is none of them', (text) => {
    expect(explainText(text, 'error', reasons)).toBeUndefined();
  });
});

test('hostile texts cost no more than their length', () => {
  const start = 'closing AMQP connection <0.1.0> (a -> b';
  const pieces = [
    ", vhost: '",
    "', user: '",
    ' - ',
    '):\n',
    ' -> ',
    ')',
    "'",
    ', state: starting):\n',
    'PLAIN login refused: ',
    '{handshake_error,starting,0,{amqp_error,access_refused,"',
    '"\n"',
    ' ',
    'vhost ',
    ' not found',
    'closed',
  ];
  const literals = reasons.flatMap(({ log }) => log?.literal ?? []).join(' ');
  for (const piece of pieces) {
    for (const head of [start, start.replace('closing', 'Error on'), 'closing AMQP connection ']) {
      const text = `${head} ${literals}${piece.repeat(explainedCharacters)}`.slice(0, explainedCharacters - 1) + '!';
      const from = performance.now();
      for (const format of ['report', 'otp']) explainText(text, 'error', reasons, format);
      // A pattern that tries every split needs seconds; all of these together need about a millisecond.
      expect(performance.now() - from, JSON.stringify([head, piece])).toBeLessThan(150);
    }
  }
});
