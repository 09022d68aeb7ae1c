// Runs a scenario against the selected broker, one at a time: the timeline shows one story.

import * as vscode from 'vscode';
import type { Reason } from '../core/reason';
import { UserError } from '../core/userError';
import type { Broker } from '../net/broker';
import type { Outcome } from '../net/outcome';
import type { Scenario } from '../net/stage';
import type { BrokerCommands } from './brokerCommands';
import type { BrokerEntry } from './brokerSettings';
import type { Brokers } from './brokers';
import type { Passwords } from './passwords';
import { notTrusted, type Permission } from './permission';
import type { Practice } from './practice';
import type { Report } from './report';
import type { SessionStore } from './session';

export interface Runs {
  /** For the user: asks and tells what there is to ask and tell. Undefined where nothing came to an end. */
  run(scenario: string): Promise<Outcome | undefined>;
  /** For another program: throws a `UserError` where it cannot start now. Questions about the broker are still asked. */
  runNow(scenario: string): Promise<Outcome | undefined>;
  /** Resolves when it has stopped. */
  cancel(): Promise<void>;
}

export interface RunsNeeds {
  readonly scenarios: readonly Scenario[];
  readonly catalogue: readonly Reason[];
  readonly brokers: Brokers;
  readonly brokerCommands: BrokerCommands;
  readonly passwords: Passwords;
  readonly permission: Permission;
  readonly practice: Practice;
  readonly session: SessionStore;
  readonly report: Report;
  /** Makes the timeline visible. */
  reveal(): Promise<void>;
  readonly viewId: string;
}

interface Current {
  readonly scenario: Scenario;
  readonly abort: AbortController;
  readonly finished: Promise<Outcome | undefined>;
}

export function createRuns(needs: RunsNeeds): Runs {
  const { brokers, brokerCommands, passwords, permission, practice, session, report } = needs;
  let current: Current | undefined;

  function find(id: string): Scenario {
    const scenario = needs.scenarios.find((one) => one.id === id);
    if (!scenario) throw new UserError('no-such-scenario', `There is no scenario "${id}".`);
    return scenario;
  }

  function begin(scenario: Scenario): Promise<Outcome | undefined> {
    const abort = new AbortController();
    // What was shown stays until there is something new: the user may still say no.
    const { error: _, ...shown } = session.now;
    session.set({ ...shown, running: { id: scenario.id, title: scenario.title } });
    const finished = whole(scenario, abort.signal).finally(() => {
      if (current?.abort === abort) current = undefined;
      const { running: _over, ...rest } = session.now;
      session.set(rest);
    });
    current = { scenario, abort, finished };
    return finished;
  }

  async function whole(scenario: Scenario, signal: AbortSignal): Promise<Outcome | undefined> {
    let secrets: readonly string[] = [];
    try {
      await needs.reveal();
      const broker = await Promise.race([ready(brokers.selected), aborted(signal)]);
      if (!broker || signal.aborted) return undefined;
      secrets = [broker.password];
      const { runScenario, traceFor } = await import('../net/run');
      const trace = traceFor(scenario, broker);
      session.set({ trace, running: { id: scenario.id, title: scenario.title } });
      report.info(`${scenario.title} on ${broker.name}`);
      const outcome = await vscode.window.withProgress({ location: { viewId: needs.viewId } }, () =>
        runScenario({ scenario, broker, trace, catalogue: needs.catalogue, signal }),
      );
      session.set({ ...session.now, outcome: { ok: outcome.ok, text: outcome.text } });
      report.info(outcome.text);
      if (!outcome.ok) void vscode.window.showWarningMessage(`${scenario.title}: ${outcome.text}`);
      return outcome;
    } catch (error) {
      const text = report.failure(error, secrets);
      const cancelled = error instanceof UserError && error.code === 'cancelled';
      session.set({ ...session.now, ...(cancelled ? { outcome: { ok: false, text } } : { error: text }) });
      return undefined;
    }
  }

  /** All that it takes to dial, or undefined where the user was told or did not want to. */
  async function ready(entry: BrokerEntry): Promise<Broker | undefined> {
    if (entry.kind === 'practice') return practice.broker();
    if (entry.kind === 'exposed' || entry.kind === 'broken') {
      // Not awaited: the run is over, whatever the user does with the message.
      void brokerCommands.explain(entry);
      return undefined;
    }
    if (!(await permission.toDial(entry))) return undefined;
    const password = (await passwords.get(entry)) ?? (await brokerCommands.askPassword(entry));
    if (password === undefined) return undefined;
    const { name, address, log, handshakeTimeoutMs } = entry;
    return { ...address, name, password, practice: false, handshakeTimeoutMs, ...(log !== undefined && { log }) };
  }

  async function cancel(): Promise<void> {
    const running = current;
    running?.abort.abort();
    await running?.finished;
  }

  return {
    cancel,
    async run(id) {
      const scenario = find(id);
      if (!(await permission.toRun())) return undefined;
      if (current) {
        const instead = 'Cancel It and Run This';
        const answer = await vscode.window.showWarningMessage(
          `"${current.scenario.title}" is running. One scenario runs at a time.`,
          instead,
          'Let It Run',
        );
        if (answer !== instead) return undefined;
        await cancel();
        if (current) return undefined;
      }
      return begin(scenario);
    },
    async runNow(id) {
      const scenario = find(id);
      if (!vscode.workspace.isTrusted) throw notTrusted;
      if (current) {
        throw new UserError(
          'usage',
          `"${current.scenario.title}" is running, and one scenario runs at a time: cancel it first.`,
        );
      }
      return begin(scenario);
    },
  };
}

/** Undefined as soon as the run is cancelled: a question that nobody answers must not hold it. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
