// The two logins with a password: PLAIN (RFC 4616) and AMQPLAIN, a field table without its length. Where RabbitMQ
// refuses a response, so do the decoders: rabbit_auth_mechanism_plain.erl, rabbit_auth_mechanism_amqplain.erl.

import { concat } from '../../core/bytes';
import { readTable, writeEntries } from './table';
import { bytesOf, createReader, createWriter, textOf, Undecodable } from './wire';

export interface Login {
  readonly user: string;
  readonly password: string;
}

const zero = Uint8Array.of(0);

/** No authorization identity, as RabbitMQ takes none. */
export function encodePlain(user: string, password: string): Uint8Array {
  return concat([zero, bytesOf(user), zero, bytesOf(password)]);
}

export function decodePlain(bytes: Uint8Array): Login | undefined {
  const parts = textOf(bytes).split('\0');
  const [identity, user, password] = parts;
  if (parts.length !== 3 || identity !== '' || user === undefined || password === undefined) return undefined;
  return { user, password };
}

export function encodeAmqplain(user: string, password: string): Uint8Array {
  const writer = createWriter();
  writeEntries(writer, { LOGIN: user, PASSWORD: password }, 'response');
  return writer.finish();
}

export function decodeAmqplain(bytes: Uint8Array): Login | undefined {
  try {
    const table = readTable(createReader(bytes, 0), bytes.length, '', () => {});
    const user = textIn(table['LOGIN']);
    const password = textIn(table['PASSWORD']);
    return user === undefined || password === undefined ? undefined : { user, password };
  } catch (error) {
    if (error instanceof Undecodable) return undefined;
    throw error;
  }
}

function textIn(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return textOf(value);
  return typeof value === 'string' ? value : undefined;
}
