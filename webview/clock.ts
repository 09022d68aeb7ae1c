// Where the events' clock stands, seen from a machine with a clock of its own.

import type { LifecycleEvent, Micros } from '../src/core/event';

/**
 * Events carry the time of the machine that the tap runs on; this page may run on another. An event arrives a little
 * after it happened, so `arrival − at` is the difference of the clocks plus a delay: the smallest is the best guess.
 */
export interface Clock {
  /** Events as they come, with this machine's time. */
  observe(events: readonly LifecycleEvent[], localNow: Micros): void;
  /** The other machine's time when it sent a message. */
  observeSent(sentAt: Micros, localNow: Micros): void;
  /** Events that may be old: they only prove that our clock is behind. */
  observeOld(events: readonly LifecycleEvent[], localNow: Micros): void;
  /** This machine's time as the events' clock shows it. */
  toEventTime(localNow: Micros): Micros;
}

export function createClock(): Clock {
  let fresh: number | undefined;
  let old = 0;
  const smallest = (difference: number): void => {
    fresh = Math.min(fresh ?? Infinity, difference);
  };
  const newest = (events: readonly LifecycleEvent[]): Micros | undefined => {
    let at: Micros | undefined;
    for (const event of events) if (event.type !== 'logged') at = Math.max(at ?? event.at, event.at);
    return at;
  };
  return {
    observe(events, localNow) {
      const at = newest(events);
      if (at !== undefined) smallest(localNow - at);
    },
    observeSent: (sentAt, localNow) => smallest(localNow - sentAt),
    observeOld(events, localNow) {
      const at = newest(events);
      if (at !== undefined) old = Math.min(old, localNow - at);
    },
    toEventTime: (localNow) => localNow - (fresh ?? old),
  };
}
