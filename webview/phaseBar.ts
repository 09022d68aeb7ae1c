// Draws the phases as one bar. Its parts are moved, not made anew, while a connection runs.

import { element, setText } from './dom';
import { phaseLabels, type PhasePart } from './phases';

export interface PhaseBar {
  readonly element: HTMLElement;
  update(parts: readonly PhasePart[]): void;
}

/** As the style sheet has them. */
const gapPx = 3;
const paddingPx = 24;

export function createPhaseBar(): PhaseBar {
  const bar = element('ol', { class: 'phases', 'aria-label': 'Phases' });
  let drawn: readonly PhasePart[] = [];
  const items = (): HTMLElement[] => [...bar.children].filter((item) => item instanceof HTMLElement);

  const fit = (): void => {
    const labels = phaseLabels(drawn, bar.clientWidth - paddingPx, gapPx);
    items().forEach((item, at) => {
      const label = labels[at];
      if (!label || !item.lastElementChild) return;
      setText(item.lastElementChild, label.text);
      item.dataset['align'] = label.end ? 'end' : 'start';
    });
  };
  new ResizeObserver(fit).observe(bar);

  return {
    element: bar,
    update(parts) {
      while (bar.children.length > parts.length) bar.lastElementChild?.remove();
      while (bar.children.length < parts.length) bar.append(element('li', {}, element('i', {}), element('span', {})));
      items().forEach((item, at) => {
        const part = parts[at];
        if (!part) return;
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
