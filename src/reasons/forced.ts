// Connections that the broker or an operator ended on purpose: 320 CONNECTION_FORCED, and 541 where it failed inside.

import type { Reason } from '../core/reason';
import { exceptions, forcings } from './eras';
import { closedWith, tellReply, trouble } from './trouble';

const base = {
  closedBy: 'operator',
  severity: 'notice',
  tell: tellReply,
  seenAt:
    'All versions: up to 4.3.4 at level error, as "operation none caused a connection exception connection_forced" ("none" is no method); since 4.3.5 as one line at warning, "Closing AMQP connection … : TEXT".',
  source: 'rabbit_reader.erl 3.5.0–4.3.5, terminate/2 and log_hard_error/3',
} as const;
const recover =
  'Let clients recover by themselves: Java and .NET do so by default, Spring too; pika, amqplib and amqp091-go leave reconnecting to you.';
const codes = ['connection_forced'] as const;

export const forced: readonly Reason[] = [
  {
    ...base,
    id: 'forced.node-shutdown',
    title: 'The node is shutting down (320 CONNECTION_FORCED)',
    log: trouble({
      literal: 'broker forced connection closure with reason ',
      said: /^broker forced connection closure with reason '(?<reason>[^]{1,300})'$/,
      codes,
    }),
    wire: closedWith(320, /broker forced connection closure/),
    why: "The node, or its listener, was stopped and told each of its open connections so: 'shutdown' is the ordinary stop. The client did nothing wrong. Often no closing line follows, because the log stops before the connections do; connections in mid-handshake are not logged at all.",
    check: [
      'Was the node stopped or restarted on purpose: an upgrade, a deployment, a rolling restart?',
      "If not: what stopped it? Look at the system's journal, at Kubernetes events and at the out-of-memory killer.",
      'Did the clients come back, to this node or to another?',
    ],
    fix: [
      recover,
      'Give clients the addresses of several nodes, and drain a node before it stops: "rabbitmq-upgrade drain".',
    ],
    samples: forcings("broker forced connection closure with reason 'shutdown'"),
  },
  {
    ...base,
    id: 'forced.maintenance',
    title: 'The node was put into maintenance mode (320)',
    log: trouble({
      literal: 'Node was put into maintenance mode',
      said: /^Node was put into maintenance mode$/,
      codes,
    }),
    wire: closedWith(320, /maintenance mode/),
    why: 'An operator, or the Kubernetes operator before it restarts a pod, drained the node: it closes its listeners and all client connections, so that clients go to the other nodes. Nothing is wrong.',
    check: [
      'Was a drain meant: an upgrade, a node replacement?',
      'Did the clients find another node? "rabbitmq-diagnostics status" tells whether the node is still in maintenance.',
    ],
    fix: ['After the work: "rabbitmq-upgrade revive".', recover],
    seenAt: `Since 3.8.8. ${base.seenAt}`,
    source: 'rabbit_maintenance.erl 3.8.8–4.3.5, close_all_client_connections/0',
    samples: forcings('Node was put into maintenance mode').slice(1),
  },
  {
    ...base,
    id: 'forced.vhost-deleted',
    title: 'Its virtual host was deleted (320)',
    log: trouble({ literal: "' is deleted", said: /^vhost '(?<vhost>[^]{1,300})' is deleted$/, codes }),
    wire: closedWith(320, /vhost '[^]*' is deleted/),
    why: 'Somebody deleted the virtual host while this connection used it: all that it held is gone, queues and messages too. The broker closed its connections; a client that comes back finds no such vhost.',
    check: [
      'Who deleted it, and was that meant? "rabbitmqctl list_vhosts" shows what is left.',
      'Does a script of a test environment clean up the wrong cluster?',
    ],
    fix: [
      'Stop the clients, or give them another vhost.',
      'If it was a mistake: create it again and import its definitions; the messages are lost. Since 4.1 "rabbitmqctl enable_vhost_protection_from_deletion" guards a vhost.',
    ],
    seenAt: `Since 3.7; 4.x often says "is down" instead. ${base.seenAt}`,
    source: 'rabbit_connection_tracking.erl and rabbit_vhost.erl 3.7.0–4.3.5',
    samples: forcings("vhost 'tmp' is deleted").slice(1),
  },
  {
    ...base,
    id: 'forced.vhost-down',
    title: 'Its virtual host went down (320)',
    closedBy: 'broker',
    severity: 'problem',
    log: trouble({ literal: "' is down", said: /^vhost '(?<vhost>[^]{1,300})' is down$/, codes }),
    wire: closedWith(320, /vhost '[^]*' is down/),
    why: "The vhost's processes on this node stopped, so the broker closed its connections. After a crash of its message store that is the broker's fault; but a deleted vhost reads the same in 4.x, and so does a node that stops.",
    check: [
      'Was the vhost deleted at that time? 4.x writes "is down" for that too.',
      'Is there an error of its message store or of "rabbit_vhost_process" before? Disk full, damaged files?',
      'Is it up again? "rabbitmq-diagnostics check_virtual_hosts"',
    ],
    fix: ['"rabbitmqctl restart_vhost -p VHOST" after the cause is repaired.', recover],
    seenAt: `Since 3.7. ${base.seenAt}`,
    source: 'rabbit_connection_tracking.erl and rabbit_vhost_process.erl 3.7.0–4.3.5',
    samples: forcings("vhost '/' is down").slice(1),
  },
  {
    ...base,
    id: 'forced.user-deleted',
    title: 'Its user was deleted (320)',
    log: trouble({ literal: "' is deleted", said: /^user '(?<deleted>[^]{1,300})' is deleted$/, codes }),
    wire: closedWith(320, /user '[^]*' is deleted/),
    why: 'Somebody deleted the user of this connection, so the broker closed all its connections. A client that comes back will be refused.',
    check: [
      'Who deleted it, and was that meant?',
      'Which clients still use it? Their next login is refused with "invalid credentials".',
    ],
    fix: [
      'Give the clients another user, or create it again: "rabbitmqctl add_user NAME" and "rabbitmqctl set_permissions".',
      'When you replace a user, let the clients change over first and delete afterwards.',
    ],
    seenAt: `Since 3.7. ${base.seenAt}`,
    source: 'rabbit_connection_tracking.erl 3.7.0–4.3.5',
    samples: forcings("user 'tmpu' is deleted").slice(1),
  },
  {
    ...base,
    id: 'forced.credential-expired',
    title: "The client's token expired (320)",
    closedBy: 'broker',
    severity: 'problem',
    log: trouble({ literal: 'credential expired', said: /^credential expired$/, codes }),
    wire: closedWith(320, /credential expired/),
    why: 'The OAuth 2 token with which the client logged in ran out, and the client had not renewed it on the open connection; so the broker closed it. Up to 4.2.5 such a connection stayed open and only its operations were refused.',
    check: [
      'Does the client renew its token, with Connection.UpdateSecret, before it ends?',
      'How long do the tokens live? Does every connection end at that age?',
      'Do the clocks of broker and identity provider agree?',
    ],
    fix: [
      'Java: setCredentialsProvider with a DefaultCredentialsRefreshService; .NET: CredentialsProvider and CredentialsRefresher; pika connection.update_secret(token, reason); amqplib connection.updateSecret(Buffer, reason); Go conn.UpdateSecret.',
      'Or let the tokens live longer at the identity provider.',
    ],
    seenAt:
      'Since 4.2.6: a warning "closing AMQP connection … of user …: credential has expired", then this, up to 4.3.4 at level error, since 4.3.5 at warning.',
    source: 'rabbit_reader.erl 4.2.6–4.3.5, handle_other(credential_expired)',
    samples: forcings('credential expired').slice(2),
  },
  {
    ...base,
    id: 'credential.expired',
    title: "The client's token expired",
    closedBy: 'broker',
    severity: 'problem',
    log: {
      literal: ': credential has expired',
      starts: ['closing AMQP connection '],
      pattern:
        /^closing AMQP connection (?<connection>\S{1,300} -> [^\s(),]{1,300})(?: - [^]{0,500})? of user '(?<user>[^]{0,300})': credential has expired$/,
      sure: 'certain',
    },
    why: 'The token or credential with which the client logged in ran out, and the client had not renewed it on the open connection. The broker says so here, and then closes with 320 CONNECTION_FORCED "credential expired".',
    check: [
      'Does the client renew its token, with Connection.UpdateSecret, before it ends?',
      'How long do the tokens live, and do the clocks agree?',
    ],
    fix: [
      'Renew in time: a CredentialsRefreshService in Java, CredentialsRefresher in .NET, updateSecret in the other clients.',
    ],
    seenAt: 'Since 4.2.6 at level warning.',
    source: 'rabbit_reader.erl 4.2.6–4.3.5, handle_other(credential_expired)',
    samples: [
      {
        level: 'warning',
        text: "closing AMQP connection 10.0.0.12:53422 -> 10.0.0.5:5672 of user 'svc': credential has expired",
      },
    ],
  },
  {
    ...base,
    id: 'forced.management',
    title: 'Closed in the management UI (320)',
    log: trouble({ literal: 'Closed via management plugin', said: /^Closed via management plugin$/, codes }),
    wire: closedWith(320, /Closed via management plugin/),
    why: 'Somebody closed the connection in the management UI ("Force Close"), or a program did over the HTTP API: DELETE /api/connections/NAME without an X-Reason header. Nothing is wrong with the client.',
    check: [
      'Who did it? The access log of the management listener (management.http_log_dir) names the caller.',
      'Does a monitor or script close connections by a rule of its own?',
    ],
    fix: ['Nothing, where it was meant. Give a reason with the header X-Reason: it stands in the log then.', recover],
    samples: forcings('Closed via management plugin'),
  },
  {
    ...base,
    id: 'forced.operator',
    title: 'Closed by an operator (320 CONNECTION_FORCED)',
    log: trouble({
      literal: ['connection_forced', "user: '"],
      said: /^(?<reason>[^]{0,1000})$/,
      codes,
      sure: 'likely',
    }),
    wire: closedWith(320),
    why: 'Somebody closed the connection: with "rabbitmqctl close_connection" or "close_all_connections", or over the HTTP API with a reason of their own, which is the text of the line. Nothing is wrong with the client.',
    check: [
      'Does the text say who and why? It is what the operator gave as the reason.',
      'Does a script or a monitor close connections by a rule of its own?',
    ],
    fix: ['Nothing, where it was meant.', recover],
    samples: forcings('maintenance window'),
  },
  {
    ...base,
    id: 'channel.crashed',
    title: 'A channel crashed inside the broker (541)',
    closedBy: 'broker',
    severity: 'problem',
    log: trouble({
      literal: '{',
      said: /^(?<term>\{[^]{1,3000}\})$/,
      states: ['running', 'blocked', 'blocking', 'closing'],
      sure: 'likely',
    }),
    wire: closedWith(541),
    why: "The channel's process in the broker died of an error of its own, and the line shows the raw Erlang reason instead of a sentence. The client gets 541 INTERNAL_ERROR and did nothing wrong, or asked for something that the broker could not do just then: a queue without a leader, a metadata store that timed out.",
    check: [
      'What does the term say: timeout, noproc or nodedown point to a queue or node that is not available.',
      'Is the cluster whole? "rabbitmq-diagnostics cluster_status", "rabbitmq-queues check_if_node_is_quorum_critical"',
      'Is there a crash report with the same time? It names the operation.',
    ],
    fix: [
      'Repair the queue or node that it names, or update the broker: crashes like this are often known defects.',
      recover,
    ],
    seenAt: 'All versions at level error.',
    source: 'rabbit_reader.erl 3.5.0–4.3.5, format_hard_error/1 and handle_other {channel_exit, _, _}',
    samples: [
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672 - order-service, vhost: '/', user: 'guest', state: running), channel 1:\n {{badmatch,{error,not_found}},\n  [{rabbit_channel,handle_method,3,[{file,\"rabbit_channel.erl\"},{line,1234}]}]}",
      },
    ],
  },
  {
    ...base,
    id: 'channel.crashed-while-closing',
    title: 'A channel crashed while its connection closed',
    closedBy: 'broker',
    log: {
      literal: ':error while terminating:',
      starts: ['Error on AMQP connection '],
      pattern:
        /^Error on AMQP connection (?<pid><[\d.]{1,30}>) \((?<connection>\S{1,300} -> [^\s(),]{1,300})(?=[\s,)])[^]*, channel (?<channel>\d{1,5}):error while terminating:(?:\n|, )(?<term>[^]*)$/,
      sure: 'certain',
    },
    why: 'The connection was closing already, and one of its channels died of an error meanwhile instead of ending in order. The connection ends all the same; a message that the channel was handling may not have been confirmed.',
    check: ['What does the term say? A timeout points to a queue or a metadata store that was slow.'],
    fix: ['Nothing, when it is rare. Otherwise update the broker, and report it with the term.'],
    seenAt: 'All versions at level error.',
    source: 'rabbit_reader.erl 3.5.0–4.3.5, log_channel_termination / wait_for_channel_termination',
    samples: [
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, vhost: '/', user: 'guest', state: closing), channel 1:error while terminating:\n{badmatch,{error,timeout}}",
      },
    ],
  },
  {
    ...base,
    id: 'connection.internal-error',
    title: 'The broker failed inside (541 INTERNAL_ERROR)',
    closedBy: 'broker',
    severity: 'problem',
    log: trouble({
      literal: 'internal_error',
      said: /^(?!access to vhost )(?<reason>[^]{0,1000})$/,
      codes: ['internal_error'],
    }),
    why: 'The broker could not do what the client asked because something inside it failed, and it says so with an explanation. The client is not at fault.',
    check: [
      'What does the explanation name: a queue, a vhost, a timeout?',
      'Is there a crash report at the same time?',
    ],
    fix: ['Repair what it names.', recover],
    seenAt: 'All versions at level error.',
    samples: exceptions(
      1,
      'queue.declare',
      'internal_error',
      "Cannot declare a queue 'orders' on node 'rabbit@rmq1': nodedown",
    ),
  },
];
