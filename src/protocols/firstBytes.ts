// What the first bytes of a stream are that should have been AMQP 0-9-1: people reach the wrong port, or the right
// port with the wrong protocol.

import { ascii, hex } from '../core/bytes';
import type { LooksLike } from '../core/event';
import { versionOf } from './amqp091/version';

export interface FirstBytes {
  readonly looksLike: LooksLike;
  /** A phrase: 'an HTTP response ("HTTP/1.1 400 Bad Request")'. */
  readonly text: string;
}

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PRI'];
const proxyV2 = '0d0a0d0a000d0a51';
/** A line of text is waited for, and shown, no further than this. */
const longestLine = 80;

export function describeFirstBytes(bytes: Uint8Array): FirstBytes {
  const text = ascii(bytes.subarray(0, longestLine));
  if (text.startsWith('HTTP/')) return { looksLike: 'http', text: `an HTTP response (${firstLine(bytes)})` };
  if (/^(EHLO|HELO) /.test(text)) return { looksLike: 'smtp', text: `an SMTP client (${firstLine(bytes)})` };
  if (text.startsWith('220 ') || text.startsWith('220-'))
    return { looksLike: 'smtp', text: `an SMTP or FTP greeting (${firstLine(bytes)})` };
  if (text.startsWith('SSH-')) return { looksLike: 'ssh', text: `an SSH greeting (${firstLine(bytes)})` };
  if (text.startsWith('PROXY ')) return { looksLike: 'proxy', text: `a PROXY protocol header (${firstLine(bytes)})` };
  if (hex(bytes.subarray(0, 8)) === proxyV2)
    return { looksLike: 'proxy', text: 'a PROXY protocol header of version 2' };
  // Before HTTP, whose CONNECT is followed by a blank.
  if (/^(CONNECT|STOMP|CONNECTED|ERROR)\.\.?/.test(text) && isLine(bytes))
    return { looksLike: 'stomp', text: `a STOMP frame (${firstLine(bytes)})` };
  if (verbs.some((verb) => text.startsWith(`${verb} `)))
    return { looksLike: 'http', text: `an HTTP request (${firstLine(bytes)})` };
  return tls(bytes) ?? mqtt(bytes) ?? otherAmqp(bytes) ?? unknown(bytes);
}

/**
 * Whether more bytes would tell no more. Decided on a prefix alone, so that it does not depend on how the bytes came:
 * a line of text up to its end, a TLS alert's seven bytes, else the eight that a protocol header has.
 */
export function firstBytesAreEnough(bytes: Uint8Array): boolean {
  const text = ascii(bytes);
  const lines = ['HTTP/', 'SSH-', '220 ', '220-'];
  if (lines.some((start) => text.startsWith(start) || start.startsWith(text)))
    return bytes.includes(0x0a) || bytes.length >= longestLine;
  return bytes.length >= (bytes[0] === 0x15 ? 7 : 8);
}

function tls(bytes: Uint8Array): FirstBytes | undefined {
  if (bytes[1] !== 3) return undefined;
  if (bytes[0] === 0x16) return { looksLike: 'tls', text: bytes[5] === 2 ? 'a TLS ServerHello' : 'a TLS ClientHello' };
  if (bytes[0] !== 0x15) return undefined;
  const alert = bytes[6] === undefined ? undefined : (alerts[bytes[6]] ?? `alert ${bytes[6]}`);
  return { looksLike: 'tls', text: alert ? `a TLS alert (${alert})` : 'a TLS alert' };
}

/** RFC 8446, 6; those that a peer sends who expected something else, or does not trust us. */
const alerts: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  48: 'unknown_ca',
  50: 'decode_error',
  70: 'protocol_version',
  80: 'internal_error',
  116: 'certificate_required',
};

/** CONNECT, its remaining length in one to four bytes, then 'MQTT', or 'MQIsdp' of version 3.1. */
function mqtt(bytes: Uint8Array): FirstBytes | undefined {
  if (bytes[0] === 0x20 && bytes[1] === 2) return { looksLike: 'mqtt', text: 'an MQTT CONNACK' };
  if (bytes[0] !== 0x10) return undefined;
  const text = ascii(bytes.subarray(2, 12));
  // A split after eight bytes may leave only the start of the name.
  return /^.{0,3}\.\.MQ/.test(text) ? { looksLike: 'mqtt', text: 'an MQTT CONNECT' } : undefined;
}

function otherAmqp(bytes: Uint8Array): FirstBytes | undefined {
  const version = versionOf(bytes);
  return version && { looksLike: 'other-amqp', text: `a protocol header of AMQP ${version.name}` };
}

function unknown(bytes: Uint8Array): FirstBytes {
  const start = bytes.subarray(0, 8);
  return {
    looksLike: 'unknown',
    text: `bytes of no protocol we know (${hex(start).replace(/(..)(?=.)/g, '$1 ')} "${ascii(start)}")`,
  };
}

const isLine = (bytes: Uint8Array): boolean => bytes.includes(0x0a);

/** In quotes, without what follows a question mark: queries carry tokens. */
function firstLine(bytes: Uint8Array): string {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const whole = end !== -1 && end <= longestLine;
  const line = ascii(bytes.subarray(0, whole ? end : longestLine)).replace(/\?\S*/, '?…');
  return `"${line}${whole ? '' : '…'}"`;
}
