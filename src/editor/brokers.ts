// The brokers that the user knows: read from the settings, one of them selected for this workspace.

import * as vscode from 'vscode';
import { hasFields, listOf } from './shape';
import { practiceName, readBrokers, type BrokerEntry, type BrokerSetting } from './brokerSettings';

export const brokersSetting = 'rabbitmqDebugger.brokers';
const selectedKey = 'selectedBroker';

export interface Brokers extends vscode.Disposable {
  /** The practice broker first. */
  readonly entries: readonly BrokerEntry[];
  /** The practice broker, unless another was selected and is still there. */
  readonly selected: BrokerEntry;
  /** The list or the selection changed. */
  readonly onDidChange: vscode.Event<void>;
  select(name: string): Promise<void>;
  add(broker: BrokerSetting): Promise<void>;
  remove(name: string): Promise<void>;
  /** Its setting with another URL. */
  setUrl(name: string, url: string): Promise<void>;
  /** Opens the file that the list is written in. VS Code's settings page does not show lists like this one. */
  openSettings(): Promise<void>;
  /** As it is written in the settings. */
  writtenUrl(name: string): string | undefined;
}

const settings = () => vscode.workspace.getConfiguration();

// What a workspace writes is honoured only where VS Code trusts it: the setting is a restricted one.
const written = (): unknown => settings().get(brokersSetting);
const items = (): readonly unknown[] => listOf(written()) ?? [];

export function createBrokers(workspaceState: vscode.Memento): Brokers {
  const changed = new vscode.EventEmitter<void>();
  let entries = readBrokers(written());

  const listener = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(brokersSetting)) refresh();
  });
  const trusted = vscode.workspace.onDidGrantWorkspaceTrust(refresh);

  function refresh(): void {
    entries = readBrokers(written());
    changed.fire();
  }

  /** Writes where the list stands that is in force now. Only entries that `change` names are touched. */
  async function rewrite(change: (items: readonly unknown[]) => readonly unknown[]): Promise<void> {
    const target = inWorkspace() ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await settings().update(brokersSetting, change(items()), target);
  }

  return {
    get entries() {
      return entries;
    },
    get selected() {
      const name = workspaceState.get<string>(selectedKey, practiceName);
      return entries.find((entry) => entry.name === name) ?? { kind: 'practice', name: practiceName };
    },
    onDidChange: changed.event,
    async select(name) {
      await workspaceState.update(selectedKey, name);
      changed.fire();
    },
    add: (broker) => rewrite((all) => [...all, broker]),
    remove: (name) => rewrite((all) => all.filter((item) => nameOf(item) !== name)),
    setUrl: (name, url) =>
      rewrite((all) => all.map((item) => (hasFields(item) && nameOf(item) === name ? { ...item, url } : item))),
    writtenUrl: (name) =>
      fieldOf(
        items().find((item) => nameOf(item) === name),
        'url',
      ),
    async openSettings() {
      await vscode.commands.executeCommand(`workbench.action.${settingsFile()}`, {
        revealSetting: { key: brokersSetting },
      });
    },
    dispose() {
      listener.dispose();
      trusted.dispose();
      changed.dispose();
    },
  };
}

function fieldOf(item: unknown, field: 'name' | 'url'): string | undefined {
  const value = hasFields(item) ? item[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

const nameOf = (item: unknown): string | undefined => fieldOf(item, 'name')?.trim();

const inWorkspace = (): boolean => settings().inspect(brokersSetting)?.workspaceValue !== undefined;

function settingsFile(): string {
  if (inWorkspace()) return 'openWorkspaceSettingsFile';
  // The setting belongs to the machine that dials.
  return vscode.env.remoteName === undefined ? 'openSettingsJson' : 'openRemoteSettingsFile';
}
