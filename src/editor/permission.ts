// Whether we may dial: never in Restricted Mode, and away from this machine only when the user has said so.

import * as vscode from 'vscode';
import { UserError } from '../core/userError';
import { hostPort, isLoopback, type BrokerEntry, type KnownBroker } from './brokerSettings';

export interface Permission {
  /** Says why not, where the answer is no. */
  toRun(): Promise<boolean>;
  toDial(entry: BrokerEntry): Promise<boolean>;
}

/** For callers that no message can be shown to. */
export const notTrusted = new UserError(
  'not-trusted',
  'This workspace is in Restricted Mode: logs are explained, but nothing is dialled. Trust the workspace to run scenarios.',
);

/** `globalState` is not synchronised: what was allowed is allowed on this machine. */
export function createPermission(globalState: vscode.Memento): Permission {
  return {
    async toRun() {
      if (vscode.workspace.isTrusted) return true;
      const manage = 'Manage Workspace Trust';
      void vscode.window.showWarningMessage(notTrusted.message, manage).then(async (answer) => {
        if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
      });
      return false;
    },
    async toDial(entry) {
      if (entry.kind !== 'broker' || isLoopback(entry.address.host)) return true;
      if (globalState.get<boolean>(allowedKey(entry), false)) return true;
      const dial = 'Dial';
      const always = 'Always Dial This Broker';
      const answer = await vscode.window.showWarningMessage(
        `Dial ${hostPort(entry.address)}?`,
        {
          modal: true,
          detail: `"${entry.name}" is not on this machine. A scenario logs in as ${entry.address.user}, and misbehaves on purpose: it is refused, falls silent or breaks off, and the broker logs that.`,
        },
        dial,
        always,
      );
      if (answer === always) await globalState.update(allowedKey(entry), true);
      return answer === dial || answer === always;
    },
  };
}

const allowedKey = ({ name, address }: KnownBroker): string => `dial:${JSON.stringify([name, hostPort(address)])}`;
