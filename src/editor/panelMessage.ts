// What comes out of the webview, believed only as far as it has the shape of the contract.

import type { FromPanel } from '../core/messages';
import { hasFields } from './shape';

export function readPanelMessage(message: unknown): FromPanel | undefined {
  if (!hasFields(message)) return undefined;
  const { type, scenario, file, line } = message;
  switch (type) {
    case 'ready':
    case 'cancel':
    case 'openLog':
    case 'selectBroker':
    case 'trust':
      return { type };
    case 'run':
      return typeof scenario === 'string' ? { type, scenario } : undefined;
    case 'reveal':
      return typeof file === 'string' && typeof line === 'number' && Number.isSafeInteger(line) && line >= 1
        ? { type, file, line }
        : undefined;
    default:
      return undefined;
  }
}
