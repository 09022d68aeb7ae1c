// The extension's entry: makes the objects and hands them to one another.

import * as vscode from 'vscode';
import type { FromPanel } from './core/messages';
import { createBrokerCommands } from './editor/brokerCommands';
import { createBrokers } from './editor/brokers';
import { actForPanel, registerCommands } from './editor/commands';
import { keepContexts } from './editor/contexts';
import { decorateLogs } from './editor/logs/decorations';
import { createExplainedLogs } from './editor/logs/explainedLogs';
import { hoverLogs } from './editor/logs/hover';
import { countInStatusBar } from './editor/logs/statusBar';
import { panelState } from './editor/panelState';
import { createPasswords } from './editor/passwords';
import { createPermission } from './editor/permission';
import { createPractice } from './editor/practice';
import { createReport } from './editor/report';
import { createRuns } from './editor/runs';
import { createSession } from './editor/session';
import { createTimelineView, timelineViewId } from './editor/timelineView';
import { reasons } from './reasons';
import { scenarios } from './scenarios';

let stop: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('RabbitMQ Connection Debugger', { log: true });
  const report = createReport(log);
  const session = createSession();
  const practice = createPractice(context.logUri.fsPath);
  const passwords = createPasswords(context.secrets);
  const brokers = createBrokers(context.workspaceState);
  const brokerCommands = createBrokerCommands(brokers, passwords);
  const permission = createPermission(context.globalState);

  const timeline = createTimelineView({
    extensionUri: context.extensionUri,
    catalogue: reasons,
    session,
    state: () => panelState(session.now, brokers.selected, scenarios),
    act: (message: Exclude<FromPanel, { type: 'ready' }>) => act(message),
  });
  const runs = createRuns({
    scenarios,
    catalogue: reasons,
    brokers,
    brokerCommands,
    passwords,
    permission,
    practice,
    session,
    report,
    reveal: () => timeline.reveal(),
    viewId: timelineViewId,
  });
  const commandNeeds = { scenarios, runs, brokers, brokerCommands, practice, session, report };
  const act = actForPanel(commandNeeds);
  keepContexts(session);

  const logs = createExplainedLogs(reasons);
  context.subscriptions.push(
    log,
    brokers,
    brokers.onDidChange(() => session.forgetError()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => timeline.refresh()),
    timeline,
    registerCommands(commandNeeds),
    logs,
    decorateLogs(logs),
    hoverLogs(logs, reasons),
    countInStatusBar(logs),
  );
  stop = async () => {
    await runs.cancel();
    await practice.stop();
  };
}

export async function deactivate(): Promise<void> {
  await stop?.();
}
