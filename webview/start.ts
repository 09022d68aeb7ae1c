// What is shown while there is no trace, and when something went wrong outside of a connection.

import type { FromPanel, PanelState } from '../src/core/messages';
import { button } from './controls';
import { element, fill } from './dom';

const offered = 3;

export interface StartPage {
  readonly element: HTMLElement;
  update(panel: PanelState): void;
}

export function createStartPage(post: (message: FromPanel) => void): StartPage {
  const buttons = element('div', { class: 'actions' });
  let drawn = '';
  return {
    element: element(
      'section',
      { class: 'start' },
      element('p', {}, 'Run a scenario to see a connection live and end, step by step.'),
      buttons,
    ),
    update(panel) {
      const key = JSON.stringify([panel.scenarios, panel.trusted, panel.running]);
      if (key === drawn) return;
      drawn = key;
      const runs = panel.scenarios.slice(0, offered).map(({ id, title, shows }, at) => {
        const run = button(
          `Run ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
          at === 0 ? 'primary' : 'secondary',
          () => post({ type: 'run', scenario: id }),
        );
        run.element.title = shows;
        run.setDisabled(!panel.trusted || panel.running !== undefined);
        return run.element;
      });
      const add = button('Add Broker…', 'secondary', () => post({ type: 'selectBroker' }));
      fill(buttons, ...runs, add.element);
    },
  };
}

export interface ProblemCard {
  readonly element: HTMLElement;
  update(error: string | undefined): void;
}

export function createProblemCard(post: (message: FromPanel) => void): ProblemCard {
  const text = element('p', { class: 'sentence' });
  const select = button('Select Broker…', 'secondary', () => post({ type: 'selectBroker' }));
  const card = element(
    'section',
    { class: 'problem', role: 'alert', 'data-severity': 'problem' },
    element('h2', {}, 'That did not work'),
    text,
    element('div', { class: 'actions' }, select.element),
  );
  card.hidden = true;
  return {
    element: card,
    update(error) {
      card.hidden = error === undefined;
      if (text.textContent !== error) text.textContent = error ?? '';
    },
  };
}
