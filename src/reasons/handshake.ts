// The opening handshake that was not finished, and the connection that never began one.

import { lasted } from '../core/connection';
import type { Reason } from '../core/reason';
import { duration } from '../core/time';
import { closing, secondLine } from './closing';
import { showDebug } from './logLevel';
import { dropped, left, waited } from './wire';

const source = 'rabbit_reader.erl 3.5.0–4.3.5, start_connection/4, handle_other/2 and log_connection_exception';
const setting =
  'handshake_timeout in rabbitmq.conf (milliseconds, default 10000): raise it only for clients that truly need longer, such as small devices on slow links.';
const clientSetting =
  "The client's own limit for the handshake should be shorter than the broker's: Java ConnectionFactory.setHandshakeTimeout(ms), .NET ConnectionFactory.HandshakeContinuationTimeout, pika ConnectionParameters(stack_timeout=…, socket_timeout=…), amqplib connect(url, {timeout: ms}), Go amqp.Config{Dial: amqp.DefaultDial(…)}.";

export const handshake: readonly Reason[] = [
  {
    id: 'handshake.timeout',
    title: 'Handshake timeout: the client sent no protocol header',
    closedBy: 'broker',
    severity: 'problem',
    log: closing('{handshake_timeout,handshake}', String.raw`${secondLine}\{handshake_timeout,handshake\}`, 'certain'),
    wire(connection) {
      if (connection.connectedAt === undefined || connection.greeted || connection.malformed) return undefined;
      if (!dropped(connection) || !waited(connection)) return undefined;
      // A TLS port gives up on a silent client too, after ssl_handshake_timeout: 5 s unless configured.
      const seconds = lasted(connection) / 1e6;
      return seconds > 4.8 && seconds < 5.4 ? 'likely' : 'certain';
    },
    tell: (connection) =>
      `The broker gave up after ${duration(lasted(connection))}: the client opened TCP and never sent the protocol header.`,
    why: 'Somebody opened a TCP connection and did not send the 8 bytes of the AMQP protocol header before handshake_timeout ran out, 10 s by default; so the broker closed. The fault is nearly always on the client\'s side: a program that hangs, a proxy or firewall that holds the bytes back, or something that is no AMQP client. The broker writes its "accepting" line only at the first byte or at the end, so here both lines carry the time of the timeout: the TCP connection was opened 10 s earlier.',
    check: [
      'Who is the peer address? A load balancer, monitor or port scanner that opens connections and keeps them is the most common cause.',
      "Do the client's bytes arrive? A proxy, firewall or service mesh may accept the connection and hold what is sent: compare captures from both ends.",
      'Does the client wait for the broker to speak first? In AMQP the client begins.',
      'Is the client overloaded or paused between connect and its first write: CPU limits, long garbage collections, a blocked thread or event loop?',
      'Does the client expect PROXY protocol or TLS on this port, and wait for it?',
    ],
    fix: [
      'Let health checks close at once, or let them speak AMQP; a check over TCP that closes is logged at debug only.',
      'Open connections only when they are used at once; keep no pool of bare sockets.',
      setting,
      clientSetting,
    ],
    seenAt: 'All versions since 3.5, at level error. From 4.0 with the duration.',
    scenario: 'handshake-timeout',
    source,
    samples: [
      {
        level: 'error',
        text: 'closing AMQP connection <0.30457.1> (11.11.11.1:57752 -> 11.11.11.15:5672):\n{handshake_timeout,handshake}',
      },
      {
        level: 'error',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, duration: '10s'):\n{handshake_timeout,handshake}",
      },
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> ([2001:db8::12]:53422 -> [2001:db8::5]:5672):\n{handshake_timeout,handshake}',
      },
    ],
  },
  {
    id: 'handshake.timeout-after-header',
    title: 'Handshake timeout: the client stopped halfway',
    closedBy: 'broker',
    severity: 'problem',
    log: closing(
      '{handshake_timeout,frame_header}',
      String.raw`${secondLine}\{handshake_timeout,frame_header\}`,
      'certain',
    ),
    wire(connection) {
      // RabbitMQ answers each good header at once: without its Connection.Start somebody else ended this.
      if (!connection.greeted || connection.product === undefined || connection.openedAt !== undefined)
        return undefined;
      if (!dropped(connection) || !waited(connection)) return undefined;
      if (connection.mechanism === undefined) return 'certain';
      // Without an answer to the login it was refused. After Tune-Ok the broker also drops who agreed to impossible limits, 3 s later.
      if (connection.offered === undefined) return undefined;
      return connection.agreed === undefined || connection.vhost !== undefined ? 'certain' : 'likely';
    },
    tell(connection) {
      const waitedFor =
        connection.mechanism === undefined
          ? 'sent the protocol header and then did not log in'
          : connection.agreed === undefined
            ? 'logged in and then did not answer Connection.Tune'
            : connection.vhost === undefined
              ? 'agreed on the limits and then did not open a vhost'
              : 'asked for its vhost and then waited';
      return `The broker gave up after ${duration(lasted(connection))}: the client ${waitedFor}.`;
    },
    why: "The client sent the protocol header, and then the handshake came to a halt until handshake_timeout ran out, 10 s by default, counted from the TCP connect. The line does not tell the stage: it may be the login, the answer to Connection.Tune, or Connection.Open. The fault is most likely the client's or the network's; a slow authentication back-end of the broker can eat the time too.",
    check: [
      'Which stage was it? "has a client-provided name" before this line means that the login had arrived. The wire shows it exactly.',
      'Was the client paused in mid-handshake: CPU limits, garbage collection, a blocked event loop, a debugger?',
      'Do frames after the first get lost: a proxy that looks into the traffic, or a path MTU that drops the larger login frame?',
      "Is the broker's authentication slow: LDAP, HTTP or OAuth 2 back-ends? Look for back-end lines with the same process id.",
      'Do hundreds of clients reconnect at the same moment? Then all are slow together.',
    ],
    fix: [
      'Let clients reconnect with a growing, random delay.',
      "Give the client's process the CPU it needs at start, or connect before the heavy work.",
      setting,
      clientSetting,
    ],
    seenAt: 'All versions since 3.5, at level error. From 4.0 with the duration.',
    scenario: 'handshake-timeout-after-header',
    source,
    samples: [
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n{handshake_timeout,frame_header}',
      },
      {
        level: 'error',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672 - order-service, duration: '10s'):\n{handshake_timeout,frame_header}",
      },
    ],
  },
  {
    id: 'handshake.timeout-in-frame',
    title: 'Handshake timeout: a frame arrived only in part',
    closedBy: 'broker',
    severity: 'problem',
    log: closing(
      '{handshake_timeout,{frame_payload,',
      String.raw`${secondLine}\{handshake_timeout,\{frame_payload,(?<type>\d{1,3}),(?<channel>\d{1,5}),(?<size>\d{1,10})\}\}`,
      'certain',
    ),
    why: "During the handshake a frame began and did not end before handshake_timeout ran out, 10 s by default: the term holds the frame's type, channel and size. The rest of it was lost on the way or never sent. Large login frames (OAuth 2 tokens, long client properties) that do not get through a path with a small MTU look just like this.",
    check: [
      'Is the announced size believable? A huge one means that the client does not speak AMQP 0-9-1 after its header.',
      'Does the path drop large packets: VPN, tunnel or overlay network with a small MTU, and ICMP filtered?',
      'Does the client write its frame in pieces and block in between?',
    ],
    fix: [
      'Lower the MTU or clamp the TCP maximum segment size on the path.',
      'Make the login smaller: shorter tokens, fewer client properties.',
      setting,
    ],
    seenAt: 'All versions since 3.5, at level error. From 4.0 with the duration.',
    source,
    samples: [
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n{handshake_timeout,{frame_payload,1,0,50}}',
      },
      {
        level: 'error',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, duration: '10s'):\n{handshake_timeout,{frame_payload,1,0,50}}",
      },
    ],
  },
  {
    id: 'handshake.no-data',
    title: 'Connected and left without a byte: a health check',
    closedBy: 'client',
    severity: 'harmless',
    log: closing(
      'connection_closed_with_no_data_received',
      `${secondLine}connection_closed_with_no_data_received`,
      'certain',
    ),
    wire: (connection) =>
      left(connection) &&
      connection.connectedAt !== undefined &&
      connection.lastFrom.client === undefined &&
      !connection.greeted &&
      !connection.malformed
        ? 'certain'
        : undefined,
    tell: (connection) => `The client left ${duration(lasted(connection))} after TCP connect without sending a byte.`,
    why: 'A peer opened the port and closed it again without a byte: that is how load balancers, container probes and monitors check whether a port is open. Nothing is wrong.',
    check: [
      'Is the peer address one of your load balancers, probes or monitors? Then there is nothing to do.',
      'If it is an application: why does it give up right after connecting? A very short connect timeout, or a pool that opens too many.',
    ],
    fix: [
      'Nothing, for a health check. "rabbitmq-diagnostics check_port_connectivity" is a better one when run on the node.',
      'If the port is open to the world, narrow it: port scanners look the same.',
    ],
    seenAt: `Since 3.7 at level debug only, so most logs do not hold it at all. In 3.5 and 3.6 debug reads INFO REPORT, and the connection category's level (info by default) hides it. ${showDebug}`,
    scenario: 'no-data',
    source:
      'rabbit_reader.erl 3.5.0–4.3.5, stop(tcp_healthcheck, …) and log_connection_exception; rabbit_log.erl 3.6.16',
    samples: [
      {
        level: 'debug',
        text: 'closing AMQP connection <0.698.0> (127.0.0.1:35114 -> 127.0.0.1:37473):\nconnection_closed_with_no_data_received',
      },
      {
        level: 'info',
        text: 'closing AMQP connection <0.7776.0> (11.11.11.1:57820 -> 11.11.11.15:5672):\nconnection_closed_with_no_data_received',
      },
      {
        level: 'debug',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, duration: '10s'):\nconnection_closed_with_no_data_received",
      },
    ],
  },
];
