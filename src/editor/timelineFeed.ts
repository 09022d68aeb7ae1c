// A trace → messages to the panel: the whole of it at once, then what is new, gathered for 50 ms.

import { foldEvent, openConnection, type Connection } from '../core/connection';
import { diagnose, type Verdict } from '../core/diagnose';
import type { LifecycleEvent } from '../core/event';
import type { ToPanel, Verdicts } from '../core/messages';
import type { Reason } from '../core/reason';
import type { Trace } from '../core/trace';

export const gatherMs = 50;

type Append = Extract<ToPanel, { type: 'append' }>;
type Whole = Pick<Extract<ToPanel, { type: 'reset' }>, 'meta' | 'events' | 'verdicts'>;

export interface TimelineFeed {
  /** Follows another trace, or none. Nothing of the one before is sent any more. */
  follow(trace: Trace | undefined): void;
  /** All that there is to show now. What is sent afterwards goes on from here. */
  whole(): Whole;
  /** Sends at once what is gathered: what is posted next must not overtake it. */
  flush(): void;
  dispose(): void;
}

/** `send` is called with what is new, whether anybody sees it or not. */
export function createTimelineFeed(catalogue: readonly Reason[], send: (message: Append) => void): TimelineFeed {
  let followed: Trace | undefined;
  let stopListening: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let fresh: LifecycleEvent[] = [];
  const connections = new Map<string, Connection>();
  const verdicts = new Map<string, Verdict>();
  const changed = new Set<string>();

  function fold(event: LifecycleEvent): void {
    const before = connections.get(event.connection);
    connections.set(event.connection, before ? foldEvent(before, event) : openConnection(event));
    changed.add(event.connection);
  }

  /** Diagnoses what changed since the last call. */
  function judge(): Verdicts {
    const judged: Record<string, Verdict> = {};
    for (const id of changed) {
      const connection = connections.get(id);
      const verdict = connection && diagnose(connection, catalogue);
      if (!verdict) continue;
      verdicts.set(id, verdict);
      judged[id] = verdict;
    }
    changed.clear();
    return judged;
  }

  function settle(): LifecycleEvent[] {
    clearTimeout(timer);
    timer = undefined;
    const events = fresh;
    fresh = [];
    return events;
  }

  function flush(): void {
    const events = settle();
    if (events.length === 0) return;
    send({ type: 'append', events, verdicts: judge() });
  }

  return {
    follow(trace) {
      stopListening?.();
      settle();
      connections.clear();
      verdicts.clear();
      changed.clear();
      followed = trace;
      stopListening = undefined;
      if (!trace) return;
      for (const event of trace.events) fold(event);
      stopListening = trace.listen((event) => {
        fold(event);
        fresh.push(event);
        timer ??= setTimeout(flush, gatherMs);
      });
    },
    whole() {
      settle();
      judge();
      return {
        events: followed ? [...followed.events] : [],
        verdicts: Object.fromEntries(verdicts),
        ...(followed && { meta: followed.meta }),
      };
    },
    flush,
    dispose() {
      stopListening?.();
      settle();
    },
  };
}
