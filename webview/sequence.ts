// The list of rows: a sequence diagram where there is room, compact rows where there is not. The style sheet decides;
// the elements are the same.

import type { Connection } from '../src/core/connection';
import type { LifecycleEvent, Micros } from '../src/core/event';
import { directionOf, label, sentence, stamp } from '../src/core/print';
import { element } from './dom';
import type { EventRow, GapRow, Row, Rows, Side } from './rows';

export interface Sequence {
  readonly element: HTMLElement;
  /** Draws the rows from `first` on; those before it stand. */
  update(rows: Rows, first: number, connection: Connection): void;
  /** Marks what one side let pass in silence since then. */
  markSilence(waitingFor: Side, since: Micros): void;
  /** Marks the row of an event as open and returns its list item. */
  open(seq: number | undefined): HTMLElement | undefined;
  rowOf(seq: number): EventRow | undefined;
}

export function createSequence(onToggle: (seq: number) => void): Sequence {
  const list = element('ol', { class: 'rows', 'aria-label': 'Events' });
  let drawn: readonly Row[] = [];
  let openSeq: number | undefined;
  let openRow: HTMLElement | undefined;

  list.addEventListener('click', (event) => {
    const row = event.target instanceof Element ? event.target.closest('.row') : undefined;
    if (row instanceof HTMLElement) onToggle(Number(row.dataset['seq']));
  });

  const open = (seq: number | undefined): HTMLElement | undefined => {
    openSeq = seq;
    const row = seq === undefined ? undefined : list.querySelector<HTMLElement>(`.row[data-seq="${seq}"]`);
    if (row !== openRow) openRow?.setAttribute('aria-expanded', 'false');
    row?.setAttribute('aria-expanded', 'true');
    openRow = row ?? undefined;
    return row?.parentElement ?? undefined;
  };

  return {
    element: list,
    update(rows, first, connection) {
      drawn = rows.list;
      // A row that is drawn anew must not lose the keyboard.
      const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['seq'] : undefined;
      const held = [...list.children].slice(first).some((item) => item.contains(document.activeElement));
      while (list.children.length > first) list.lastElementChild?.remove();
      const made = document.createDocumentFragment();
      let before = list.lastElementChild instanceof HTMLElement ? list.lastElementChild : undefined;
      for (const row of drawn.slice(first)) {
        const item = row.kind === 'gap' ? gapItem(row) : rowItem(row, connection);
        markPhase(item, row.phase, before);
        made.append(item);
        before = item;
      }
      list.append(made);
      if (!list.querySelector('.row[tabindex="0"]')) list.querySelector('.row')?.setAttribute('tabindex', '0');
      open(openSeq);
      if (held && focused !== undefined)
        list.querySelector<HTMLElement>(`.row[data-seq="${Number(focused)}"]`)?.focus();
    },
    markSilence(waitingFor, since) {
      for (let at = drawn.length - 1; at >= 0; at--) {
        const row = drawn[at];
        const item = list.children[at];
        if (!row || (row.kind === 'event' && row.first.at <= since) || !(item instanceof HTMLElement)) return;
        item.dataset['waiting'] = waitingFor;
      }
    },
    open,
    rowOf(seq) {
      const row = drawn.find((candidate) => candidate.kind === 'event' && candidate.seq === seq);
      return row?.kind === 'event' ? row : undefined;
    },
  };
}

/** Neighbouring phases differ in shade, and each says its name once. */
function markPhase(item: HTMLElement, phase: string, before: HTMLElement | undefined): void {
  const same = before?.dataset['phase'] === phase;
  item.dataset['phase'] = phase;
  item.dataset['band'] = same ? before?.dataset['band'] : before?.dataset['band'] === 'odd' ? 'even' : 'odd';
  if (!same && phase !== '' && !item.classList.contains('end'))
    item.append(element('span', { class: 'phase', 'aria-hidden': 'true' }, phase));
}

function gapItem(row: GapRow): HTMLElement {
  return element('li', { class: 'gap', 'data-waiting': row.waitingFor }, element('p', {}, row.text));
}

function rowItem(row: EventRow, connection: Connection): HTMLElement {
  const event = row.events.at(-1) ?? row.first;
  const at = stamp(timeOf(row, event) - connection.firstAt);
  const said = sentence(event, connection);
  const way = directionOf(event) ?? 'local';
  const both = event.type === 'heartbeat' && new Set(row.events.map(({ by }) => by)).size > 1;
  const words = labelOf(row, event);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'row',
      tabindex: '-1',
      title: said,
      'aria-expanded': 'false',
      'aria-label': `${at}, ${words.what}${row.times > 1 ? `, ${row.times} times` : ''}. ${said}`,
      'data-seq': String(row.seq),
      'data-type': event.type,
      'data-way': both ? 'both' : way,
      'data-by': event.by,
      'data-refuses': isRefusal(event) ? 'true' : undefined,
    },
    element('span', { class: 'time' }, at),
    element('span', { class: 'way' }),
    element('span', { class: 'line' }),
    element(
      'span',
      { class: 'text' },
      element('span', { class: 'what' }, words.what),
      words.more !== '' && element('span', { class: 'more' }, words.more),
      words.times !== '' && element('span', { class: 'times' }, words.times),
    ),
  );
  const end = event.type === 'closed' || event.type === 'failed';
  const waiting = event.type === 'quiet' ? event.by : undefined;
  return element('li', { class: end ? 'event end' : 'event', 'data-waiting': waiting }, button);
}

/** A warning is repeated while a silence lasts: the latest counts. All else is told by when it began. */
const timeOf = (row: EventRow, last: LifecycleEvent): Micros => (last.type === 'quiet' ? last.at : row.first.at);

const isRefusal = (event: LifecycleEvent): boolean =>
  (event.type === 'closing' && event.code !== 200) ||
  (event.type === 'channelClosing' && event.code !== 200) ||
  (event.type === 'greeted' && event.by === 'broker') ||
  event.type === 'failed' ||
  event.type === 'malformed';

function labelOf(row: EventRow, event: LifecycleEvent): { what: string; more: string; times: string } {
  if (event.type === 'heartbeat' && row.times > 1) {
    const from = (by: string): number => row.events.filter((beat) => beat.by === by).length;
    const [client, broker] = [from('client'), from('broker')];
    const counts = [client > 0 ? `→ ×${client}` : '', broker > 0 ? `← ×${broker}` : ''];
    return { what: 'heartbeat', more: '', times: counts.filter(Boolean).join('  ') };
  }
  const times = row.times > 1 && event.type !== 'quiet' ? `×${row.times}` : '';
  // Content frames follow their method: the row stays the method's.
  return { ...label(event.type === 'operation' ? row.first : event), times };
}
