// Terms as RabbitMQ 3.10.8 was seen to write them.

import { expect, test } from 'vitest';
import { atom, binary, print, tuple } from './erlangTerm';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const handshakeError = (explanation: string, name: string, method: string, channel = 0) =>
  tuple(
    atom('handshake_error'),
    atom('starting'),
    channel,
    tuple(atom('amqp_error'), atom(name), explanation, atom(method)),
  );

test.each([
  [tuple(atom('bad_header'), binary(bytes('GET / HT'))), '{bad_header,<<"GET / HT">>}'],
  [tuple(atom('bad_header'), binary(Uint8Array.of(22, 3, 1, 0))), '{bad_header,<<22,3,1,0>>}'],
  [binary(bytes('{"a":\n1}')), '<<"{\\"a\\":\\n1}">>'],
  [binary(new Uint8Array()), '<<>>'],
  [tuple(atom('bad_version'), tuple(0, 0, 9, 2)), '{bad_version,{0,0,9,2}}'],
  [atom('connection.open'), "'connection.open'"],
])('%j is written %s', (term, written) => {
  expect(print(term)).toBe(written);
});

test('a term that is too long for a line is filled behind its first atom', () => {
  const unknown = "unknown authentication mechanism 'EXTERNAL'";
  expect(print(handshakeError(unknown, 'command_invalid', 'connection.start_ok')).split('\n')).toEqual([
    '{handshake_error,starting,0,',
    '                 {amqp_error,command_invalid,',
    `                             "unknown authentication mechanism 'EXTERNAL'",`,
    "                             'connection.start_ok'}}",
  ]);
});

test('what still fits into the line stays on it', () => {
  const invalid = 'response <<"garbage">> invalid';
  expect(print(handshakeError(invalid, 'syntax_error', 'connection.start_ok')).split('\n')).toEqual([
    '{handshake_error,starting,0,',
    '                 {amqp_error,syntax_error,"response <<\\"garbage\\">> invalid",',
    "                             'connection.start_ok'}}",
  ]);
  const early = 'type 1, all octets = <<0,20,0,10,0>>';
  expect(print(handshakeError(early, 'unexpected_frame', 'none', 1)).split('\n')).toEqual([
    '{handshake_error,starting,1,',
    '                 {amqp_error,unexpected_frame,',
    '                             "type 1, all octets = <<0,20,0,10,0>>",none}}',
  ]);
});
