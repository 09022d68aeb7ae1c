// The whole contract between the timeline's webview and the editor. The webview keeps nothing that is not sent again.

import type { Verdict } from './diagnose';
import type { LifecycleEvent, Micros } from './event';
import type { TraceMeta } from './trace';

export interface ScenarioSummary {
  readonly id: string;
  readonly title: string;
  readonly shows: string;
}

/** How a run ended, told in one line. */
export interface OutcomeSummary {
  readonly ok: boolean;
  readonly text: string;
}

export interface PanelState {
  readonly broker: string;
  readonly practice: boolean;
  readonly trusted: boolean;
  readonly scenarios: readonly ScenarioSummary[];
  /** The scenario that runs now. */
  readonly running?: { readonly id: string; readonly title: string };
  readonly outcome?: OutcomeSummary;
  /** What went wrong outside of a connection, and what to do. */
  readonly error?: string;
}

export type Verdicts = Readonly<Record<string, Verdict>>;

export type ToPanel =
  /** Answer to `ready`, and the start of each trace. `meta` is missing while there is no trace. */
  | {
      readonly type: 'reset';
      readonly state: PanelState;
      readonly meta?: TraceMeta;
      readonly events: readonly LifecycleEvent[];
      readonly verdicts: Verdicts;
      /** The sender's clock: the webview may run on another machine, and deadlines run on the events' clock. */
      readonly sentAt?: Micros;
    }
  /** `verdicts` holds those that changed. Sent at most every 50 ms. */
  | { readonly type: 'append'; readonly events: readonly LifecycleEvent[]; readonly verdicts: Verdicts }
  | { readonly type: 'state'; readonly state: PanelState };

export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'run'; readonly scenario: string }
  | { readonly type: 'cancel' }
  /** `line` counts from 1. */
  | { readonly type: 'reveal'; readonly file: string; readonly line: number }
  | { readonly type: 'openLog' }
  | { readonly type: 'selectBroker' }
  | { readonly type: 'trust' };
