// What a protocol is to the tap: it recognises its first bytes, and decodes each direction into events.

import type { Direction, EventBody, FrameSummary } from '../core/event';

export interface DecodedEvent {
  readonly body: EventBody;
  readonly channel?: number;
  readonly frame?: FrameSummary;
  /** Bytes from the start of this direction's stream. */
  readonly offset: number;
  readonly length: number;
}

export interface Decoder {
  /** The events that the bytes complete. Never throws; keeps no reference to `chunk`. */
  push(chunk: Uint8Array): DecodedEvent[];
}

export interface Protocol {
  /** 'amqp091' */
  readonly id: string;
  readonly title: string;
  /** Whether a client that starts with these bytes speaks it; 'more' while that is open. */
  recognises(firstBytes: Uint8Array): boolean | 'more';
  open(direction: Direction): Decoder;
}
