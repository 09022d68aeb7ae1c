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
  /** What went wrong is out of date: another broker, another try. */
  forgetError(): void;
  listen(listener: (now: Session, before: Session) => void): void;
}

export function createSession(): SessionStore {
  const listeners: ((now: Session, before: Session) => void)[] = [];
  let now: Session = {};
  function set(session: Session): void {
    const before = now;
    now = session;
    for (const listener of listeners) listener(now, before);
  }

  return {
    get now() {
      return now;
    },
    set,
    forgetError() {
      const { error: _, ...rest } = now;
      set(rest);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
