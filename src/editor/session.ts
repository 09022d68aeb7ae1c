// What the window shows now: the trace, the scenario that runs, how the last run ended.

import type { OutcomeSummary } from '../core/messages';
import type { Trace } from '../core/trace';

export interface Session {
  readonly trace?: Trace;
  readonly running?: { readonly id: string; readonly title: string };
  readonly outcome?: OutcomeSummary;
  readonly error?: string;
}

export interface SessionStore {
  readonly now: Session;
  set(session: Session): void;
  listen(listener: (now: Session, before: Session) => void): void;
}

export function createSession(): SessionStore {
  const listeners: ((now: Session, before: Session) => void)[] = [];
  let now: Session = {};
  return {
    get now() {
      return now;
    },
    set(session) {
      const before = now;
      now = session;
      for (const listener of listeners) listener(now, before);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
