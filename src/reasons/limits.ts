// Limits that refuse a connection, or close one that opens too much.

import type { Reason } from '../core/reason';
import { exceptions, openRefusals } from './eras';
import { closedWith, tellReply, trouble } from './trouble';

const base = {
  closedBy: 'broker',
  severity: 'problem',
  tell: tellReply,
  source: 'rabbit_reader.erl 4.3.5, is_over_node_connection_limit, is_over_vhost_connection_limit, create_channel/2',
} as const;
const leak =
  'Does the client leak: a new connection or channel for each message, never closed? Compare their number with the number of processes and threads.';
const opening = { codes: ['not_allowed'], states: ['opening'] } as const;

export const limits: readonly Reason[] = [
  {
    ...base,
    id: 'limit.vhost-connections',
    title: "The vhost's connection limit is reached (530)",
    log: trouble({
      ...opening,
      literal: ': connection limit (',
      said: /^access to vhost '(?<vhost>[^]{0,300})' refused for user '(?<user>[^]{0,300})': connection limit \((?<limit>\d{1,10})\) is reached$/,
    }),
    wire: closedWith(530, /access to vhost [^]*: connection limit \(/),
    why: 'An operator limited how many connections this virtual host may have, and it has them. The login was right; the limit refused it. Either the limit is too small for what runs, or clients leak connections.',
    check: [
      'Who holds the connections? "rabbitmqctl list_connections vhost user peer_host client_properties"',
      leak,
      'What is the limit? "rabbitmqctl list_vhost_limits -p VHOST"',
    ],
    fix: [
      'Raise it: rabbitmqctl set_vhost_limits -p VHOST \'{"max-connections": 500}\'; -1 is no limit, 0 lets nobody in. The default is no limit.',
      'Share connections in the client: one for each process, and channels on it.',
    ],
    seenAt: 'Since 3.7 at level error. The client gets Connection.Close 530.',
    samples: openRefusals("access to vhost '/' refused for user 'guest': connection limit (100) is reached"),
  },
  {
    ...base,
    id: 'limit.query-timeout',
    title: 'The connection limit could not be looked up in time',
    log: trouble({
      ...opening,
      literal: 'connection limit cannot be queried',
      said: /^access to vhost '(?<vhost>[^]{0,300})' refused for user '(?<user>[^]{0,300})': connection limit cannot be queried, timeout$/,
    }),
    wire: closedWith(530, /limit cannot be queried/),
    why: "The broker wanted to look up the vhost's connection limit, and its metadata store (Khepri) did not answer in time; so it refused. The cluster is at fault, not the client.",
    check: [
      'Does the cluster have a majority? "rabbitmq-diagnostics cluster_status"',
      'Is the metadata store healthy? "rabbitmqctl metadata_store_status" shows its leader and members.',
      'Are disks or the network between nodes very slow?',
    ],
    fix: ['Bring the missing nodes back; clients may try again with a growing delay.'],
    seenAt: 'Since 3.13 at level error, where Khepri is used.',
    samples: openRefusals("access to vhost '/' refused for user 'guest': connection limit cannot be queried, timeout"),
  },
  {
    ...base,
    id: 'limit.user-connections',
    title: "The user's connection limit is reached (530)",
    log: trouble({
      ...opening,
      literal: ': user connection limit (',
      said: /^[Cc]onnection refused for user '(?<user>[^]{0,300})': user connection limit \((?<limit>\d{1,10})\) is reached$/,
    }),
    wire: closedWith(530, /user connection limit \(/),
    why: 'An operator limited how many connections this user may have, and it has them. The login was right; the limit refused it.',
    check: [
      'Who holds the connections? "rabbitmqctl list_connections user peer_host client_properties"',
      leak,
      'What is the limit? "rabbitmqctl list_user_limits --user NAME"',
    ],
    fix: [
      'Raise it: rabbitmqctl set_user_limits NAME \'{"max-connections": 50}\'; -1 is no limit, which is the default.',
      'Give each application a user of its own.',
    ],
    seenAt: 'Since 3.8.10 at level error; up to 3.9 with a capital C.',
    samples: [
      ...openRefusals("connection refused for user 'guest': user connection limit (10) is reached"),
      ...openRefusals("Connection refused for user 'guest': user connection limit (10) is reached"),
    ],
  },
  {
    ...base,
    id: 'limit.node-connections',
    title: "The node's connection limit is reached (530)",
    log: trouble({
      ...opening,
      literal: 'node connection limit (',
      said: /^connection refused: node connection limit \((?<limit>\d{1,10})\) is reached$/,
    }),
    wire: closedWith(530, /node connection limit \(/),
    why: 'The node has as many connections as connection_max allows. All clients of all users count together.',
    check: [
      'Who holds the connections? "rabbitmqctl list_connections user peer_host client_properties"',
      leak,
      'Are they spread evenly over the nodes of the cluster, or did all go to this one after a restart?',
    ],
    fix: [
      'Raise connection_max in rabbitmq.conf (default infinity), where memory and file descriptors allow it.',
      'Spread the clients over the nodes, and share connections in the client.',
    ],
    seenAt: 'Since 3.11.12 at level error.',
    samples: openRefusals('connection refused: node connection limit (1000) is reached'),
  },
  {
    ...base,
    id: 'limit.channels-negotiated',
    title: 'More channels than agreed: a channel leak? (530)',
    log: trouble({
      literal: 'has reached the negotiated channel_max',
      said: /^number of channels opened \((?<opened>\d{1,6})\) has reached the negotiated channel_max \((?<limit>\d{1,6})\)$/,
      codes: ['not_allowed'],
    }),
    wire: closedWith(530, /negotiated channel_max/),
    why: 'The connection has as many channels as both sides agreed on, 2047 by default, and opened one more. Hardly any program needs so many: nearly always channels are opened for each message or request and never closed.',
    check: [
      leak,
      'Does "rabbitmqctl list_connections name channels" grow all the time for this client?',
      'Is a channel closed on every way out, errors too?',
    ],
    fix: [
      'Open one channel for each thread and keep it; close it where it is opened for one task (try-with-resources, finally, defer).',
      'channel_max in rabbitmq.conf (default 2047) and in the client (Java setRequestedChannelMax, pika channel_max=…) bound the leak; raising them only delays it.',
    ],
    seenAt: 'All versions at level error, as a sentence since 3.7.',
    samples: exceptions(
      2048,
      'none',
      'not_allowed',
      'number of channels opened (2047) has reached the negotiated channel_max (2047)',
    ),
  },
  {
    ...base,
    id: 'limit.user-channels',
    title: "The user's channel limit is reached (530)",
    log: trouble({
      literal: 'has reached the maximum allowed user limit of',
      said: /^number of channels opened for user '(?<user>[^]{0,300})' has reached the maximum allowed user limit of \((?<limit>\d{1,10})\)$/,
      codes: ['not_allowed'],
    }),
    wire: closedWith(530, /maximum allowed user limit/),
    why: 'An operator limited how many channels this user may have over all its connections, and it opened one more. The whole connection is closed for it.',
    check: [leak, 'What is the limit? "rabbitmqctl list_user_limits --user NAME"'],
    fix: [
      'Raise it: rabbitmqctl set_user_limits NAME \'{"max-channels": 500}\'; -1 is no limit, which is the default.',
    ],
    seenAt: 'Since 3.8.10 at level error.',
    samples: exceptions(
      2,
      'none',
      'not_allowed',
      "number of channels opened for user 'guest' has reached the maximum allowed user limit of (1)",
    ).slice(2),
  },
  {
    ...base,
    id: 'limit.node-channels',
    title: "The node's channel limit is reached (530)",
    log: trouble({
      literal: 'has reached the maximum allowed limit of',
      said: /^number of channels opened on node '(?<node>[^']{1,300})' has reached the maximum allowed limit of \((?<limit>\d{1,10})\)$/,
      codes: ['not_allowed'],
    }),
    wire: closedWith(530, /channels opened on node/),
    why: 'The node has as many channels as channel_max_per_node allows, over all connections, and a client opened one more. The whole connection is closed for it; another client may be the one that holds them.',
    check: [leak, 'Who holds the channels? "rabbitmqctl list_connections name user channels"'],
    fix: [
      'Raise channel_max_per_node in rabbitmq.conf (default infinity), or end the leak of the client that holds most.',
    ],
    seenAt: 'Since 3.12.13 at level error.',
    samples: exceptions(
      2,
      'none',
      'not_allowed',
      "number of channels opened on node 'rabbit@rmq1' has reached the maximum allowed limit of (10000)",
    ).slice(2),
  },
  {
    ...base,
    id: 'limit.consumers',
    title: 'Too many consumers on one channel (530)',
    log: trouble({
      literal: 'of consumers per channel',
      said: /^reached maximum \((?<limit>\d{1,10})\) of consumers per channel$/,
      codes: ['not_allowed'],
    }),
    wire: closedWith(530, /consumers per channel/),
    why: 'The channel has as many consumers as consumer_max_per_channel allows, and started one more. Most likely consumers are started again and again and never cancelled.',
    check: [
      'Does the application call consume in a loop, or after each reconnect without cancelling?',
      'How many has it? "rabbitmqctl list_channels name consumer_count"',
    ],
    fix: [
      'Keep one consumer for each queue; cancel what is not needed: basicCancel.',
      'Raise consumer_max_per_channel in rabbitmq.conf (default infinity).',
    ],
    seenAt: 'Since 3.12.14 at level error.',
    samples: exceptions(1, 'basic.consume', 'not_allowed', 'reached maximum (10000) of consumers per channel').slice(2),
  },
];
