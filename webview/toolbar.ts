// The top line: which broker, which scenario, run or cancel, and which of the trace's connections.

import type { FromPanel } from '../src/core/messages';
import { button, dropdown, progressRing } from './controls';
import { element } from './dom';
import { shownConnection, type TimelineState } from './state';

export const restrictedSentence = 'Restricted Mode: logs are explained, nothing is dialled.';

export interface Toolbar {
  readonly element: HTMLElement;
  update(state: TimelineState): void;
}

export function createToolbar(post: (message: FromPanel) => void, choose: (connection: string) => void): Toolbar {
  const broker = button('', 'secondary', () => post({ type: 'selectBroker' }), element('i', { class: 'caret' }));
  broker.element.classList.add('broker');
  broker.element.title = 'Select the broker to dial';
  const scenarios = dropdown('Scenario', () => {});
  scenarios.element.classList.add('scenario');
  const run = button('Run', 'primary', () => post({ type: 'run', scenario: scenarios.value() }));
  run.element.classList.add('run');
  const cancel = button('Cancel', 'secondary', () => post({ type: 'cancel' }));
  cancel.element.classList.add('cancel');
  const ring = progressRing('The scenario is running');
  const running = element('span', { class: 'running' }, ring, cancel.element);
  const connections = dropdown('Connection', choose);
  connections.element.classList.add('connections');
  const manage = button('Manage Trust…', 'secondary', () => post({ type: 'trust' }));
  const restricted = element('p', { class: 'restricted' }, element('span', {}, restrictedSentence), manage.element);
  let lastRun: string | undefined;

  return {
    element: element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': 'Scenario' },
      broker.element,
      scenarios.element,
      run.element,
      running,
      connections.element,
      restricted,
    ),
    update(state) {
      const panel = state.panel;
      if (!panel) return;
      broker.setText(panel.broker || 'Select Broker…');
      // A run that was started elsewhere shows here as well, once; then the choice is the user's again.
      const started = panel.running?.id ?? state.meta?.scenario;
      const value = started === lastRun ? scenarios.value() || panel.scenarios[0]?.id : started;
      lastRun = started;
      scenarios.set(
        panel.scenarios.map(({ id, title, shows }) => ({ value: id, text: title, title: shows })),
        value,
      );
      run.setDisabled(!panel.trusted);
      run.element.hidden = panel.running !== undefined;
      running.hidden = panel.running === undefined;
      restricted.hidden = panel.trusted;
      updateConnections(state);
    },
  };

  function updateConnections(state: TimelineState): void {
    connections.element.hidden = state.connections.size < 2;
    if (state.connections.size < 2) return;
    const choices = [...state.connections.values()].map(({ connection }, index) => {
      const verdict = state.verdicts[connection.id];
      const name = connection.clientName ?? connection.local ?? connection.id;
      return { value: connection.id, text: `${index + 1}. ${name}${verdict ? ` · ${verdict.title}` : ''}` };
    });
    connections.set(choices, shownConnection(state)?.connection.id);
  }
}
