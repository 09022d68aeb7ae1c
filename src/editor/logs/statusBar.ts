// How many problems the log in the active editor tells of. Nothing where it is no log of RabbitMQ's.

import * as vscode from 'vscode';
import type { ExplainedLogs } from './explainedLogs';
import { summary } from './marks';

export function countInStatusBar(logs: ExplainedLogs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('rabbitmqDebugger.log', vscode.StatusBarAlignment.Right, 100);
  item.name = 'RabbitMQ Log';

  function update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const found = document && logs.found(document);
    if (!found) {
      item.hide();
      return;
    }
    const { icon, text } = summary(found.findings);
    item.text = `$(${icon}) ${text}`;
    item.tooltip = `Log of ${found.format.title}`;
    item.accessibilityInformation = { label: `${text} in this log of ${found.format.title}` };
    item.show();
  }

  update();
  return vscode.Disposable.from(
    item,
    logs.onDidChange((document) => {
      if (document === vscode.window.activeTextEditor?.document) update();
    }),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}
