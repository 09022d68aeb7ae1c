// How anything that goes wrong reaches the user: one sentence on the screen, the rest in the extension's log.

import * as vscode from 'vscode';
import { redact } from '../core/redact';
import { UserError } from '../core/userError';

export interface Report {
  /** Tells the user, and returns the sentence. Cancelling is not worth a message. */
  failure(error: unknown, secrets?: readonly string[]): string;
  info(text: string): void;
}

export function createReport(log: vscode.LogOutputChannel): Report {
  return {
    failure(error, secrets = []) {
      if (error instanceof UserError) {
        const text = redact(error.message, secrets);
        log.info(text);
        if (error.code !== 'cancelled') void vscode.window.showErrorMessage(text);
        return text;
      }
      const message = error instanceof Error ? error.message : String(error);
      const text = `Internal error: ${redact(message, secrets)}`;
      log.error(redact(error instanceof Error ? (error.stack ?? message) : message, secrets));
      void vscode.window.showErrorMessage(text, 'Show Log').then((answer) => answer && log.show());
      return text;
    },
    info(text) {
      log.info(redact(text));
    },
  };
}
