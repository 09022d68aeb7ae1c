// What comes instead of AMQP: each is named, alike for a whole line and for the eight bytes that a broker looks at.

import { expect, it } from 'vitest';
import { protocolHeader } from './amqp091/codec';
import { describeFirstBytes } from './firstBytes';
import { protocols, recognise } from './index';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const amqp = (...version: readonly number[]): Uint8Array => Uint8Array.of(0x41, 0x4d, 0x51, 0x50, ...version);

it.each([
  ['http', 'an HTTP response ("HTTP/1.1 400 Bad Request")', bytes('HTTP/1.1 400 Bad Request\r\nServer: x\r\n')],
  ['http', 'an HTTP request ("GET / HTTP/1.1")', bytes('GET / HTTP/1.1\r\nHost: x\r\n')],
  ['http', 'an HTTP request ("GET / HT…")', bytes('GET / HT')],
  ['http', 'an HTTP request ("POST /login?… HTTP/1.1")', bytes('POST /login?token=x HTTP/1.1\r\n')],
  ['http', 'an HTTP request ("CONNECT …")', bytes('CONNECT ')],
  ['http', 'an HTTP request ("PRI * HTTP/2.0")', bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ['tls', 'a TLS ClientHello', Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1)],
  ['tls', 'a TLS ServerHello', Uint8Array.of(0x16, 3, 3, 0, 0x5a, 2, 0, 0)],
  ['tls', 'a TLS alert (handshake_failure)', Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40)],
  ['tls', 'a TLS alert (alert 99)', Uint8Array.of(0x15, 3, 3, 0, 2, 2, 99)],
  ['ssh', 'an SSH greeting ("SSH-2.0-OpenSSH_9.2p1")', bytes('SSH-2.0-OpenSSH_9.2p1\r\n')],
  ['smtp', 'an SMTP or FTP greeting ("220 mail.example.org ESMTP")', bytes('220 mail.example.org ESMTP\r\n')],
  ['smtp', 'an SMTP client ("EHLO exa…")', bytes('EHLO exa')],
  ['mqtt', 'an MQTT CONNECT', bytes('\u0010\u0012\0\u0004MQTT')],
  ['mqtt', 'an MQTT CONNECT', bytes('\u0010\u00f2\u0001\0\u0004MQT')],
  ['mqtt', 'an MQTT CONNECT', bytes('\u0010\u0012\0\u0006MQIs')],
  ['mqtt', 'an MQTT CONNACK', Uint8Array.of(0x20, 2, 0, 0)],
  ['stomp', 'a STOMP frame ("CONNECT")', bytes('CONNECT\naccept-version:1.2\n')],
  ['stomp', 'a STOMP frame ("STOMP")', bytes('STOMP\nac')],
  ['stomp', 'a STOMP frame ("CONNECT")', bytes('CONNECT\r\n')],
  [
    'proxy',
    'a PROXY protocol header ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2")',
    bytes('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n'),
  ],
  ['proxy', 'a PROXY protocol header of version 2', bytes('\r\n\r\n\0\r\nQUIT\n')],
  ['other-amqp', 'a protocol header of AMQP 0-10', amqp(1, 1, 0, 10)],
  ['other-amqp', 'a protocol header of AMQP 1.0', amqp(0, 1, 0, 0)],
  ['other-amqp', 'a protocol header of AMQP 1.0 (SASL)', amqp(3, 1, 0, 0)],
  ['other-amqp', 'a protocol header of AMQP 0-8', amqp(1, 1, 8, 0)],
  ['other-amqp', 'a protocol header of AMQP 7-7-7-7', amqp(7, 7, 7, 7)],
  ['unknown', 'bytes of no protocol we know (00 01 66 6f 6f "..foo")', bytes('\0\u0001foo')],
  ['unknown', 'bytes of no protocol we know (47 45 54 54 49 4e 47 20 "GETTING ")', bytes('GETTING nowhere')],
])('%s: %s', (looksLike, text, first) => expect(describeFirstBytes(first)).toEqual({ looksLike, text }));

it('a client is recognised as soon as its header is whole', () => {
  const [amqp091] = protocols;
  expect([0, 4, 7, 8].map((length) => recognise(protocolHeader.subarray(0, length)))).toEqual([
    'more',
    'more',
    'more',
    amqp091,
  ]);
  expect(recognise(bytes('GET / HTTP/1.1'))).toBeUndefined();
});
