// Marks what was found in a log: the record's lines, a title at their end, and a place in the overview ruler.

import * as vscode from 'vscode';
import type { Severity } from '../../core/reason';
import type { Finding } from '../../logs/record';
import type { ExplainedLogs } from './explainedLogs';
import { marked, markedLines, severities } from './marks';

export function decorateLogs(logs: ExplainedLogs): vscode.Disposable {
  const types = {
    problem: decorationType('problem'),
    notice: decorationType('notice'),
    harmless: decorationType('harmless'),
  } satisfies Record<Severity, vscode.TextEditorDecorationType>;
  const decorated = new WeakSet<vscode.TextEditor>();

  function decorate(editor: vscode.TextEditor): void {
    const found = logs.found(editor.document);
    if (!found && !decorated.has(editor)) return;
    decorated.add(editor);
    const findings = found ? marked(found.findings, editor.visibleRanges.map(lineNumbers)) : [];
    for (const severity of severities) {
      const options = findings
        .filter((finding) => finding.severity === severity && finding.line <= editor.document.lineCount)
        .map((finding) => decoration(finding, editor.document));
      editor.setDecorations(types[severity], options);
    }
  }

  const subscriptions = [
    logs.onDidChange((document) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) decorate(editor);
    }),
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach(decorate)),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      const found = logs.found(textEditor.document);
      if (found && marked(found.findings, []) !== found.findings) decorate(textEditor);
    }),
    ...Object.values(types),
  ];
  vscode.window.visibleTextEditors.forEach(decorate);
  return vscode.Disposable.from(...subscriptions);
}

function decorationType(severity: Severity): vscode.TextEditorDecorationType {
  const color = new vscode.ThemeColor(`rabbitmqDebugger.${severity}Foreground`);
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor(`rabbitmqDebugger.${severity}Background`),
    borderColor: color,
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
    overviewRulerColor: color,
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { color, fontStyle: 'italic', margin: '0 0 0 2em' },
  });
}

/** Colour alone tells nothing to some readers. */
const sign: Record<Severity, string> = { problem: '✖', notice: '▲', harmless: '✓' };

function decoration(finding: Finding, document: vscode.TextDocument): vscode.DecorationOptions {
  const { from, to } = markedLines(finding);
  const last = document.lineAt(Math.min(to, document.lineCount) - 1);
  return {
    range: new vscode.Range(from - 1, 0, last.lineNumber, last.text.length),
    renderOptions: { after: { contentText: `${sign[finding.severity]} ${finding.title}` } },
  };
}

/** Counted from 1, as findings are. */
const lineNumbers = (range: vscode.Range) => ({ from: range.start.line + 1, to: range.end.line + 1 });
