// What the messages add up to. The page is a function of this, and of nothing else.

import { foldEvent, openConnection, type Connection } from '../src/core/connection';
import { deadlineOf, type Deadline } from '../src/core/deadline';
import type { LifecycleEvent, Micros } from '../src/core/event';
import type { PanelState, ToPanel, Verdicts } from '../src/core/messages';
import { defaultHandshakeTimeoutMs, type TraceMeta } from '../src/core/trace';
import { missedBy, type MissedDeadline } from './deadlines';
import { addEvent, emptyRows, type Rows } from './rows';

export interface Shown {
  readonly connection: Connection;
  readonly rows: Rows;
  readonly missed?: MissedDeadline;
}

export interface TimelineState {
  panel?: PanelState;
  meta?: TraceMeta;
  verdicts: Verdicts;
  readonly connections: Map<string, Shown>;
  /** The connection that the user chose. Without a choice the newest is shown. */
  chosen?: string;
  /** The row whose details are open, by its event. */
  open?: number;
  /** The trace's first event: two traces use the same names for their connections. */
  startedAt?: Micros;
}

/** What the user chose, kept by the editor while the view is hidden. */
export type Kept = Pick<TimelineState, 'chosen' | 'open' | 'startedAt'>;

/** What of the page is out of date: everything, or the rows from one on. */
export type Change = { readonly rows: 'all' | number | undefined };

export const newState = (kept: Kept = {}): TimelineState => ({ verdicts: {}, connections: new Map(), ...kept });

export function shownConnection(state: TimelineState): Shown | undefined {
  const chosen = state.chosen === undefined ? undefined : state.connections.get(state.chosen);
  return chosen ?? [...state.connections.values()].at(-1);
}

export function handshakeTimeoutOf(state: TimelineState): number {
  return state.meta?.handshakeTimeoutMs ?? defaultHandshakeTimeoutMs;
}

export function runningDeadline(state: TimelineState): Deadline | undefined {
  const shown = shownConnection(state);
  return shown && deadlineOf(shown.connection, handshakeTimeoutOf(state));
}

export function receive(state: TimelineState, message: ToPanel): Change {
  switch (message.type) {
    case 'state':
      state.panel = message.state;
      return { rows: undefined };
    case 'append': {
      state.verdicts = { ...state.verdicts, ...message.verdicts };
      return { rows: addEvents(state, message.events) };
    }
    case 'reset': {
      state.panel = message.state;
      state.verdicts = message.verdicts;
      if (message.meta) state.meta = message.meta;
      else delete state.meta;
      state.connections.clear();
      // What was chosen holds for its own trace, sent once more.
      if (message.events[0]?.at !== state.startedAt) {
        delete state.chosen;
        delete state.open;
        delete state.startedAt;
      }
      addEvents(state, message.events);
      return { rows: 'all' };
    }
  }
}

/** The first row of the shown connection that changed. */
function addEvents(state: TimelineState, events: readonly LifecycleEvent[]): Change['rows'] {
  const startedAt = state.startedAt ?? events[0]?.at;
  if (startedAt !== undefined) state.startedAt = startedAt;
  const before = shownConnection(state)?.connection.id;
  let first: number | undefined;
  for (const event of events) {
    const changed = addOne(state, event);
    if (event.connection === before) first = Math.min(first ?? changed, changed);
  }
  return shownConnection(state)?.connection.id === before ? first : 'all';
}

function addOne(state: TimelineState, event: LifecycleEvent): number {
  const old = state.connections.get(event.connection);
  const rows = old?.rows ?? emptyRows();
  const changed = addEvent(rows, event, old?.connection);
  const connection = old ? foldEvent(old.connection, event) : openConnection(event);
  const missed = old?.missed ?? (old && missedBy(old.connection, event, handshakeTimeoutOf(state)));
  state.connections.set(event.connection, { connection, rows, ...(missed && { missed }) });
  return changed;
}
