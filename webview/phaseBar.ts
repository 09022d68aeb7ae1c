// Draws the phases as one bar. Its parts are moved, not made anew, while a connection runs.

import type { PhasePart } from './phases';
import { element, setText } from './dom';

export interface PhaseBar {
  readonly element: HTMLElement;
  update(parts: readonly PhasePart[]): void;
}

/** An average character of the label's font, in pixels. */
const characterPx = 6.4;
const gapPx = 3;

export function createPhaseBar(): PhaseBar {
  const bar = element('ol', { class: 'phases', 'aria-label': 'Phases' });
  let drawn: readonly PhasePart[] = [];
  const fit = (): void => {
    const parts = [...bar.children].filter((item) => item instanceof HTMLElement);
    const width = bar.clientWidth - gapPx * (drawn.length - 1);
    const weights = drawn.reduce((sum, { weight }) => sum + weight, 0);
    parts.forEach((item, at) => {
      const part = drawn[at];
      if (!part) return;
      const room = (width * part.weight) / weights;
      setText(item.lastElementChild ?? item, labelFor(part, room));
    });
  };
  new ResizeObserver(fit).observe(bar);
  return {
    element: bar,
    update(parts) {
      while (bar.children.length > parts.length) bar.lastElementChild?.remove();
      parts.forEach((part, at) => {
        const item = bar.children[at] ?? bar.appendChild(element('li', {}, element('i', {}), element('span', {})));
        if (!(item instanceof HTMLElement)) return;
        item.dataset['phase'] = part.phase;
        item.dataset['standing'] = part.standing;
        item.title = part.label;
        item.style.flexGrow = String(part.weight);
      });
      drawn = parts;
      fit();
    },
  };
}

/** The fullest label that there is room for. Where a connection stopped is said in any case, and may overhang. */
function labelFor(part: PhasePart, room: number): string {
  const fits = (text: string): boolean => text.length * characterPx <= room;
  if (part.standing === 'stopped' || part.standing === 'now') return part.label;
  if (part.standing === 'done' && fits(part.label)) return part.label;
  return fits(part.phase) ? part.phase : '';
}
