// Messages of the editor add up to what is shown.

import { describe, expect, it } from 'vitest';
import type { LifecycleEvent } from '../src/core/event';
import { panelState, sampleTraces } from './sampleTraces';
import { newState, receive, shownConnection } from './state';

const { meta, events } = sampleTraces.healthy();
const second = events.map((event): LifecycleEvent => ({ ...event, connection: 'c2', seq: event.seq + 1000 }));
const reset = (all: readonly LifecycleEvent[]) =>
  ({ type: 'reset', state: panelState, meta, events: all, verdicts: {} }) as const;
const append = (all: readonly LifecycleEvent[]) => ({ type: 'append', events: all, verdicts: {} }) as const;

describe('the messages add up', () => {
  it.each([1, 2, 7, events.length])('to the same in batches of %i as at once', (size) => {
    const whole = newState();
    receive(whole, reset(events));
    const parts = newState();
    receive(parts, reset([]));
    for (let from = 0; from < events.length; from += size) receive(parts, append(events.slice(from, from + size)));
    expect(shownConnection(parts)).toEqual(shownConnection(whole));
  });

  it('and tell which row is the first to draw', () => {
    const state = newState();
    receive(state, reset(events.slice(0, 4)));
    expect(receive(state, append(events.slice(4, 6)))).toEqual({ rows: 4 });
    expect(receive(state, { type: 'state', state: panelState })).toEqual({ rows: undefined });
  });

  it('and show the newest connection, all of it, unless one was chosen', () => {
    const state = newState();
    receive(state, reset(events));
    expect(receive(state, append(second.slice(0, 3)))).toEqual({ rows: 'all' });
    expect(shownConnection(state)?.connection.id).toBe('c2');
    state.chosen = 'c1';
    expect(receive(state, append(second.slice(3)))).toEqual({ rows: undefined });
    expect(shownConnection(state)?.connection.id).toBe('c1');
  });
});

describe('what was chosen', () => {
  it('holds when the same trace is sent once more', () => {
    const kept = { chosen: 'c1', open: 9, ...(events[0] && { startedAt: events[0].at }) };
    const state = newState(kept);
    receive(state, reset([...events, ...second]));
    expect(state).toMatchObject(kept);
    expect(shownConnection(state)?.connection.id).toBe('c1');
  });

  it('is forgotten with its trace, though the next one uses the same names', () => {
    const state = newState();
    receive(state, reset([]));
    receive(state, append(events));
    Object.assign(state, { chosen: 'c1', open: 9 });
    receive(state, reset(events.map((event) => ({ ...event, at: event.at + 60_000_000 }))));
    expect(state.chosen).toBeUndefined();
    expect(state.open).toBeUndefined();
  });
});
