// Decoded arguments by their type: the codec has checked that a method's fields are there, so zero values never stand in for them.

import type { Args } from '../../protocols/amqp091/codec';
import { refuse } from './replies';

const longestShort = 255;

export const textOf = (args: Args, name: string): string => {
  const value = args[name];
  if (typeof value !== 'string') return '';
  // Bytes that are no UTF-8 grow when they are replaced: such a name could not be sent back.
  if (Buffer.byteLength(value) > longestShort) refuse('not_implemented', `a ${name} that is not UTF-8`);
  return value;
};

export const flagOf = (args: Args, name: string): boolean => args[name] === true;

/** A longlong beyond what a number holds comes as text; as a number it is close enough to be unknown. */
export const numberOf = (args: Args, name: string): number => Number(args[name] ?? 0);

export const tableOf = (args: Args, name: string): Args => {
  const value = args[name];
  return isTable(value) ? value : {};
};

/** The codec gives tables, and they alone, as plain objects. */
const isTable = (value: unknown): value is Args =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
