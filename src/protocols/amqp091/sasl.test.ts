// PLAIN and AMQPLAIN, and what RabbitMQ refuses of them.

import { describe, expect, it } from 'vitest';
import { hex } from '../../core/bytes';
import { decodeAmqplain, decodePlain, encodeAmqplain, encodePlain } from './sasl';
import { bytesOf } from './wire';

const logins = [
  ['guest', 'guest'],
  ['', ''],
  ['üser', 'pä/ss@wörd'],
] as const;

describe.each(logins)('the login of "%s"', (user, password) => {
  it('goes there and back as PLAIN', () =>
    expect(decodePlain(encodePlain(user, password))).toEqual({ user, password }));
  it('goes there and back as AMQPLAIN', () =>
    expect(decodeAmqplain(encodeAmqplain(user, password))).toEqual({ user, password }));
});

it('AMQPLAIN is a table without its length', () => {
  expect(hex(encodeAmqplain('u', 'p'))).toBe('054c4f47494e5300000001750850415353574f5244530000000170');
});

it.each([
  ['nothing', ''],
  ['no leading zero', 'guest\0guest'],
  ['an authorization identity', 'root\0guest\0guest'],
  ['a zero too many', '\0guest\0guest\0'],
  ['a user alone', '\0guest'],
])('PLAIN with %s is none', (_name, text) => expect(decodePlain(bytesOf(text))).toBeUndefined());

it.each([
  ['nothing', new Uint8Array()],
  ['a user alone', encodeAmqplain('guest', 'guest').subarray(0, 16)],
  ['its end cut off', encodeAmqplain('guest', 'guest').slice(0, -1)],
  ['a text for a table', bytesOf('\0guest\0guest')],
])('AMQPLAIN with %s is none', (_name, bytes) => expect(decodeAmqplain(bytes)).toBeUndefined());
