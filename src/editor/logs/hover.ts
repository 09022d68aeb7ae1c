// What happened, over the lines of a record that was found in a log.

import * as vscode from 'vscode';
import type { Reason } from '../../core/reason';
import type { ExplainedLogs } from './explainedLogs';
import { hoverText, runCommand } from './hoverText';
import { findingAt } from './marks';

export function hoverLogs(logs: ExplainedLogs, catalogue: readonly Reason[]): vscode.Disposable {
  return vscode.languages.registerHoverProvider('*', {
    provideHover(document, position) {
      const found = logs.found(document);
      const finding = found && findingAt(found.findings, position.line + 1);
      const reason = finding && catalogue.find(({ id }) => id === finding.reason);
      if (!finding || !reason) return undefined;
      const text = new vscode.MarkdownString(hoverText(finding, reason));
      text.supportHtml = false;
      if (reason.scenario) text.isTrusted = { enabledCommands: [runCommand(reason.scenario)] };
      return new vscode.Hover(text, document.lineAt(position.line).range);
    },
  });
}
