// Every command, and what the panel's buttons do: each one name, and the object that does it.

import * as vscode from 'vscode';
import type { FromPanel } from '../core/messages';
import { UserError } from '../core/userError';
import type { Scenario } from '../net/stage';
import type { BrokerCommands } from './brokerCommands';
import type { Brokers } from './brokers';
import { openFile } from './files';
import { runCommand } from './logs/hoverText';
import type { Practice } from './practice';
import type { Report } from './report';
import type { Runs } from './runs';
import type { SessionStore } from './session';
import { timelineViewId } from './timelineView';

export interface CommandNeeds {
  readonly scenarios: readonly Scenario[];
  readonly runs: Runs;
  readonly brokers: Brokers;
  readonly brokerCommands: BrokerCommands;
  readonly practice: Practice;
  readonly session: SessionStore;
  readonly report: Report;
}

export function registerCommands(needs: CommandNeeds): vscode.Disposable {
  const { scenarios, runs, brokerCommands, session, report } = needs;
  // What a user's command throws is shown, not thrown on: VS Code would show it with less grace.
  const told = (act: (argument: unknown) => Promise<unknown>) => async (argument?: unknown) => {
    try {
      return await act(argument);
    } catch (error) {
      report.failure(error);
      return undefined;
    }
  };
  const commands: Record<string, (argument?: unknown) => Promise<unknown>> = {
    // With an id, it is called by a program, which gets the outcome or an error.
    'rabbitmqDebugger.runScenario': (id) =>
      typeof id === 'string' ? runs.runNow(id) : told(() => chooseAndRun(scenarios, runs))(),
    'rabbitmqDebugger.cancelRun': told(() => runs.cancel()),
    'rabbitmqDebugger.selectBroker': told(() => brokerCommands.select()),
    'rabbitmqDebugger.addBroker': told(() => brokerCommands.add()),
    'rabbitmqDebugger.removeBroker': told(() => brokerCommands.remove()),
    'rabbitmqDebugger.setPassword': told(() => brokerCommands.setPassword()),
    'rabbitmqDebugger.openBrokerLog': told(() => openBrokerLog(needs)),
    'rabbitmqDebugger.clearTimeline': told(async () => {
      if (!session.now.running) session.set({});
    }),
    'rabbitmqDebugger.showTimeline': told(async () => vscode.commands.executeCommand(`${timelineViewId}.focus`)),
  };
  for (const { id } of scenarios) commands[runCommand(id)] = told(() => runs.run(id));
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, act]) => vscode.commands.registerCommand(id, act)),
  );
}

/** What the panel asks for. It is believed to be what the user wants, and no more. */
export function actForPanel(needs: CommandNeeds): (message: Exclude<FromPanel, { type: 'ready' }>) => void {
  const { runs, brokerCommands, session, report } = needs;

  async function act(message: Exclude<FromPanel, { type: 'ready' }>): Promise<unknown> {
    switch (message.type) {
      case 'run':
        return runs.run(message.scenario);
      case 'cancel':
        return runs.cancel();
      case 'openLog':
        return openBrokerLog(needs);
      case 'selectBroker':
        return brokerCommands.select();
      case 'trust':
        return vscode.commands.executeCommand('workbench.trust.manage');
      case 'reveal': {
        const { file, line } = message;
        const isShown = session.now.trace?.events.some(
          ({ evidence }) => evidence.from === 'log' && evidence.file === file,
        );
        return isShown ? openFile(file, line) : undefined;
      }
    }
  }
  return (message) => void act(message).catch((error: unknown) => report.failure(error));
}

async function chooseAndRun(scenarios: readonly Scenario[], runs: Runs): Promise<unknown> {
  const items = scenarios.map(({ id, title, shows }) => ({ id, label: title, detail: shows }));
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Run Connection Scenario',
    placeHolder: 'What shall happen to the connection?',
    matchOnDetail: true,
  });
  return choice && runs.run(choice.id);
}

async function openBrokerLog({ brokers, practice }: CommandNeeds): Promise<void> {
  const entry = brokers.selected;
  if (entry.kind === 'exposed' || entry.kind === 'broken') throw new UserError('no-such-broker', entry.problem);
  if (entry.kind === 'practice') {
    if (practice.log !== undefined) return openFile(practice.log);
    const run = 'Run Connection Scenario…';
    const answer = await vscode.window.showInformationMessage(
      'The practice broker has not run yet in this window: it has no log so far.',
      run,
    );
    if (answer === run) await vscode.commands.executeCommand('rabbitmqDebugger.runScenario');
    return;
  }
  if (entry.log === undefined) {
    throw new UserError(
      'usage',
      `The settings name no log for "${entry.name}": add its path as "log" in rabbitmqDebugger.brokers, where it can be read on this machine.`,
    );
  }
  return openFile(entry.log);
}
