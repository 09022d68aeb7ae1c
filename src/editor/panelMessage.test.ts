// What of a message out of the webview is believed.

import { describe, expect, it } from 'vitest';
import { readPanelMessage } from './panelMessage';

describe('a message of the webview', () => {
  it.each([
    { type: 'ready' },
    { type: 'cancel' },
    { type: 'openLog' },
    { type: 'selectBroker' },
    { type: 'trust' },
    { type: 'run', scenario: 'no-data' },
    { type: 'reveal', file: '/tmp/rabbit.log', line: 12 },
  ])('$type is taken', (message) => {
    expect(readPanelMessage({ ...message, more: 'is left out' })).toEqual(message);
  });

  it.each([
    undefined,
    null,
    'ready',
    [],
    {},
    { type: 'shell' },
    { type: 'run' },
    { type: 'run', scenario: { toString: 'no-data' } },
    { type: 'reveal', file: '/tmp/rabbit.log' },
    { type: 'reveal', file: '/tmp/rabbit.log', line: 0 },
    { type: 'reveal', file: '/tmp/rabbit.log', line: 1.5 },
    { type: 'reveal', file: '/tmp/rabbit.log', line: Number.NaN },
    { type: 'reveal', file: 7, line: 1 },
  ])('%j is not', (message) => {
    expect(readPanelMessage(message)).toBeUndefined();
  });
});
