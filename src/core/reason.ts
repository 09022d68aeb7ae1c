// One entry of the catalogue of reasons why connections end.

import type { Connection } from './connection';

export type Severity = 'harmless' | 'notice' | 'problem';
export type Sureness = 'certain' | 'likely';
export type Closer = 'broker' | 'client' | 'network' | 'operator';

/** How a log record is recognised: the literal text first, because it is cheap; then the pattern, because it is exact. */
export interface LogMatch {
  /** Each record of this reason holds this text, or one of these. */
  readonly literal: string | readonly string[];
  /** Where given, each record of this reason starts with one of these, of eight characters or more: others are not even tried. */
  readonly starts?: readonly string[];
  /** Tried on the record's text, its lines joined by a line feed. Anchored; its named groups become values. */
  readonly pattern: RegExp;
  /** Where given, only records of these levels match. Levels read in full and in small letters: 'warning'. */
  readonly levels?: readonly string[];
  /** Where given, only records of these dialects match. */
  readonly formats?: readonly string[];
  /**
   * The values, from the pattern's named groups: for what a pattern could only take apart by trying every split.
   * Undefined where the record does not match after all.
   */
  readonly read?: (groups: Readonly<Record<string, string>>) => Readonly<Record<string, string>> | undefined;
  readonly sure: Sureness;
}

export interface Reason {
  /** 'handshake.timeout': unique, never reused, never renamed. */
  readonly id: string;
  /** At most 60 characters: it stands at the end of a log line. */
  readonly title: string;
  readonly closedBy: Closer;
  readonly severity: Severity;
  readonly log?: LogMatch;
  /** How a connection that we saw on the wire is recognised without a log. */
  readonly wire?: (connection: Connection) => Sureness | undefined;
  /** What happened, in one sentence about this connection with its figures. Without it, `why` speaks. */
  readonly tell?: (connection: Connection) => string | undefined;
  /** One short paragraph in plain words. */
  readonly why: string;
  /** What to look at, most likely first. */
  readonly check: readonly string[];
  /** What to change. */
  readonly fix: readonly string[];
  /** Since which version of the broker it is logged, and at which level: some hide at debug. */
  readonly seenAt: string;
  /** The id of the scenario that provokes it. */
  readonly scenario?: string;
  /** Where this is stated: a source file and version, a specification's section, a document. */
  readonly source: string;
  /** Real log lines, as `text` of a record; the tests run them. A reason with a `log` has at least one. */
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly level: string;
  readonly text: string;
}

export interface Explanation {
  readonly reason: Reason;
  readonly values: Readonly<Record<string, string>>;
  readonly sure: Sureness;
}

const weight: Record<Severity, number> = { problem: 2, notice: 1, harmless: 0 };

/** Sorts the graver first. */
export const byGravity = (a: Severity, b: Severity): number => weight[b] - weight[a];
