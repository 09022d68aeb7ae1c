// The protocols that the tap understands, one row each.

import { amqp091 } from './amqp091/decoder';
import type { Protocol } from './protocol';

export const protocols: readonly Protocol[] = [amqp091];

/** The protocol that a client starts with; 'more' while its bytes may still become one. */
export function recognise(firstBytes: Uint8Array): Protocol | undefined | 'more' {
  const found = protocols.find((protocol) => protocol.recognises(firstBytes) === true);
  if (found) return found;
  return protocols.some((protocol) => protocol.recognises(firstBytes) === 'more') ? 'more' : undefined;
}
