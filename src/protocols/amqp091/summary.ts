// A frame in one short line: 'heartbeat=60 frame-max=131072 channel-max=2047'. No secret is in it.

import { mask } from '../../core/redact';
import { secretFields, type Args } from './fields';
import { userOf } from './lifecycle';
import { methodWith } from './methods';
import { counted, display, word } from './printable';
import { isTable } from './table';

/** Longer lines are cut; the fields tell the rest. */
const longestText = 240;

/** Arguments that RabbitMQ ignores, or whose zero says nothing. */
const idle: ReadonlySet<string> = new Set(['ticket', 'capabilities', 'insist', 'out-of-band', 'known-hosts', 'locale']);

const told: Readonly<Record<string, (args: Args) => string>> = {
  'connection.start': (args) => {
    const properties = isTable(args['server-properties']) ? args['server-properties'] : {};
    const product = [properties['product'], properties['version']]
      .filter((part) => typeof part === 'string')
      .map(display);
    return [...product, `mechanisms=${word(display(args['mechanisms']).trim())}`].join(' ');
  },
  'connection.start-ok': (args) => {
    const user = userOf(args);
    return `${word(display(args['mechanism']))}${user === undefined ? '' : ` user=${word(user)}`} response=${mask}`;
  },
  'connection.tune': tuning,
  'connection.tune-ok': tuning,
  'connection.close': closing,
  'channel.close': closing,
};

function tuning(args: Args): string {
  return ['heartbeat', 'frame-max', 'channel-max'].map((name) => `${name}=${display(args[name])}`).join(' ');
}

/** '404 "NOT_FOUND - no queue" in queue.declare' */
function closing(args: Args): string {
  const classId = Number(args['class-id']);
  const methodId = Number(args['method-id']);
  const cause = methodWith(classId, methodId)?.name ?? (classId || methodId ? `${classId}.${methodId}` : '');
  return `${display(args['reply-code'])} ${word(display(args['reply-text']))}${cause && ` in ${cause}`}`;
}

/** The arguments that say something: bits that are set, texts and numbers that are not empty or zero. */
function generic(args: Args): string {
  return Object.entries(args)
    .map(([name, value]) => pair(name, value))
    .filter(Boolean)
    .join(' ');
}

function pair(name: string, value: unknown): string {
  if (secretFields.has(name)) return `${name}=${mask}`;
  if (idle.has(name) || value === 0 || value === false) return '';
  if (value === true) return name;
  // The default exchange has an empty name, and a broker makes a name for an empty queue: both are worth a word.
  if (value === '') return name === 'exchange' || name === 'queue' ? `${name}=""` : '';
  if (isTable(value)) return Object.keys(value).length > 0 ? `${name}=${braced(value)}` : '';
  return `${name}=${word(display(value))}`;
}

function braced(table: Args): string {
  const pairs = Object.entries(table).map(([key, value]) => `${word(key)}=${word(display(value))}`);
  return `{${pairs.slice(0, 4).join(' ')}${pairs.length > 4 ? ' …' : ''}}`;
}

const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

export const methodText = (method: string, args: Args): string => cut((told[method] ?? generic)(args));

export const contentText = (bodySize: number, properties: Args): string =>
  cut([counted(bodySize, 'byte'), generic(properties)].filter(Boolean).join(' '));
