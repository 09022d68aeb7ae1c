// The page's parts, put together: what is on top, what scrolls, what stands beside.

import type { Micros } from '../src/core/event';
import type { FromPanel } from '../src/core/messages';
import type { DeadlineView } from './deadlines';
import { createDeadlineBar } from './deadlineBar';
import { createDetails } from './details';
import { element, fill, setText } from './dom';
import { createFacts } from './facts';
import { walkRows } from './keyboard';
import { createLogCards } from './logCards';
import { createPhaseBar } from './phaseBar';
import { phaseParts } from './phases';
import { createSequence } from './sequence';
import { createProblemCard, createStartPage } from './start';
import { handshakeTimeoutOf, shownConnection, type Change, type Shown, type TimelineState } from './state';
import { createToolbar } from './toolbar';
import { createVerdict } from './verdict';

export interface PageActions {
  post(message: FromPanel): void;
  choose(connection: string): void;
  /** Opens the row of an event, closes it where it is open, or closes any. */
  open(seq: number | undefined): void;
}

export interface Page {
  readonly element: HTMLElement;
  draw(state: TimelineState, change: Change, now: Micros, deadline: DeadlineView | undefined): void;
}

/** From this width on, the details stand beside the rows. The style sheet says the same. */
const besidePx = 900;

export function createPage({ post, choose, open }: PageActions): Page {
  const toolbar = createToolbar(post, choose);
  const problem = createProblemCard(post);
  const verdict = createVerdict(post);
  const phases = createPhaseBar();
  const deadlines = createDeadlineBar();
  const top = element('div', { class: 'top' }, verdict.element, phases.element, deadlines.element);
  const clientHead = element('span', { class: 'client' });
  const brokerHead = element('span', { class: 'broker' });
  const heads = element('div', { class: 'heads' }, clientHead, brokerHead);
  const sequence = createSequence(open);
  const logs = createLogCards(post);
  const scroller = element('div', { class: 'scroller' }, heads, sequence.element, logs.element);
  const details = createDetails(post, () => close());
  const facts = createFacts();
  const side = element('aside', { class: 'side' });
  const body = element('div', { class: 'body' }, scroller, side);
  const trace = element('div', { class: 'trace' }, top, body);
  const start = createStartPage(post);
  const said = element('p', { class: 'said', role: 'status', 'aria-live': 'polite' });
  const page = element('main', { class: 'page' }, toolbar.element, problem.element, start.element, trace, said);
  let following = true;
  let openRow: number | undefined;
  let redraw = (): void => {};

  scroller.addEventListener('scroll', () => {
    following = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 24;
  });
  walkRows(page, () => close());
  new ResizeObserver(() => redraw()).observe(page);

  /** Closes the details, and leaves the keyboard on their row. */
  function close(): void {
    const row = sequence.element.querySelector<HTMLElement>('.row[aria-expanded="true"]');
    if (!row) return;
    open(undefined);
    row.focus();
  }

  return {
    element: page,
    draw(state, change, now, deadline) {
      const panel = state.panel;
      if (!panel) return;
      toolbar.update(state);
      problem.update(panel.error);
      const shown = shownConnection(state);
      const traced = state.meta !== undefined && (shown !== undefined || panel.running !== undefined);
      start.element.hidden = traced;
      trace.hidden = !traced;
      if (!traced) {
        start.update(panel);
        return;
      }
      const judged = shown && state.verdicts[shown.connection.id];
      const over = shown && (shown.connection.closed ?? shown.connection.failed);
      page.dataset['severity'] = judged?.severity ?? (over ? 'notice' : 'live');
      verdict.update({
        connection: shown?.connection,
        verdict: judged,
        outcome: panel.outcome,
        running: panel.running !== undefined,
        deadline,
      });
      deadlines.update(deadline);
      body.hidden = shown === undefined;
      phases.element.hidden = shown === undefined;
      if (!shown) return;
      phases.update(phaseParts(shown.connection, now, handshakeTimeoutOf(state)));
      setText(said, announcement(shown, judged?.title));
      drawHeads(shown);
      if (change.rows !== undefined) {
        sequence.update(shown.rows, change.rows === 'all' ? 0 : change.rows, shown.connection);
        if (shown.missed) sequence.markSilence(shown.missed.deadline.waitingFor, shown.missed.deadline.since);
        logs.update(shown.rows.logged, shown.connection);
      }
      redraw = () => drawDetails(state, shown);
      if (change.rows === undefined && state.open === openRow) return;
      const opened = state.open !== undefined && (state.open !== openRow || change.rows === 'all');
      openRow = state.open;
      const item = drawDetails(state, shown);
      if (change.rows === 'all') following = true;
      if (opened) item?.scrollIntoView({ block: 'nearest' });
      // Somebody who reads the details of a row is not carried away from it.
      else if (following && change.rows !== undefined && (!item || !item.contains(details.element))) {
        scroller.scrollTop = scroller.scrollHeight;
      }
    },
  };

  function drawHeads({ connection }: Shown): void {
    const client = [connection.clientName, connection.local].filter(Boolean).join(' · ');
    const broker = [connection.product, connection.remote ?? connection.host].filter(Boolean).join(' · ');
    const key = `${client} ${broker}`;
    if (heads.dataset['key'] === key) return;
    heads.dataset['key'] = key;
    fill(clientHead, element('b', {}, 'client'), element('small', { title: client }, client));
    fill(brokerHead, element('b', {}, 'broker'), element('small', { title: broker }, broker));
  }

  /** Returns the list item of the open row. */
  function drawDetails(state: TimelineState, shown: Shown): HTMLElement | undefined {
    const beside = page.clientWidth >= besidePx;
    const row = state.open === undefined ? undefined : sequence.rowOf(state.open);
    const item = sequence.open(row?.seq);
    const place = beside ? side : item;
    if (row && place) {
      if (details.element.parentElement !== place) place.append(details.element);
      details.update(row, shown.connection);
    } else details.element.remove();
    if (beside && !row) {
      facts.update(shown.connection);
      if (facts.element.parentElement !== side) side.append(facts.element);
    } else facts.element.remove();
    return item;
  }
}

/** Spoken when it changes: the phase while it lives, the verdict when it is over. */
function announcement({ connection }: Shown, verdict: string | undefined): string {
  if (verdict !== undefined) return `Ended: ${verdict}.`;
  const phase = connection.spans.at(-1)?.phase;
  return phase === undefined ? '' : `Phase: ${phase}.`;
}
