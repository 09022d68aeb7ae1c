// Whether a declaration agrees with what is there already, and who may use a name or a queue.

import type { Args } from '../../protocols/amqp091/codec';
import { resource, type ResourceKind } from './access';
import type { Session } from './channel';
import type { Queue } from './queues';
import { refuse } from './replies';

/** A new queue or exchange may not take a name that starts with 'amq.'. */
export function checkName(kind: ResourceKind, name: string): void {
  if (name.startsWith('amq.')) refuse('access_refused', `${kind} name '${name}' contains reserved prefix 'amq.*'`);
}

export function assertSame(arg: string, shown: string, asked: string | boolean, current: string | boolean): void {
  if (asked !== current) differ(arg, shown, `'${asked}'`, `'${current}'`);
}

function differ(arg: string, shown: string, asked: string, current: string): never {
  return refuse(
    'precondition_failed',
    `inequivalent arg '${arg}' for ${shown}: received ${asked} but current is ${current}`,
  );
}

/** Where a queue is declared, `asked` must agree too: a queue that is exclusive to this connection stays so. */
export function checkExclusive(queue: Queue, session: Session, asked?: { readonly exclusive: boolean }): void {
  if (queue.owner === session && asked?.exclusive !== false) return;
  if (queue.owner === undefined && !asked?.exclusive) return;
  const why =
    'It could be originally declared on another connection or the exclusive property value does not match that of ' +
    'the original declaration.';
  const shown = resource('queue', queue.name, session.vhost.name);
  refuse('resource_locked', `cannot obtain exclusive access to locked ${shown}. ${why}`);
}

/** Those that must agree between two declarations of a classic queue. */
const comparedArguments = [
  'x-expires',
  'x-message-ttl',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'x-max-length',
  'x-max-length-bytes',
  'x-max-priority',
  'x-overflow',
  'x-queue-mode',
  'x-queue-type',
  'x-single-active-consumer',
] as const;

export function assertSameArguments(shown: string, asked: Args, current: Args): void {
  for (const name of comparedArguments) {
    const [there, here] = [asked[name], current[name]];
    if (there === here) continue;
    const isClassic =
      name === 'x-queue-type' && [there, here].every((type) => type === undefined || type === 'classic');
    if (isClassic) continue;
    const isPair = there !== undefined && here !== undefined;
    const show = (value: unknown): string => (isPair ? `'${shownValue(value)}'` : described(value));
    differ(name, shown, show(there), show(here));
  }
}

/** The codec does not keep the width of a number: a signed 32-bit one is the most likely. */
function described(value: unknown): string {
  if (value === undefined) return 'none';
  const type = typeof value === 'string' ? 'longstr' : typeof value === 'boolean' ? 'bool' : 'signedint';
  return `the value '${shownValue(value)}' of type '${type}'`;
}

const shownValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
