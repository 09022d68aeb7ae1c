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
  const when = event.loggedAt === undefined ? '' : `${clock(event.loggedAt)} broker's clock`;
  const where = at ? `${at.file.split(/[\\/]/).at(-1) ?? ''}:${at.line}` : '';
  const level = element('span', { class: 'level' }, `[${event.level}]`);
  const [first = '', ...rest] = event.text.split('\n');
  const full = [when, event.text, at && `Open ${at.file} at line ${at.line}`].filter(Boolean).join('\n');
  const made = element('button', {
    type: 'button',
    class: 'log',
    title: full,
    'data-seq': String(event.seq),
    'data-type': 'logged',
    'data-level': event.level,
    'data-reason': event.reason?.id,
  });
  // What states a reason is shown whole; the rest is a line each, to be opened where one wants more.
  if (event.reason) {
    const cause = rest.length > 0 ? rest.join('\n') : first;
    made.append(
      element('span', { class: 'prefix' }, element('span', {}, where), element('span', {}, when)),
      ...(rest.length > 0 ? [level, ' ', element('span', { class: 'words' }, first)] : [level, ' ']),
      element('span', { class: 'cause' }, cause),
    );
  } else {
    const line = element('span', { class: 'number' }, at ? String(at.line) : '');
    made.append(line, ' ', level, ' ', element('span', { class: 'words' }, event.text.replaceAll('\n', ' ')));
  }
  if (at) made.addEventListener('click', () => post({ type: 'reveal', file: at.file, line: at.line }));
  return made;
}
