// The methods of class exchange, and the bindings of both classes.

import type { Args } from '../../protocols/amqp091/codec';
import { checkAccess, resource, type ResourceKind } from './access';
import { flagOf, tableOf, textOf } from './args';
import { reply, type Channel, type Operation } from './channel';
import { defaultExchange, exchangeTypes, isSameBinding, type Binding } from './exchanges';
import { assertSame, checkExclusive, checkName } from './equivalence';
import { refuse } from './replies';
import { addBinding, addExchange, deleteExchange, exchangeIn, queueIn, removeBindings } from './vhost';

function checkNotDefault(kind: ResourceKind, name: string): void {
  if (kind === 'exchange' && name === defaultExchange)
    refuse('access_refused', 'operation not permitted on the default exchange');
}

function declare(channel: Channel, args: Args): void {
  const { vhost, user } = channel.session;
  const name = textOf(args, 'exchange');
  if (flagOf(args, 'passive')) {
    checkNotDefault('exchange', name);
    exchangeIn(vhost, name);
    return;
  }
  const type = exchangeTypes.find((known) => known === textOf(args, 'type'));
  if (!type) refuse('command_invalid', `unknown exchange type '${textOf(args, 'type')}'`);
  checkNotDefault('exchange', name);
  checkAccess(user, 'configure', 'exchange', name, vhost.name);
  const asked = {
    type,
    durable: flagOf(args, 'durable'),
    autoDelete: flagOf(args, 'auto-delete'),
    internal: flagOf(args, 'internal'),
  };
  const exchange = vhost.exchanges.get(name);
  if (!exchange) {
    checkName('exchange', name);
    addExchange(vhost, { name, ...asked, bindings: [] });
    return;
  }
  const shown = resource('exchange', name, vhost.name);
  assertSame('type', shown, asked.type, exchange.type);
  assertSame('durable', shown, asked.durable, exchange.durable);
  assertSame('auto_delete', shown, asked.autoDelete, exchange.autoDelete);
  assertSame('internal', shown, asked.internal, exchange.internal);
}

function remove(channel: Channel, args: Args): void {
  const { vhost, user } = channel.session;
  const name = textOf(args, 'exchange');
  checkNotDefault('exchange', name);
  const shown = resource('exchange', name, vhost.name);
  if (name.startsWith('amq.')) refuse('access_refused', `deletion of system ${shown} not allowed`);
  checkAccess(user, 'configure', 'exchange', name, vhost.name);
  const exchange = vhost.exchanges.get(name);
  if (!exchange) return;
  if (flagOf(args, 'if-unused') && exchange.bindings.length > 0) refuse('precondition_failed', `${shown} in use`);
  deleteExchange(vhost, exchange);
}

/** Adds or removes a binding from the exchange `source` to the queue or exchange `name`. */
export function changeBinding(
  channel: Channel,
  change: 'add' | 'remove',
  to: Binding['to'],
  name: string,
  source: string,
  args: Args,
): void {
  const { vhost, user } = channel.session;
  const key = textOf(args, 'routing-key');
  const binding: Binding = { to, name, key, args: tableOf(args, 'arguments') };
  checkAccess(user, 'write', to, name, vhost.name);
  checkNotDefault(to, name);
  checkNotDefault('exchange', source);
  checkAccess(user, 'read', 'exchange', source, vhost.name);
  const from = exchangeIn(vhost, source);
  if (to === 'queue') checkExclusive(queueIn(vhost, name), channel.session);
  else exchangeIn(vhost, name);
  if (change === 'add') {
    addBinding(from, binding);
    return;
  }
  // Since 3.2.0 it is no error to remove a binding that is not there.
  removeBindings(vhost, (known, exchange) => exchange === from && isSameBinding(known, binding));
}

export const exchangeOperations: Readonly<Record<string, Operation>> = {
  'exchange.declare'(channel, args) {
    declare(channel, args);
    reply(channel, args, 'exchange.declare-ok');
  },
  'exchange.delete'(channel, args) {
    remove(channel, args);
    reply(channel, args, 'exchange.delete-ok');
  },
  'exchange.bind'(channel, args) {
    changeBinding(channel, 'add', 'exchange', textOf(args, 'destination'), textOf(args, 'source'), args);
    reply(channel, args, 'exchange.bind-ok');
  },
  'exchange.unbind'(channel, args) {
    changeBinding(channel, 'remove', 'exchange', textOf(args, 'destination'), textOf(args, 'source'), args);
    reply(channel, args, 'exchange.unbind-ok');
  },
};
