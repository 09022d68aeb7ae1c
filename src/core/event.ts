// The one list that everything becomes: a connection's lifecycle, told in words that no protocol owns.

/** Microseconds since 1970. */
export type Micros = number;

export type Party = 'client' | 'broker' | 'network' | 'tool';

/** The way that bytes travel through the tap. */
export type Direction = 'toBroker' | 'toClient';

/** Where an event is known from, so that a reader can always go there. Offsets and lengths are in bytes. */
export type Evidence =
  | { readonly from: 'wire'; readonly direction: Direction; readonly offset: number; readonly length: number }
  | { readonly from: 'log'; readonly file: string; readonly line: number; readonly lines: number }
  | { readonly from: 'socket' }
  | { readonly from: 'scenario' };

/** One field of a frame. `offset` and `length` are in bytes from the start of the frame. Secrets are masked. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

/** A frame in its protocol's own words: `connection.tune`, `heartbeat=60 frame-max=131072`. */
export interface FrameSummary {
  readonly protocol: string;
  readonly method: string;
  readonly text: string;
  readonly fields: readonly Field[];
  /** The frame's first bytes in hexadecimal, at most `shownBytes` of them, secrets masked. */
  readonly hex: string;
}

export interface Tuning {
  readonly heartbeatS: number;
  readonly frameMax: number;
  readonly channelMax: number;
}

/** How bytes that no known protocol starts with look to us. */
export type LooksLike = 'http' | 'tls' | 'ssh' | 'smtp' | 'mqtt' | 'stomp' | 'proxy' | 'other-amqp' | 'unknown';

export type EventBody =
  | { readonly type: 'resolving'; readonly host: string }
  | { readonly type: 'resolved'; readonly addresses: readonly string[]; readonly tookUs: number }
  | { readonly type: 'dialing'; readonly address: string; readonly port: number }
  /** `local` is the tap's own address towards the broker: the one that the broker writes into its log. */
  | { readonly type: 'connected'; readonly local: string; readonly remote: string; readonly tookUs: number }
  | { readonly type: 'secured'; readonly version: string; readonly cipher: string; readonly tookUs: number }
  /** A protocol header. From the broker it is a refusal: the version that it would speak instead. */
  | { readonly type: 'greeted'; readonly version: string }
  | {
      readonly type: 'offered';
      readonly mechanisms: readonly string[];
      readonly product: string;
      readonly version: string;
    }
  | {
      readonly type: 'authenticating';
      readonly mechanism: string;
      readonly user?: string;
      readonly clientName?: string;
    }
  | ({ readonly type: 'tuning' } & Tuning)
  | ({ readonly type: 'tuned' } & Tuning)
  | { readonly type: 'opening'; readonly vhost: string }
  | { readonly type: 'opened' }
  | { readonly type: 'channelOpening' }
  | { readonly type: 'channelOpened' }
  | { readonly type: 'channelClosing'; readonly code: number; readonly text: string }
  | { readonly type: 'channelClosed' }
  | { readonly type: 'blocked'; readonly reason: string }
  | { readonly type: 'unblocked' }
  | { readonly type: 'heartbeat' }
  /** Any other method, content header or body. */
  | { readonly type: 'operation' }
  /** `by` has been silent for `forMs`; its peer gives up between `fromMs` and `toMs` of silence. */
  | {
      readonly type: 'quiet';
      readonly rule: 'handshake' | 'heartbeat';
      readonly forMs: number;
      readonly fromMs: number;
      readonly toMs: number;
    }
  | { readonly type: 'closing'; readonly code: number; readonly text: string }
  | { readonly type: 'closeAgreed' }
  /** One party ended its direction of the TCP connection. */
  | { readonly type: 'ended'; readonly how: 'fin' | 'rst' }
  /** The last word on a connection, once: `by` ended it, and how. */
  | { readonly type: 'closed'; readonly how: ClosedHow; readonly lastedUs: number }
  | {
      readonly type: 'failed';
      readonly step: 'resolve' | 'dial' | 'tls' | 'client';
      readonly code: string;
      readonly text: string;
    }
  /** The peer broke the protocol. The tap goes on. */
  | { readonly type: 'malformed'; readonly text: string; readonly looksLike: LooksLike }
  /** A record of the broker's log. `loggedAt` is on the broker's clock; undefined where the line has no time. */
  | {
      readonly type: 'logged';
      readonly level: string;
      readonly text: string;
      readonly loggedAt?: Micros;
      readonly reason?: { readonly id: string; readonly values: Readonly<Record<string, string>> };
    }
  | { readonly type: 'note'; readonly text: string };

/** `clean`: Connection.Close came first, agreed to or not. `ended`: a FIN came first. `reset`: a RST. */
export type ClosedHow = 'clean' | 'ended' | 'reset';

export type LifecycleEvent = Readonly<{
  /** Order of observation. Times tie, `seq` never does. */
  seq: number;
  at: Micros;
  /** Stable within the trace. */
  connection: string;
  channel?: number;
  by: Party;
  evidence: Evidence;
  frame?: FrameSummary;
}> &
  EventBody;

export type EventOf<T extends EventBody['type']> = Extract<LifecycleEvent, { type: T }>;

/** An event before the trace has numbered it. */
export type NewEvent = LifecycleEvent extends infer E ? (E extends unknown ? Omit<E, 'seq'> : never) : never;

export const senderOf = (direction: Direction): 'client' | 'broker' => (direction === 'toBroker' ? 'client' : 'broker');
