// How a connection ends that nothing else ended: politely, after a refusal, or with a socket that just closed.

import { lasted } from '../core/connection';
import type { Reason } from '../core/reason';
import { duration } from '../core/time';
import { closing, namedWithUser, secondLine } from './closing';
import { left, refused } from './wire';

const clean = 'rabbit_reader.erl 3.5.0–4.3.5, start_connection/4 after the reader loop';

export const ending: readonly Reason[] = [
  {
    id: 'connection.closed-before-open',
    title: 'Closed after the login, before a vhost was open',
    closedBy: 'broker',
    severity: 'notice',
    log: closing("vhost: 'none'", '', 'certain', (groups) => {
      const values = namedWithUser(groups);
      return values['vhost'] === 'none' ? values : undefined;
    }),
    wire: (connection) => (refused(connection) && connection.agreed ? 'certain' : undefined),
    tell: (connection) =>
      connection.closing?.by === 'broker'
        ? `The broker would not open the connection: it closed with ${connection.closing.code} ${connection.closing.text}.`
        : undefined,
    why: "The user logged in, but no vhost was opened: here 'none' is the word for no vhost, not its name. The broker refused Connection.Open: an unknown vhost, no permission, or a limit. This info line is only the end; the cause stands in the error line before it with the same process id.",
    check: [
      'Read the line before it with the same process id: "Error on AMQP connection … state: opening".',
      'Has the user permissions on the vhost? "rabbitmqctl list_user_permissions NAME"',
    ],
    fix: ['Fix what the error line names.'],
    seenAt: 'Since 3.6.10 at level info.',
    scenario: 'vhost-not-found',
    source: clean,
    samples: [
      {
        level: 'info',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, vhost: 'none', user: 'guest')",
      },
      {
        level: 'info',
        text: "closing AMQP connection (10.0.0.12:53422 -> 10.0.0.5:5672 - order-service, vhost: 'none', user: 'guest', duration: '171ms')",
      },
    ],
  },
  {
    id: 'connection.closed',
    title: 'Closed in good order',
    closedBy: 'client',
    severity: 'harmless',
    log: closing("', user: '", '', 'likely', (groups) => {
      const values = namedWithUser(groups);
      return values['user'] === undefined ? undefined : values;
    }),
    wire: (connection) =>
      connection.closed && connection.openedAt !== undefined && connection.closing?.by === 'client'
        ? 'certain'
        : undefined,
    tell: (connection) =>
      connection.closing?.by === 'client'
        ? `The client closed in good order after ${duration(lasted(connection))}.`
        : undefined,
    why: "The connection ended with Connection.Close and Close-Ok, nearly always at the client's wish. The broker also writes this line after it has closed a connection itself, for an error or at an operator's command: then an error or warning with the same process id stands before it.",
    check: [
      'Is there an error with the same process id just before? Then that one is the cause.',
      'Do connections open and close all the time? More than 100 a second is churn: keep connections open and share them.',
    ],
    fix: ['Nothing.'],
    seenAt:
      'At level info. It names vhost and user since 3.6.10, and the duration since 4.0, which leaves the process id out.',
    scenario: 'healthy-lifecycle',
    source: clean,
    samples: [
      {
        level: 'info',
        text: "closing AMQP connection <0.674.0> (127.0.0.1:46448 -> 127.0.0.1:37473 - orders (v2), vhost: '/', user: 'guest')",
      },
      {
        level: 'info',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, vhost: '/', user: 'guest')",
      },
      {
        level: 'info',
        text: "closing AMQP connection (10.0.0.12:53422 -> 10.0.0.5:5672 - order-service, vhost: '/', user: 'guest', duration: '3H, 12M, 5s')",
      },
      {
        level: 'info',
        text: "closing AMQP connection <0.762.0> (127.0.0.1:51380 -> 127.0.0.1:37473 - two\nlines, vhost: '/', user: 'guest')",
      },
    ],
  },
  {
    id: 'connection.closed-unnamed',
    title: 'Closed; this line does not tell how',
    closedBy: 'client',
    severity: 'harmless',
    log: { ...closing('closing AMQP connection ', '', 'likely'), formats: ['report'] },
    why: 'The connection ended without an exception. Up to 3.6.9 every polite end is written like this, without vhost and user; so is the end of a connection that the broker refused, and there an error with the same process id stands before it. From 3.6.10 on, only a connection that never logged in lacks the user.',
    check: ['Is there an error with the same process id just before? Then that one is the cause.'],
    fix: ['Nothing, where no error stands before it.'],
    seenAt: '3.5.0 to 3.6.9 at level info.',
    source: clean,
    samples: [{ level: 'info', text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672)' }],
  },
  {
    id: 'connection.closed-after-refusal',
    title: 'Closed before the login was complete',
    closedBy: 'broker',
    severity: 'notice',
    log: closing('closing AMQP connection ', '', 'likely'),
    wire: (connection) => (refused(connection) && !connection.agreed ? 'certain' : undefined),
    tell: (connection) =>
      connection.closing?.by === 'broker'
        ? `The broker closed during the login with ${connection.closing.code} ${connection.closing.text}.`
        : undefined,
    why: 'The line names no vhost and no user, so the login was refused or never finished. This is only the end; the cause stands in the line before it with the same process id, most often "login refused". It does not mean that the client closed politely.',
    check: ['Read the line before it with the same process id: "Error on AMQP connection … state: starting".'],
    fix: ['Fix what the error line names.'],
    seenAt: 'Since 3.6.10 at level info; before that, every polite end reads the same.',
    scenario: 'wrong-password',
    source: clean,
    samples: [
      { level: 'info', text: 'closing AMQP connection <0.713.0> (127.0.0.1:35138 -> 127.0.0.1:37473)' },
      { level: 'info', text: 'closing AMQP connection <0.718.0> (127.0.0.1:35148 -> 127.0.0.1:37473 - billing)' },
      { level: 'info', text: "closing AMQP connection (10.0.0.12:53422 -> 10.0.0.5:5672, duration: '10s')" },
    ],
  },
  {
    id: 'socket.closed-abruptly',
    title: "The client's TCP connection closed without a goodbye",
    closedBy: 'client',
    severity: 'problem',
    log: closing(
      'closed',
      `${secondLine}(?:client unexpectedly closed TCP connection|connection_closed_abruptly)`,
      'likely',
      namedWithUser,
    ),
    wire(connection) {
      if (!connection.greeted || !left(connection)) return undefined;
      // A client whose login was refused without a word may leave before the broker does.
      return connection.mechanism !== undefined && connection.offered === undefined ? 'likely' : 'certain';
    },
    tell(connection) {
      if (!left(connection)) return undefined;
      const how = connection.closed?.how === 'reset' ? 'reset (RST)' : 'closed (FIN)';
      const stage = connection.openedAt === undefined ? ', before the connection was open' : '';
      return `The client ${how} its TCP connection after ${duration(lasted(connection))}${stage}, without Connection.Close.`;
    },
    why: 'The TCP connection ended without Connection.Close. The broker cannot tell a FIN from a RST here, nor the client from something between: a client that exited or was killed, one that closes its socket only, or a proxy, load balancer or firewall with an idle timeout. RabbitMQ 4.3.6 writes the same line when it drops a consumer that has not read for 30 s itself.',
    check: [
      "Did the client's process exit, crash or get killed at that time: a deployment, out of memory, a short script that never calls close()?",
      "How old was the connection? The same age again and again (60 s, 350 s, 3600 s) is a proxy's or load balancer's idle timeout.",
      "Does the line lack vhost and user, or say vhost: 'none'? Then it ended within the handshake: look at the client's own error.",
      'Did the client find missed heartbeats from the broker, or a protocol error, and drop the socket?',
      "Did many end at the same moment? Then look for a network event or a proxy's restart.",
    ],
    fix: [
      'Close the connection before the process ends: Java and .NET connection.close(), pika connection.close(), amqplib await connection.close(), Go conn.Close().',
      "Set a heartbeat below half of the proxy's idle timeout, or raise that timeout.",
      'In Kubernetes, let the client close in its SIGTERM handling and give it terminationGracePeriodSeconds enough.',
    ],
    seenAt:
      'All versions at level warning; 3.5 writes connection_closed_abruptly instead of the sentence. vhost and user since 3.6.10, the duration since 4.0. While the connection is blocked by an alarm, the line comes only when the alarm clears.',
    scenario: 'abrupt-close',
    source: 'rabbit_reader.erl 3.6.0–4.3.5, log_connection_exception {connection_closed_abruptly, _}',
    samples: [
      {
        level: 'warning',
        text: "closing AMQP connection <0.735.0> (127.0.0.1:51354 -> 127.0.0.1:37473 - abrupt, vhost: '/', user: 'guest'):\nclient unexpectedly closed TCP connection",
      },
      {
        level: 'warning',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\nclient unexpectedly closed TCP connection',
      },
      {
        level: 'warning',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\nconnection_closed_abruptly',
      },
      {
        level: 'warning',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, vhost: 'none', user: 'guest'):\nclient unexpectedly closed TCP connection",
      },
      {
        level: 'warning',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672 - order-service, vhost: '/', user: 'guest', duration: '42M, 7s'):\nclient unexpectedly closed TCP connection",
      },
      {
        level: 'warning',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, duration: '312ms'):\nclient unexpectedly closed TCP connection",
      },
    ],
  },
];
