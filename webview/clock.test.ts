// How far the clock of the events is from ours.

import { expect, it } from 'vitest';
import type { LifecycleEvent } from '../src/core/event';
import { createClock } from './clock';

const seen = { seq: 1, connection: 'c1', by: 'broker', evidence: { from: 'socket' } } as const;
const eventAt = (at: number): LifecycleEvent => ({ ...seen, at, type: 'heartbeat' });

it('without any sign, the clocks are taken for the same', () => {
  expect(createClock().toEventTime(1000)).toBe(1000);
});

it('the event that took the least time to come tells the difference best', () => {
  const clock = createClock();
  clock.observe([eventAt(1000)], 6000);
  clock.observe([eventAt(2000)], 6900);
  clock.observe([eventAt(3000)], 8500);
  expect(clock.toEventTime(10_000)).toBe(10_000 - 4900);
});

it('a clock that is behind is seen, too', () => {
  const clock = createClock();
  clock.observe([eventAt(50_000)], 20_000);
  expect(clock.toEventTime(21_000)).toBe(51_000);
});

it('events that may be old say nothing, unless they would be from the future', () => {
  const clock = createClock();
  clock.observeOld([eventAt(1000)], 900_000);
  expect(clock.toEventTime(900_000)).toBe(900_000);
  clock.observeOld([eventAt(950_000)], 900_000);
  expect(clock.toEventTime(900_000)).toBe(950_000);
});

it("the sender's own time settles it at once", () => {
  const clock = createClock();
  clock.observeOld([eventAt(1000)], 905_000);
  clock.observeSent(900_000, 905_000);
  expect(clock.toEventTime(905_000)).toBe(900_000);
});

it("the broker's log has another clock, and is not believed", () => {
  const clock = createClock();
  const logged: LifecycleEvent = { ...seen, at: 999_999, type: 'logged', level: 'info', text: '' };
  clock.observe([logged], 1000);
  expect(clock.toEventTime(1000)).toBe(1000);
});
