// The context keys that the manifest's menus and commands depend on.

import * as vscode from 'vscode';
import type { SessionStore } from './session';

export function keepContexts(session: SessionStore): void {
  session.listen((now, before) => {
    if (!now.running !== !before.running) set('running', now.running !== undefined);
    if (!now.trace !== !before.trace) set('hasTimeline', now.trace !== undefined);
  });
}

function set(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', `rabbitmqDebugger.${key}`, value);
}
