// The timeline's webview. It keeps nothing: whenever it says that it is ready, it gets all that there is to show.

import * as vscode from 'vscode';
import type { FromPanel, PanelState, ToPanel } from '../core/messages';
import type { Reason } from '../core/reason';
import { now } from '../net/clock';
import { readPanelMessage } from './panelMessage';
import type { SessionStore } from './session';
import { createTimelineFeed } from './timelineFeed';

export const timelineViewId = 'rabbitmqDebugger.timeline';

export interface TimelineView extends vscode.Disposable {
  reveal(): Promise<void>;
  /** Something of the state changed that the session does not hold. */
  refresh(): void;
}

export interface TimelineNeeds {
  readonly extensionUri: vscode.Uri;
  readonly catalogue: readonly Reason[];
  readonly session: SessionStore;
  readonly state: () => PanelState;
  readonly act: (message: Exclude<FromPanel, { type: 'ready' }>) => void;
}

export function createTimelineView({ extensionUri, catalogue, session, state, act }: TimelineNeeds): TimelineView {
  let view: vscode.WebviewView | undefined;
  /** Whether there is a page to send to: between its `ready` and its being hidden or closed. */
  let listening = false;

  // A message that is lost with a page that goes away is sent again with the next `ready`.
  const post = (message: ToPanel): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's webview, not a window
    if (listening) void view?.webview.postMessage(message);
  };
  const feed = createTimelineFeed(catalogue, post);
  const reset = (): void => post({ type: 'reset', state: state(), ...feed.whole(), sentAt: now() });
  const refresh = (): void => {
    feed.flush();
    post({ type: 'state', state: state() });
  };

  session.listen((after, before) => {
    if (after.trace === before.trace) {
      refresh();
      return;
    }
    feed.follow(after.trace);
    reset();
  });

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(resolved) {
      view = resolved;
      listening = false;
      const { webview } = resolved;
      const dist = vscode.Uri.joinPath(extensionUri, 'dist');
      webview.options = { enableScripts: true, localResourceRoots: [dist] };
      webview.onDidReceiveMessage((received: unknown) => {
        const message = readPanelMessage(received);
        if (!message) return;
        if (message.type !== 'ready') {
          act(message);
          return;
        }
        listening = true;
        reset();
      });
      resolved.onDidChangeVisibility(() => {
        // A page that comes back says `ready`, if it was made anew. One that was only covered says nothing.
        listening = resolved.visible;
        if (resolved.visible) reset();
      });
      resolved.onDidDispose(() => {
        if (view !== resolved) return;
        view = undefined;
        listening = false;
      });
      webview.html = page(webview, dist);
    },
  };
  const registration = vscode.window.registerWebviewViewProvider(timelineViewId, provider);

  return {
    refresh,
    async reveal() {
      if (view) view.show(true);
      else await vscode.commands.executeCommand(`${timelineViewId}.focus`);
    },
    dispose() {
      registration.dispose();
      feed.dispose();
    },
  };
}

function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const source = webview.cspSource;
  const policy = `default-src 'none'; style-src ${source}; script-src ${source}; font-src ${source}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Timeline</title>
<link rel="stylesheet" href="${uri('webview.css')}">
</head>
<body>
<div id="timeline"></div>
<script src="${uri('webview.js')}"></script>
</body>
</html>`;
}
