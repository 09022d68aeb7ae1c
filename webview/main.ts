// The timeline's page: takes the editor's messages, and draws what changed.

import './timeline.css';
import type { FromPanel, ToPanel } from '../src/core/messages';
import { createClock } from './clock';
import { registerControls } from './controls';
import { deadlineView, type DeadlineView } from './deadlines';
import { createPage } from './page';
import { newState, receive, runningDeadline, shownConnection, type Change, type Kept } from './state';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: Kept): void;
};

const host = acquireVsCodeApi();
const root = document.getElementById('timeline');
const slow = window.matchMedia('(prefers-reduced-motion: reduce)');

registerControls();
const state = newState(keptBy(host.getState()));
const clock = createClock();
const page = createPage({
  post: (message) => host.postMessage(message),
  choose(connection) {
    state.chosen = connection;
    delete state.open;
    keep();
    draw({ rows: 'all' });
  },
  open(seq) {
    if (seq === undefined || seq === state.open) delete state.open;
    else state.open = seq;
    keep();
    draw({ rows: undefined });
  },
});
root?.append(page.element);

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  const local = Date.now() * 1000;
  if (data.type === 'append') clock.observe(data.events, local);
  if (data.type === 'reset') {
    clock.observeOld(data.events, local);
    if (data.sentAt !== undefined) clock.observeSent(data.sentAt, local);
  }
  draw(receive(state, data));
});
host.postMessage({ type: 'ready' });

let ticking: ReturnType<typeof setTimeout> | undefined;

function draw(change: Change): void {
  const now = clock.toEventTime(Date.now() * 1000);
  page.draw(state, change, now, deadline(now));
  clearTimeout(ticking);
  // Only a deadline that runs moves anything by itself.
  if (runningDeadline(state)) ticking = setTimeout(() => draw({ rows: undefined }), slow.matches ? 1000 : 100);
}

function deadline(now: number): DeadlineView | undefined {
  const shown = shownConnection(state);
  if (!shown) return undefined;
  if (shown.missed) return deadlineView(shown.missed.deadline, now, shown.missed.at);
  const running = runningDeadline(state);
  return running && deadlineView(running, now);
}

function keep(): void {
  const { chosen, open, startedAt } = state;
  host.setState({
    ...(chosen !== undefined && { chosen }),
    ...(open !== undefined && { open }),
    ...(startedAt !== undefined && { startedAt }),
  });
}

/** What an earlier life of this page kept; it may be an older version's. */
function keptBy(kept: unknown): Kept {
  if (typeof kept !== 'object' || kept === null) return {};
  const chosen = 'chosen' in kept && typeof kept.chosen === 'string' ? kept.chosen : undefined;
  const open = 'open' in kept && typeof kept.open === 'number' ? kept.open : undefined;
  const startedAt = 'startedAt' in kept && typeof kept.startedAt === 'number' ? kept.startedAt : undefined;
  return {
    ...(chosen !== undefined && { chosen }),
    ...(open !== undefined && { open }),
    ...(startedAt !== undefined && { startedAt }),
  };
}
