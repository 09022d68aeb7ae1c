// Something answered that is no AMQP 0-9-1 broker, or did not answer at all: what the client sees of a wrong port.

import { lasted, type Connection } from '../core/connection';
import type { LooksLike } from '../core/event';
import type { Reason } from '../core/reason';
import { duration } from '../core/time';
import { dropped, waited } from './wire';

const answeredLike = ({ malformed }: Connection, kind: LooksLike): boolean =>
  malformed?.by === 'broker' && malformed.looksLike === kind;

/** The broker closed at once after our header, without a byte. */
const mute = (connection: Connection): boolean =>
  connection.greeted && connection.lastFrom.broker === undefined && !connection.malformed && dropped(connection);

const ports = 'AMQP is 5672, AMQP over TLS 5671, management 15672, streams 5552, MQTT 1883, STOMP 61613.';
const listeners = '"rabbitmq-diagnostics listeners" on the node shows which port speaks what.';

export const peer: readonly Reason[] = [
  {
    id: 'broker.speaks-http',
    title: 'That port speaks HTTP, not AMQP',
    closedBy: 'broker',
    severity: 'problem',
    wire: (connection) => (answeredLike(connection, 'http') ? 'certain' : undefined),
    tell: () => 'The answer to the AMQP protocol header was HTTP: this is a web server or the management port.',
    why: "The peer answered the AMQP protocol header with HTTP. It is a web server: most often RabbitMQ's management port 15672, or its metrics on 15692, or a reverse proxy.",
    check: [
      `Is it the right port? ${ports}`,
      listeners,
      'Does the name lead to an HTTP load balancer or ingress? AMQP needs a TCP one.',
    ],
    fix: ['Dial the AMQP port.', 'Put a TCP (layer 4) service in front of the broker.'],
    seenAt: 'Nothing, as it is no broker that answers.',
    source: 'RFC 9112 section 4 (status line); RabbitMQ networking guide, ports',
    samples: [],
  },
  {
    id: 'broker.speaks-tls',
    title: 'That port seems to expect TLS',
    closedBy: 'broker',
    severity: 'problem',
    wire(connection) {
      if (answeredLike(connection, 'tls')) return 'certain';
      return mute(connection) && !waited(connection) ? 'likely' : undefined;
    },
    tell: (connection) =>
      connection.malformed
        ? 'The answer to the AMQP protocol header was a TLS alert: this port expects TLS.'
        : `The broker closed ${duration(lasted(connection))} after TCP connect and answered the protocol header with nothing: so does a port that expects TLS.`,
    why: 'The client began in plain text on a port that expects a TLS handshake. The answer is a TLS alert, or just the end of the connection. Without an alert, a proxy that has no broker behind it looks the same.',
    check: [
      `Is it a TLS port? ${ports}`,
      listeners,
      '"openssl s_client -connect HOST:PORT" shows a certificate where TLS is spoken.',
      'Is there a proxy or load balancer between that closes at once because its broker is gone, or that waits for PROXY protocol?',
    ],
    fix: [
      'Use amqps:// and port 5671, or the plain port 5672.',
      'Java ConnectionFactory.useSslProtocol(), .NET ConnectionFactory.Ssl.Enabled, pika ConnectionParameters(ssl_options=…), Go amqp.DialTLS.',
    ],
    seenAt:
      'The broker logs a TLS error without the peer\'s address ("TLS server: In state hello …"), at level notice, or nothing.',
    source: 'RFC 8446 section 6 (alerts); OTP ssl, tls_record',
    samples: [],
  },
  {
    id: 'broker.other-protocol',
    title: 'The peer speaks another protocol',
    closedBy: 'broker',
    severity: 'problem',
    wire: (connection) =>
      connection.refusedVersion !== undefined || connection.malformed?.by === 'broker' ? 'certain' : undefined,
    tell: (connection) =>
      connection.refusedVersion === undefined
        ? connection.malformed && `The peer did not speak AMQP 0-9-1: ${connection.malformed.text}.`
        : `The broker answered with the protocol header of AMQP ${connection.refusedVersion}: that is what it would speak.`,
    why: 'The peer answered, but not in AMQP 0-9-1. A broker that wants another version of AMQP answers with its own protocol header and closes; any other service answers in its own words (SSH and SMTP speak first).',
    check: [
      `Is it the right host and port? ${ports}`,
      listeners,
      'Is it another broker than RabbitMQ, one that speaks AMQP 1.0 only?',
    ],
    fix: ['Dial the right port, or use a client library for the version that the broker speaks.'],
    seenAt: "RabbitMQ logs {bad_version,…} or a bad header at level error where it refused the client's header.",
    source: 'AMQP 0-9-1 specification, section 4.2.2 (protocol header)',
    samples: [],
  },
];

/** What is left when nothing more exact is known. */
export const closedInHandshake: Reason = {
  id: 'broker.closed-in-handshake',
  title: 'The broker closed in mid-handshake',
  closedBy: 'broker',
  severity: 'problem',
  wire: (connection) =>
    connection.connectedAt !== undefined && connection.openedAt === undefined && dropped(connection)
      ? 'likely'
      : undefined,
  tell: (connection) =>
    `The broker closed ${duration(lasted(connection))} after TCP connect, before the connection was open, and said no reason.`,
  why: "The connection was ended from the broker's side before it was open, without Connection.Close. The wire does not tell why: a proxy without a broker behind it, a node that was stopping (it logs nothing of such connections), or an error that only the broker's log names.",
  check: [
    "Look into the broker's log at this time, for the client's address and port.",
    'Is a proxy or load balancer between, with no healthy broker behind it?',
    'Was the node starting, stopping or out of file descriptors?',
    'Does the listener expect PROXY protocol (proxy_protocol = true)? Then a direct client is dropped.',
  ],
  fix: [
    "Add the broker's log file to this broker's settings here: its line names the reason.",
    'Dial the broker directly to leave the proxy out.',
  ],
  seenAt: 'Depends on the cause; a node that stops logs nothing of a connection in mid-handshake.',
  source: 'rabbit_reader.erl 3.10.8, log_connection_exception and terminate/2',
  samples: [],
};
