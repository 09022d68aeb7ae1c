// Copies of a tapped connection's bytes → events of the trace. One story for each connection.

import { foldEvent, openConnection, type Connection } from '../core/connection';
import { deadlineOf } from '../core/deadline';
import { senderOf, type Direction, type EventBody, type Evidence, type NewEvent, type Party } from '../core/event';
import type { Trace } from '../core/trace';
import { concat } from '../core/bytes';
import { describeFirstBytes } from '../protocols/firstBytes';
import { recognise } from '../protocols';
import type { Decoder, Protocol } from '../protocols/protocol';
import { now } from './clock';

export interface Story {
  tell(body: EventBody, by?: Party): void;
  /** Bytes that have already been forwarded. */
  bytes(direction: Direction, chunk: Uint8Array): void;
  ended(by: 'client' | 'broker', how: 'fin' | 'rst'): void;
  /** Both directions are over: tells who closed, once. */
  over(by?: Party): void;
}

const lookEveryMs = 100;
/** A protocol is known by its first eight bytes; what is not known by then is described instead. */
const recognisedBytes = 8;

export function createStory(id: string, trace: Trace): Story {
  let connection: Connection | undefined;
  let protocol: Protocol | undefined;
  let closed = false;
  const decoders: Partial<Record<Direction, Decoder>> = {};
  const waiting: Record<Direction, Uint8Array[]> = { toBroker: [], toClient: [] };
  const described = { toBroker: false, toClient: false };
  const warned = new Set<string>();

  const add = (body: EventBody, by: Party, evidence: Evidence, extra: Partial<NewEvent> = {}): void => {
    // The body decides the union's member; the spread hides that from the compiler.
    const event = trace.append({ connection: id, at: now(), by, evidence, ...extra, ...body } as NewEvent);
    connection = connection ? foldEvent(connection, event) : openConnection(event);
  };

  const tell = (body: EventBody, by: Party = 'tool'): void =>
    add(body, by, { from: body.type === 'note' ? 'scenario' : 'socket' });

  const decode = (direction: Direction, chunk: Uint8Array): void => {
    if (!protocol) return;
    const decoder = (decoders[direction] ??= protocol.open(direction));
    for (const { body, channel, frame, offset, length } of decoder.push(chunk)) {
      add(
        body,
        senderOf(direction),
        { from: 'wire', direction, offset, length },
        {
          ...(channel !== undefined && { channel }),
          ...(frame && { frame }),
        },
      );
    }
  };

  const describe = (direction: Direction): void => {
    const first = concat(waiting[direction]);
    if (described[direction] || first.length === 0) return;
    described[direction] = true;
    const { looksLike, text } = describeFirstBytes(first);
    const evidence: Evidence = { from: 'wire', direction, offset: 0, length: first.length };
    add({ type: 'malformed', looksLike, text }, senderOf(direction), evidence);
  };

  const decideProtocol = (): void => {
    const first = concat(waiting.toBroker);
    const found = recognise(first);
    if (found && found !== 'more') {
      protocol = found;
      for (const direction of ['toBroker', 'toClient'] as const) {
        const held = waiting[direction];
        waiting[direction] = [];
        for (const chunk of held) decode(direction, chunk);
      }
    } else if (found === undefined || first.length >= recognisedBytes) describe('toBroker');
  };

  const warnQuiet = (): void => {
    const deadline = connection && deadlineOf(connection, trace.meta.handshakeTimeoutMs);
    if (deadline?.waitingFor !== 'client') return;
    const at = now();
    const forMs = (at - deadline.since) / 1000;
    const fromMs = (deadline.from - deadline.since) / 1000;
    const toMs = (deadline.to - deadline.since) / 1000;
    const half = forMs >= fromMs / 2;
    const due = forMs >= fromMs && fromMs < toMs;
    const key = `${deadline.since} ${due ? 'due' : 'half'}`;
    if ((!half && !due) || warned.has(key)) return;
    warned.add(key);
    tell({ type: 'quiet', rule: deadline.rule, forMs: Math.round(forMs), fromMs, toMs }, deadline.waitingFor);
  };
  const looking = setInterval(warnQuiet, lookEveryMs);
  looking.unref();

  return {
    tell,
    bytes(direction, chunk) {
      if (protocol) decode(direction, chunk);
      else if (!described[direction]) {
        waiting[direction].push(Uint8Array.from(chunk));
        if (direction === 'toBroker') decideProtocol();
        else if (described.toBroker) describe(direction);
      }
    },
    ended(by, how) {
      if (!closed) tell({ type: 'ended', how }, by);
    },
    over(by) {
      clearInterval(looking);
      if (closed) return;
      closed = true;
      describe('toBroker');
      describe('toClient');
      if (!connection || connection.failed || connection.connectedAt === undefined) return;
      const lastedUs = now() - connection.connectedAt;
      const first = connection.ended[0];
      if (by) tell({ type: 'closed', how: 'reset', lastedUs }, by);
      else if (connection.closing) tell({ type: 'closed', how: 'clean', lastedUs }, connection.closing.by);
      else if (first) tell({ type: 'closed', how: first.how === 'fin' ? 'ended' : 'reset', lastedUs }, first.by);
      else tell({ type: 'closed', how: 'reset', lastedUs }, 'network');
    },
  };
}
