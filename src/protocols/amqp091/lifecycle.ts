// What a method means for the connection's life, in the words of core. Only what the right side says means it.

import type { Direction, EventBody } from '../../core/event';
import { decodeAmqplain, decodePlain } from './sasl';
import type { Args } from './fields';
import { isTable } from './table';

/** Names that peers choose freely are cut here. */
const longestName = 255;

const textIn = (args: Args, name: string): string => {
  const value = args[name];
  return typeof value === 'string' ? value.slice(0, longestName) : '';
};

const numberIn = (args: Args, name: string): number => {
  const value = args[name];
  return typeof value === 'number' ? value : 0;
};

const tableIn = (args: Args, name: string): Args => {
  const value = args[name];
  return isTable(value) ? value : {};
};

const tuningIn = (args: Args) => ({
  heartbeatS: numberIn(args, 'heartbeat'),
  frameMax: numberIn(args, 'frame-max'),
  channelMax: numberIn(args, 'channel-max'),
});

/**
 * The user that a response names. Not of EXTERNAL: there the certificate does, and RabbitMQ does not look at the
 * response; what a client sends nonetheless may be anything, a password too.
 */
export function userOf(args: Args): string | undefined {
  const response = args['response'];
  if (!(response instanceof Uint8Array)) return undefined;
  if (args['mechanism'] === 'PLAIN') return decodePlain(response)?.user.slice(0, longestName);
  if (args['mechanism'] === 'AMQPLAIN') return decodeAmqplain(response)?.user.slice(0, longestName);
  return undefined;
}

function authenticating(args: Args): EventBody {
  const user = userOf(args);
  const clientName = textIn(tableIn(args, 'client-properties'), 'connection_name');
  return {
    type: 'authenticating',
    mechanism: textIn(args, 'mechanism'),
    ...(user !== undefined && { user }),
    ...(clientName && { clientName }),
  };
}

function offered(args: Args): EventBody {
  const properties = tableIn(args, 'server-properties');
  return {
    type: 'offered',
    mechanisms: textIn(args, 'mechanisms').split(' ').filter(Boolean),
    product: textIn(properties, 'product'),
    version: textIn(properties, 'version'),
  };
}

interface Meaning {
  /** Undefined where both sides may say it. */
  readonly direction?: Direction;
  body(args: Args): EventBody;
}

const meanings: Readonly<Record<string, Meaning>> = {
  'connection.start': { direction: 'toClient', body: offered },
  'connection.start-ok': { direction: 'toBroker', body: authenticating },
  'connection.tune': { direction: 'toClient', body: (args) => ({ type: 'tuning', ...tuningIn(args) }) },
  'connection.tune-ok': { direction: 'toBroker', body: (args) => ({ type: 'tuned', ...tuningIn(args) }) },
  'connection.open': {
    direction: 'toBroker',
    body: (args) => ({ type: 'opening', vhost: textIn(args, 'virtual-host') }),
  },
  'connection.open-ok': { direction: 'toClient', body: () => ({ type: 'opened' }) },
  'connection.close': {
    body: (args) => ({ type: 'closing', code: numberIn(args, 'reply-code'), text: textIn(args, 'reply-text') }),
  },
  'connection.close-ok': { body: () => ({ type: 'closeAgreed' }) },
  'connection.blocked': {
    direction: 'toClient',
    body: (args) => ({ type: 'blocked', reason: textIn(args, 'reason') }),
  },
  'connection.unblocked': { direction: 'toClient', body: () => ({ type: 'unblocked' }) },
  'channel.open': { direction: 'toBroker', body: () => ({ type: 'channelOpening' }) },
  'channel.open-ok': { direction: 'toClient', body: () => ({ type: 'channelOpened' }) },
  'channel.close': {
    body: (args) => ({ type: 'channelClosing', code: numberIn(args, 'reply-code'), text: textIn(args, 'reply-text') }),
  },
  'channel.close-ok': { body: () => ({ type: 'channelClosed' }) },
};

export function bodyOf(method: string, args: Args, direction: Direction): EventBody {
  const meaning = meanings[method];
  const fits = meaning && (meaning.direction === undefined || meaning.direction === direction);
  return fits ? meaning.body(args) : { type: 'operation' };
}
