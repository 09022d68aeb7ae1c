// The catalogue of reasons why connections end. Order matters: the first that matches wins, so the special come first.

import type { Reason } from '../core/reason';
import { accept } from './accept';
import { access } from './access';
import { crash } from './crash';
import { dial } from './dial';
import { ending } from './ending';
import { exception } from './exceptions';
import { forced } from './forced';
import { handshake } from './handshake';
import { header } from './header';
import { heartbeat } from './heartbeat';
import { limits } from './limits';
import { login } from './login';
import { negotiation } from './negotiation';
import { closedInHandshake, peer } from './peer';
import { socket } from './socket';
import { tls } from './tls';

export const reasons: readonly Reason[] = [
  ...dial,
  ...peer,
  ...accept,
  ...tls,
  ...handshake,
  ...header,
  ...heartbeat,
  ...socket,
  ...exception,
  ...limits,
  ...negotiation,
  ...forced,
  ...crash,
  ...access,
  ...login,
  ...ending,
  closedInHandshake,
];

const byId: ReadonlyMap<string, Reason> = new Map(reasons.map((reason) => [reason.id, reason]));

export const reasonById = (id: string): Reason | undefined => byId.get(id);
