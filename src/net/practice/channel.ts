// One channel: its state, what it has delivered, and how it answers.
//
//   starting ──open──► running ──close──► (gone)
//                         └──channel error──► closing ──close-ok──► (gone)

import { viewOf } from '../../core/bytes';
import { encodeContent, type Args } from '../../protocols/amqp091/codec';
import type { User } from './access';
import type { Command } from './assembler';
import { flagOf } from './args';
import { detach, dispatch, forget, requeue, type Consumer, type Message, type Queue, type Stored } from './queues';
import { deleteUnused, type Vhost } from './vhost';

/** What a channel sees of its connection. Exclusive queues belong to it. */
export interface Session {
  readonly vhost: Vhost;
  readonly user: User;
  readonly frameMax: number;
  /** The client wants to be told when a queue that it consumes is deleted. */
  readonly wantsCancel: boolean;
  /** The client reads too slowly: deliveries wait. */
  readonly congested: boolean;
  send(channel: number, method: string, args?: Args): void;
  write(bytes: Uint8Array): void;
}

export interface Unacked {
  readonly stored: Stored;
  readonly queue: Queue;
  /** Undefined for what was fetched with basic.get. */
  readonly subscription?: Subscription;
}

export interface Subscription {
  readonly consumer: Consumer;
  readonly queue: Queue;
  inFlight: number;
}

export interface Channel {
  readonly number: number;
  readonly session: Session;
  readonly pid: string;
  state: 'starting' | 'running' | 'closing';
  /** The queue that an empty name stands for. */
  lastQueue: string;
  /** For consumers that start from now on, and for all of the channel. 0 is no limit. */
  prefetch: number;
  globalPrefetch: number;
  nextTag: number;
  readonly unacked: Map<number, Unacked>;
  readonly subscriptions: Map<string, Subscription>;
  /** The number of the next publish; undefined until confirm.select. */
  publishes: number | undefined;
}

export type Operation = (channel: Channel, args: Args, command: Command) => void;

export function createChannel(number: number, session: Session, pid: string): Channel {
  return {
    number,
    session,
    pid,
    state: 'starting',
    lastQueue: '',
    prefetch: 0,
    globalPrefetch: 0,
    nextTag: 1,
    unacked: new Map(),
    subscriptions: new Map(),
    publishes: undefined,
  };
}

/** Answers, unless the client set nowait. */
export function reply(channel: Channel, request: Args, method: string, args: Args = {}): void {
  if (!flagOf(request, 'nowait')) channel.session.send(channel.number, method, args);
}

/** A message's content header and bodies, on this channel and in frames that the client agreed to. */
export function sendMessage(channel: Channel, method: string, args: Args, { header, body }: Message): void {
  channel.session.send(channel.number, method, args);
  const own = Uint8Array.from(header);
  viewOf(own).setUint16(1, channel.number);
  channel.session.write(own);
  const [, ...bodies] = encodeContent(channel.number, {}, body, channel.session.frameMax);
  for (const frame of bodies) channel.session.write(frame);
}

/** Gives back what was not acknowledged, and ends its consumers. */
export function dispose(channel: Channel): void {
  const { vhost } = channel.session;
  channel.state = 'closing';
  const subscriptions = [...channel.subscriptions.values()];
  channel.subscriptions.clear();
  // Its consumers go first: what comes back is for others.
  for (const { queue, consumer } of subscriptions) detach(queue, consumer);
  returnAll(channel);
  for (const { queue } of subscriptions) deleteUnused(vhost, queue);
}

/** Puts all that was not acknowledged back into its queues. */
export function returnAll(channel: Channel): void {
  release(channel, [...channel.unacked.keys()], true);
}

/** Takes the deliveries off the channel: back into their queues, or forgotten. */
export function release(channel: Channel, tags: readonly number[], back: boolean): void {
  const { store } = channel.session.vhost;
  const returned = new Map<Queue, Stored[]>();
  for (const tag of tags) {
    const unacked = channel.unacked.get(tag);
    if (!unacked) continue;
    channel.unacked.delete(tag);
    const { queue, stored, subscription } = unacked;
    if (subscription) subscription.inFlight -= 1;
    if (!back) forget(stored, store);
    else if (returned.get(queue)?.push(stored) === undefined) returned.set(queue, [stored]);
  }
  for (const [queue, stored] of returned) requeue(queue, stored, store);
  resume(channel);
}

/** Consumers may take again: a delivery was settled, or the client caught up. */
export function resume(channel: Channel): void {
  for (const { queue } of channel.subscriptions.values()) dispatch(queue);
}
