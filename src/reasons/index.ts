// The catalogue of reasons why connections end. Order matters: the first that matches wins, so the special come first.

import type { Reason } from '../core/reason';
import { dial } from './dial';
import { ending } from './ending';
import { handshake } from './handshake';
import { heartbeat } from './heartbeat';
import { login } from './login';
import { peer } from './peer';

// What the peer spoke or a timer tells comes before what follows from who closed first.
const general: ReadonlySet<string> = new Set(['broker.closed-in-handshake']);

export const reasons: readonly Reason[] = [
  ...dial,
  ...peer.filter(({ id }) => !general.has(id)),
  ...handshake,
  ...heartbeat,
  ...login,
  ...ending,
  ...peer.filter(({ id }) => general.has(id)),
];

const byId: ReadonlyMap<string, Reason> = new Map(reasons.map((reason) => [reason.id, reason]));

export const reasonById = (id: string): Reason | undefined => byId.get(id);
