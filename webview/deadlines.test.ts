// What the deadline bar says and shows at a moment.

import { describe, expect, it } from 'vitest';
import type { Deadline } from '../src/core/deadline';
import { deadlineView } from './deadlines';
import { panelState, sampleTraces, startAt } from './sampleTraces';
import { newState, receive, runningDeadline, shownConnection } from './state';

const heartbeat: Deadline = { rule: 'heartbeat', waitingFor: 'client', since: 0, from: 4_000_000, to: 6_000_000 };
const handshake: Deadline = { rule: 'handshake', waitingFor: 'client', since: 0, from: 10_000_000, to: 10_000_000 };

describe('a deadline in words', () => {
  it.each<[string, Deadline, number, number | undefined, object | undefined]>([
    ['a handshake is not worth a look at first', handshake, 300_000, undefined, undefined],
    [
      'then it runs',
      handshake,
      3_200_000,
      undefined,
      { standing: 'calm', rule: 'the broker gives up 10 s after TCP connect', state: '3.2 s gone', windowFrom: 1 },
    ],
    ['past half of it, it is near', handshake, 5_000_000, undefined, { standing: 'near', leftMs: 5000, gone: 0.5 }],
    [
      'a heartbeat has a window',
      heartbeat,
      1_900_000,
      undefined,
      { standing: 'calm', rule: 'the broker gives up between 4 and 6 s of silence', state: 'silent for 1.9 s' },
    ],
    ['in the window it is due', heartbeat, 4_000_000, undefined, { standing: 'due', windowFrom: 4 / 6, leftMs: 2000 }],
    ['past the window nothing is left', heartbeat, 9_000_000, undefined, { standing: 'due', gone: 1, leftMs: 0 }],
    [
      'a missed one stands where it was missed',
      heartbeat,
      99_000_000,
      5_800_000,
      { standing: 'missed', gone: 5.8 / 6, state: 'gave up after 5.8 s' },
    ],
    ['a clock that is behind shows no negative silence', heartbeat, -50_000, undefined, { gone: 0, standing: 'calm' }],
  ])('%s', (_, deadline, now, missedAt, expected) => {
    const view = deadlineView(deadline, now, missedAt);
    if (expected) expect(view).toMatchObject(expected);
    else expect(view).toBeUndefined();
  });
});

describe('a missed deadline', () => {
  it.each([
    ['healthy', undefined],
    ['wrongPassword', undefined],
    ['handshakeTimeout', 'handshake'],
    ['missedHeartbeats', 'heartbeat'],
  ] as const)('of %s is %s', (name, rule) => {
    const { meta, events } = sampleTraces[name]();
    const state = newState();
    receive(state, { type: 'reset', state: panelState, meta, events, verdicts: {} });
    expect(shownConnection(state)?.missed?.deadline.rule).toBe(rule);
    expect(runningDeadline(state)).toBeUndefined();
  });

  it('runs while the connection lives', () => {
    const { meta, events } = sampleTraces.missedHeartbeats();
    const state = newState();
    const lived = events.filter(({ at }) => at < startAt + 5_000_000);
    receive(state, { type: 'reset', state: panelState, meta, events: lived, verdicts: {} });
    expect(runningDeadline(state)?.rule).toBe('heartbeat');
  });
});
