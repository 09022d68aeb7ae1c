// What the user does with the list of brokers: select, add, remove, set a password.

import * as vscode from 'vscode';
import { UserError } from '../core/userError';
import { parseBrokerUrl } from '../net/broker';
import { ask, askAll } from './ask';
import { hostPort, takePassword, type BrokerEntry, type KnownBroker } from './brokerSettings';
import type { Brokers } from './brokers';
import type { Passwords } from './passwords';

export interface BrokerCommands {
  select(): Promise<void>;
  add(): Promise<void>;
  remove(): Promise<void>;
  setPassword(): Promise<void>;
  /** Asks for it and stores it. Undefined when the user gave up. */
  askPassword(broker: KnownBroker): Promise<string | undefined>;
  /** Says what is wrong with an entry, and offers to put it right. */
  explain(entry: Extract<BrokerEntry, { problem: string }>): Promise<void>;
}

type Choice = vscode.QuickPickItem & ({ readonly entry: BrokerEntry } | { readonly add: true });

export function createBrokerCommands(brokers: Brokers, passwords: Passwords): BrokerCommands {
  async function add(): Promise<void> {
    let inUrl: string | undefined;
    const names = new Set(brokers.entries.map(({ name }) => name));
    const title = 'Add Broker';
    const answers = await askAll([
      () => ({
        title,
        prompt: 'The URL of the broker. A password in it is kept in the secret storage only.',
        placeholder: 'amqp://user@host:5672/vhost',
        problem: urlProblem,
      }),
      ([url = '']) => {
        inUrl = takePassword(url).password;
        return {
          title,
          prompt: `The password of ${parseBrokerUrl(url).user}. It is kept in the secret storage.`,
          password: true,
          value: inUrl ?? '',
        };
      },
      ([url = '']) => ({
        title,
        prompt: 'A name for the broker, as you will see it in lists.',
        value: hostPort(parseBrokerUrl(url)),
        problem: (name) =>
          !name.trim()
            ? 'The broker needs a name.'
            : names.has(name.trim())
              ? 'Another broker has this name.'
              : undefined,
      }),
      () => ({
        title,
        prompt: "Where the broker's log can be read on this machine: leave it empty where it cannot.",
        placeholder: '/var/log/rabbitmq/rabbit@host.log',
      }),
    ]);
    if (!answers) return;
    const [written = '', password = '', name = '', log = ''] = answers;
    const broker = { name: name.trim(), url: takePassword(written).url, ...(log.trim() && { log: log.trim() }) };
    await passwords.set(broker, password);
    await brokers.add(broker);
    await brokers.select(broker.name);
  }

  async function askPassword(broker: KnownBroker): Promise<string | undefined> {
    const answer = await ask({
      title: `Password of ${broker.address.user} at ${broker.name}`,
      prompt: `For ${hostPort(broker.address)}. It is kept in the secret storage.`,
      password: true,
    });
    if (answer.kind !== 'answer') return undefined;
    await passwords.set(broker, answer.text);
    return answer.text;
  }

  async function movePassword(name: string): Promise<void> {
    const written = brokers.writtenUrl(name);
    if (written === undefined) return;
    const { url, password } = takePassword(written);
    if (password !== undefined) await passwords.set({ name, url }, password);
    await brokers.setUrl(name, url);
  }

  async function explain(entry: Extract<BrokerEntry, { problem: string }>): Promise<void> {
    const move = 'Move Password';
    const open = 'Open Settings';
    const actions = entry.kind === 'exposed' ? [move, open] : [open];
    const answer = await vscode.window.showErrorMessage(entry.problem, ...actions);
    if (answer === move) await movePassword(entry.name);
    if (answer === open) await brokers.openSettings();
  }

  return {
    add,
    askPassword,
    explain,
    async select() {
      const current = brokers.selected.name;
      const items: Choice[] = [
        ...brokers.entries.map((entry) =>
          entry.name === current ? { ...itemOf(entry), detail: 'Selected now' } : itemOf(entry),
        ),
        { label: '$(add) Add Broker…', add: true },
      ];
      const choice = await vscode.window.showQuickPick(items, {
        title: 'Select Broker',
        placeHolder: 'The broker that scenarios run against',
        matchOnDescription: true,
      });
      if (!choice) return;
      if ('add' in choice) return add();
      await brokers.select(choice.entry.name);
      if ('problem' in choice.entry) await explain(choice.entry);
    },
    async remove() {
      const entry = await choose(
        'The broker to remove from the settings',
        brokers.entries.filter(({ kind }) => kind !== 'practice'),
      );
      if (!entry) return;
      if (entry.kind === 'broker') await passwords.forget(entry);
      await brokers.remove(entry.name);
    },
    async setPassword() {
      const known = brokers.entries.filter((entry) => entry.kind === 'broker');
      const entry = await choose('The broker to set the password of', known);
      if (entry?.kind === 'broker') await askPassword(entry);
    },
  };
}

/** One of the brokers that were added. */
async function choose(placeHolder: string, entries: readonly BrokerEntry[]): Promise<BrokerEntry | undefined> {
  if (entries.length === 0) {
    void vscode.window.showInformationMessage('No broker has been added yet: there is only the practice broker.');
    return undefined;
  }
  return (await vscode.window.showQuickPick(entries.map(itemOf), { placeHolder, matchOnDescription: true }))?.entry;
}

function itemOf(entry: BrokerEntry): vscode.QuickPickItem & { readonly entry: BrokerEntry } {
  switch (entry.kind) {
    case 'practice':
      return { entry, label: `$(beaker) ${entry.name}`, description: 'built in, not RabbitMQ itself' };
    case 'broker':
      return { entry, label: `$(server) ${entry.name}`, description: `${entry.address.user} at ${entry.url}` };
    case 'exposed':
    case 'broken':
      return { entry, label: `$(warning) ${entry.name}`, description: entry.problem };
  }
}

function urlProblem(url: string): string | undefined {
  try {
    parseBrokerUrl(url);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
