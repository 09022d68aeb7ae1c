// The open documents that are logs of RabbitMQ's, and what was found in each. Only what is on the screen is read.

import { setImmediate as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Reason } from '../../core/reason';
import { createLogScan, type Lines, type LogFindings, type LogScan } from './scan';

export interface ExplainedLogs extends vscode.Disposable {
  found(document: vscode.TextDocument): LogFindings | undefined;
  /** The findings of this document are new. */
  readonly onDidChange: vscode.Event<vscode.TextDocument>;
}

/** A file that is being written changes many times a second. */
const settleMs = 150;

export const explainSetting = 'rabbitmqDebugger.logs.explain';

interface Watched {
  readonly scan: LogScan;
  timer?: NodeJS.Timeout | undefined;
}

export function createExplainedLogs(catalogue: readonly Reason[]): ExplainedLogs {
  const changed = new vscode.EventEmitter<vscode.TextDocument>();
  const watched = new Map<vscode.TextDocument, Watched>();

  function watch(document: vscode.TextDocument): Watched {
    const known = watched.get(document);
    if (known) return known;
    const scan = createLogScan(catalogue, () => pause());
    watched.set(document, { scan });
    return watch(document);
  }

  async function read(document: vscode.TextDocument): Promise<void> {
    const { scan } = watch(document);
    const before = scan.found;
    await scan.read(linesOf(document));
    if (scan.found !== before && watched.get(document)?.scan === scan) changed.fire(document);
  }

  function readShown(): void {
    for (const { document } of vscode.window.visibleTextEditors) if (isOn(document)) void read(document);
  }

  const subscriptions = [
    changed,
    vscode.window.onDidChangeVisibleTextEditors(readShown),
    vscode.workspace.onDidCloseTextDocument((document) => {
      clearTimeout(watched.get(document)?.timer);
      watched.delete(document);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const known = watched.get(document);
      if (!known || contentChanges.length === 0) return;
      known.scan.changed(Math.min(...contentChanges.map(({ range }) => range.start.line)));
      known.timer ??= setTimeout(() => {
        known.timer = undefined;
        if (isShown(document) && isOn(document)) void read(document);
      }, settleMs);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(explainSetting)) return;
      for (const document of watched.keys()) changed.fire(document);
      readShown();
    }),
  ];
  readShown();

  return {
    onDidChange: changed.event,
    found: (document) => (isOn(document) ? watched.get(document)?.scan.found : undefined),
    dispose() {
      for (const { timer } of watched.values()) clearTimeout(timer);
      watched.clear();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function linesOf(document: vscode.TextDocument): Lines {
  return {
    get count() {
      return document.isClosed ? 0 : document.lineCount;
    },
    at: (line) => document.lineAt(line).text,
  };
}

const isOn = (document: vscode.TextDocument): boolean =>
  vscode.workspace.getConfiguration(undefined, document.uri).get(explainSetting, true);

const isShown = (document: vscode.TextDocument): boolean =>
  vscode.window.visibleTextEditors.some((editor) => editor.document === document);
