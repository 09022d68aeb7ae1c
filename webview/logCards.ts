// The broker's log records of a connection, joined at its end. They are the broker's words, on the broker's clock.

import type { Connection } from '../src/core/connection';
import type { EventOf } from '../src/core/event';
import type { FromPanel } from '../src/core/messages';
import { clock } from '../src/core/time';
import { element, fill, link } from './dom';

export interface LogCards {
  readonly element: HTMLElement;
  update(logged: readonly EventOf<'logged'>[], connection: Connection): void;
}

export function createLogCards(post: (message: FromPanel) => void): LogCards {
  const cards = element('ol', { class: 'cards', 'aria-label': "Lines of the broker's log" });
  const section = element(
    'section',
    { class: 'logs', 'aria-label': "Broker's log" },
    element(
      'h3',
      {},
      "Broker's log",
      link('Open Log', () => post({ type: 'openLog' })),
    ),
    cards,
  );
  section.hidden = true;
  let drawn: readonly unknown[] = [];
  return {
    element: section,
    update(logged) {
      section.hidden = logged.length === 0;
      if (drawn.length === logged.length && drawn.every((event, at) => event === logged[at])) return;
      drawn = [...logged];
      fill(cards, ...logged.map((event) => element('li', {}, card(event, post))));
    },
  };
}

function card(event: EventOf<'logged'>, post: (message: FromPanel) => void): HTMLElement {
  const at = event.evidence.from === 'log' ? event.evidence : undefined;
  const name = at?.file.split(/[\\/]/).at(-1) ?? '';
  const [first = '', ...rest] = event.text.split('\n');
  const made = element(
    'button',
    {
      type: 'button',
      class: 'log',
      'data-seq': String(event.seq),
      'data-type': 'logged',
      'data-level': event.level,
      'data-reason': event.reason?.id,
      title: at ? `Open ${at.file} at line ${at.line}` : undefined,
    },
    element(
      'span',
      { class: 'prefix' },
      element('span', {}, at ? `${name}:${at.line}` : ''),
      event.loggedAt === undefined ? undefined : element('span', {}, `${clock(event.loggedAt)} broker's clock`),
    ),
    element('span', { class: 'level' }, `[${event.level}]`),
    ' ',
    element('span', { class: 'words' }, first),
    rest.length > 0 && element('span', { class: 'cause' }, rest.join('\n')),
  );
  if (at) made.addEventListener('click', () => post({ type: 'reveal', file: at.file, line: at.line }));
  return made;
}
