// Draws a deadline as a bar that runs out, with the window in which the broker gives up marked on it.

import type { DeadlineView } from './deadlines';
import { element, setText } from './dom';

export interface DeadlineBar {
  readonly element: HTMLElement;
  update(view: DeadlineView | undefined): void;
}

export function createDeadlineBar(): DeadlineBar {
  const rule = element('span', { class: 'rule' });
  const state = element('span', { class: 'standing' });
  const gone = element('i', { class: 'gone' });
  const window = element('i', { class: 'window' });
  const track = element('div', { class: 'track', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' });
  track.append(window, gone);
  const bar = element('div', { class: 'deadline' }, element('p', {}, rule, state), track);
  bar.hidden = true;
  return {
    element: bar,
    update(view) {
      bar.hidden = view === undefined;
      if (!view) return;
      bar.dataset['standing'] = view.standing;
      setText(rule, view.rule);
      setText(state, view.state);
      gone.style.transform = `scaleX(${view.gone})`;
      window.hidden = view.windowFrom >= 1;
      window.style.left = `${view.windowFrom * 100}%`;
      track.setAttribute('aria-label', `${view.rule}, ${view.state}`);
      track.setAttribute('aria-valuenow', String(Math.round(view.gone * 100)));
    },
  };
}
