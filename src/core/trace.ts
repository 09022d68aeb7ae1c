// An append-only list of events with listeners: what every reader reads.

import type { LifecycleEvent, NewEvent } from './event';

/** What a reader needs to know of the whole trace to show it. */
export interface TraceMeta {
  /** The broker's name as the user knows it. */
  readonly broker: string;
  readonly scenario?: string;
  readonly title: string;
  /** How long the broker waits for the opening handshake; RabbitMQ's default is 10 000. */
  readonly handshakeTimeoutMs: number;
}

export interface Trace {
  readonly meta: TraceMeta;
  readonly events: readonly LifecycleEvent[];
  append(event: NewEvent): LifecycleEvent;
  /** Called with each new event; returns how to stop. */
  listen(listener: (event: LifecycleEvent) => void): () => void;
}

export const defaultHandshakeTimeoutMs = 10_000;

export function createTrace(meta: TraceMeta): Trace {
  const events: LifecycleEvent[] = [];
  const listeners = new Set<(event: LifecycleEvent) => void>();
  return {
    meta,
    events,
    append(event) {
      const numbered: LifecycleEvent = { seq: events.length + 1, ...event };
      events.push(numbered);
      for (const listener of listeners) listener(numbered);
      return numbered;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
