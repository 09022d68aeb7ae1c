// Users, their passwords and what they may do: as RabbitMQ's internal authentication and authorization backend decides.

import { AmqpError, refuse } from './replies';

/** Regular expressions over names; an empty one permits nothing. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

export interface PracticeUser {
  readonly password: string;
  readonly tags?: readonly string[];
  /** By vhost. Without it the user may do anything anywhere. */
  readonly permissions?: Readonly<Record<string, Permissions>>;
}

export interface User extends PracticeUser {
  readonly name: string;
}

export type Action = keyof Permissions;

export const defaultUsers = {
  guest: { password: 'guest', tags: ['administrator'] },
} satisfies Readonly<Record<string, PracticeUser>>;

const blankPassword = (user: string): string =>
  `user '${user}' attempted to log in with a blank password, which is prohibited by the internal authN backend. ` +
  'To use TLS/x509 certificate-based authentication, see the rabbitmq_auth_mechanism_ssl plugin and configure the ' +
  'client to use the EXTERNAL authentication mechanism. Alternatively change the password for the user to be non-blank.';

/** The user, or why the login is refused. */
export function logIn(users: ReadonlyMap<string, User>, name: string, password: string): User | string {
  if (password === '') return blankPassword(name);
  const user = users.get(name);
  return user && user.password === password ? user : `user '${name}' - invalid credentials`;
}

export const mayEnter = (user: User, vhost: string): boolean =>
  !user.permissions || Object.hasOwn(user.permissions, vhost);

export type ResourceKind = 'exchange' | 'queue';

/** exchange 'orders' in vhost '/' */
export const resource = (kind: ResourceKind, name: string, vhost: string): string =>
  `${kind} '${name}' in vhost '${vhost}'`;

export function checkAccess(user: User, action: Action, kind: ResourceKind, name: string, vhost: string): void {
  const shown = kind === 'exchange' && name === '' ? 'amq.default' : name;
  const pattern = user.permissions ? (user.permissions[vhost]?.[action] ?? '') : '.*';
  if (new RegExp(pattern || '^$').test(shown)) return;
  refuse('access_refused', `access to ${resource(kind, shown, vhost)} refused for user '${user.name}'`);
}

export const notFound = (kind: ResourceKind, name: string, vhost: string): AmqpError =>
  new AmqpError('not_found', `no ${resource(kind, name, vhost)}`);
