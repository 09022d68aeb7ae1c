// Everything about one row: who to whom, the fields, the bytes that they stand in, what it means and how it is known.

import type { Connection } from '../src/core/connection';
import type { Evidence, Field, LifecycleEvent } from '../src/core/event';
import type { FromPanel } from '../src/core/messages';
import { label, lane, sentence, stamp } from '../src/core/print';
import { element, fill, link, type Child } from './dom';
import { hexView } from './hexView';
import type { EventRow } from './rows';

export interface Details {
  readonly element: HTMLElement;
  update(row: EventRow, connection: Connection): void;
}

export function createDetails(post: (message: FromPanel) => void, close: () => void): Details {
  const box = element('div', { class: 'details', role: 'region', 'aria-label': 'Details' });
  let shownRow = 0;
  let shownAt = 0;
  let drawn = '';

  const draw = (row: EventRow, connection: Connection): void => {
    const event = row.events[shownAt] ?? row.first;
    const key = `${connection.id} ${event.seq} ${row.events.length} ${box.clientWidth >= widePx}`;
    if (key === drawn) return;
    drawn = key;
    const step = (by: number) => () => {
      shownAt = Math.min(row.events.length - 1, Math.max(0, shownAt + by));
      draw(row, connection);
    };
    fill(
      box,
      ...content(event, connection, post, close, row.events.length > 1 && stepper(row, shownAt, step), box.clientWidth),
    );
  };

  return {
    element: box,
    update(row, connection) {
      if (row.seq !== shownRow) shownAt = row.first.type === 'quiet' ? row.events.length - 1 : 0;
      shownRow = row.seq;
      draw(row, connection);
    },
  };
}

/** Sixteen bytes with offset and text need so much. */
const widePx = 540;

function content(
  event: LifecycleEvent,
  connection: Connection,
  post: (message: FromPanel) => void,
  close: () => void,
  steps: Child,
  width: number,
): Child[] {
  const frame = event.frame;
  const bytes = frame && frame.hex !== '' ? hexView(frame.hex, width >= widePx ? 16 : 8) : undefined;
  const where = [
    lane(event),
    stamp(event.at - connection.firstAt),
    event.channel !== undefined && `channel ${event.channel}`,
  ];
  return [
    element('h3', {}, element('span', {}, title(event)), link('×', close, 'Close the details (Escape)')),
    element('p', { class: 'where' }, where.filter(Boolean).join(' · ')),
    steps,
    element('p', { class: 'means' }, sentence(event, connection)),
    frame && frame.fields.length > 0 && fieldTable(frame.fields, bytes?.light),
    bytes?.element,
    element('p', { class: 'evidence' }, 'Known from ', evidence(event.evidence, post)),
  ];
}

const title = (event: LifecycleEvent): string => (event.type === 'note' ? 'note' : label(event).what);

function stepper(row: EventRow, at: number, step: (by: number) => () => void): HTMLElement {
  return element(
    'p',
    { class: 'steps' },
    link('‹', step(-1), 'Previous frame'),
    element('span', {}, `${at + 1} of ${row.events.length}`),
    link('›', step(1), 'Next frame'),
  );
}

function fieldTable(fields: readonly Field[], light: ((field?: Field) => void) | undefined): HTMLElement {
  const rows = fields.map((field) => {
    const row = element(
      'tr',
      { tabindex: '0' },
      element('th', { scope: 'row' }, field.name),
      element('td', {}, field.value === '' ? element('i', {}, 'empty') : field.value),
    );
    for (const type of ['mouseenter', 'focus']) row.addEventListener(type, () => light?.(field));
    for (const type of ['mouseleave', 'blur']) row.addEventListener(type, () => light?.());
    return row;
  });
  return element('table', { class: 'fields', 'aria-label': 'Fields' }, element('tbody', {}, ...rows));
}

function evidence(from: Evidence, post: (message: FromPanel) => void): Child {
  switch (from.from) {
    case 'wire': {
      const last = from.offset + from.length - 1;
      const way = from.direction === 'toBroker' ? 'client → broker' : 'broker → client';
      return `bytes ${from.offset}–${last} of ${way}`;
    }
    case 'log':
      return link(`log line ${from.line}`, () => post({ type: 'reveal', file: from.file, line: from.line }), from.file);
    case 'socket':
      return 'the socket';
    case 'scenario':
      return 'the scenario';
  }
}
