// What a scenario is, and all that it may touch.

import type { ChannelModel, Options } from 'amqplib';
import type { Peer } from './peer';

export interface Scenario {
  /** 'handshake-timeout': a command id ends with it. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what you will see and learn. */
  readonly shows: string;
  /** The ids of the reasons that the story must end with, as the broker's log or, without a log, the wire tells it. */
  readonly expects: readonly [string, ...string[]];
  /** How long it takes at most, in milliseconds, beyond the broker's handshake timeout. */
  readonly takesMs: number;
  run(stage: Stage): Promise<void>;
}

export interface Stage {
  /** amqplib, dialled through the tap. Rejects as amqplib does when the broker refuses. */
  amqplib(options?: Partial<Options.Connect>): Promise<ChannelModel>;
  /** A bare speaker of frames, dialled through the tap. It may misbehave. */
  peer(): Promise<Peer>;
  /** The broker's vhost that the user configured. */
  readonly vhost: string;
  readonly user: string;
  /** Only for building a login. It is masked wherever it shows. */
  readonly password: string;
  readonly handshakeTimeoutMs: number;
  /** The scenario speaks: a note in the timeline. */
  note(text: string): void;
  /** Rejects when the run is cancelled. */
  sleep(ms: number): Promise<void>;
  readonly signal: AbortSignal;
}
