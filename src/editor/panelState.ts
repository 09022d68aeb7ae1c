// What the panel shows beside the trace.

import * as vscode from 'vscode';
import type { PanelState } from '../core/messages';
import type { Scenario } from '../net/stage';
import type { BrokerEntry } from './brokerSettings';
import type { Session } from './session';

export function panelState(session: Session, broker: BrokerEntry, scenarios: readonly Scenario[]): PanelState {
  const error = session.error ?? ('problem' in broker ? broker.problem : undefined);
  return {
    broker: broker.name,
    practice: broker.kind === 'practice',
    trusted: vscode.workspace.isTrusted,
    scenarios: scenarios.map(({ id, title, shows }) => ({ id, title, shows })),
    ...(session.running && { running: session.running }),
    ...(session.outcome && { outcome: session.outcome }),
    ...(error !== undefined && { error }),
  };
}
