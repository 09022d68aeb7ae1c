// What logs are made of: lines, the records that they form, and what a record was found to state.

import type { Micros } from '../core/event';
import type { Closer, Severity, Sureness } from '../core/reason';

/** The prefix of one line, as its dialect writes it. */
export interface LineHead {
  /** As written: the lines of one record carry the same. */
  readonly time: string;
  /** In full and in small letters, whatever the dialect writes: 'debug', 'info', 'warning' … '' where the line has none. */
  readonly level: string;
  /** '<0.1234.0>', or '' where the dialect or the line has none. */
  readonly pid: string;
  /** What follows the prefix. */
  readonly rest: string;
}

export interface LogFormat {
  /** 'otp' */
  readonly id: string;
  /** As the user knows it: 'RabbitMQ 3.9 and newer'. */
  readonly title: string;
  /** Undefined where the line does not start with this dialect's prefix. `line` is without colours. */
  head(line: string): LineHead | undefined;
  /** When the time of a head was, or undefined where it cannot be read. A time without a zone is taken as UTC. */
  time(written: string): Micros | undefined;
  /**
   * What the further lines of a record look like. `bare`: they have no prefix, so each line without one belongs to the
   * record before it. `prefixed`: they repeat the prefix, so lines of equal prefix belong together, others in between.
   * A message that is visibly unfinished goes on in a line of equal prefix in either. `alone`: each line is a record.
   */
  readonly continues: 'bare' | 'prefixed' | 'alone';
  /** Whether times are so fine that two records of one process never carry the same. */
  readonly fine: (time: string) => boolean;
  /** Real records of this dialect; the tests run them. */
  readonly samples: readonly string[];
}

export interface LogRecord {
  readonly format: string;
  readonly at?: Micros;
  readonly level: string;
  readonly pid: string;
  /** Without prefixes and colours, lines joined by a line feed. */
  readonly text: string;
  /** Counts from 1. */
  readonly line: number;
  /** From its first line to its last, whoever's lines stand in between. */
  readonly lines: number;
}

/** What a record says about a connection. */
export interface Finding {
  readonly line: number;
  readonly lines: number;
  readonly at?: Micros;
  readonly level: string;
  readonly pid: string;
  /** '127.0.0.1:52052 -> 127.0.0.1:5672', or '' where the record names none. */
  readonly connection: string;
  readonly reason: string;
  readonly title: string;
  readonly severity: Severity;
  readonly closedBy: Closer;
  readonly sure: Sureness;
  readonly values: Readonly<Record<string, string>>;
  readonly text: string;
}
