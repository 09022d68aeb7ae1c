// Exceptions that close a whole connection: what a client did on an open one that the broker does not allow.

import type { Reason } from '../core/reason';
import { exceptions, handshakes } from './eras';
import { closing, secondLine } from './closing';
import { closings } from './eras';
import { closedWith, tellReply, trouble } from './trouble';

const seenAt =
  'All versions at level error: in 3.5 as {amqp_error,…}, since 3.6 as a sentence. The client gets Connection.Close with the code; an info line "closing AMQP connection" follows, which does not mean that all was well.';
const base = {
  closedBy: 'broker',
  severity: 'problem',
  tell: tellReply,
  seenAt,
  source: 'rabbit_reader.erl 3.5.0–4.3.5, log_hard_error/3 and handle_exception/3; AMQP 0-9-1 reply codes',
} as const;
const channelPerThread =
  'Give each thread a channel of its own: Java Channel, .NET IModel or IChannel and amqp091-go channels are not meant for publishing from several threads at once; pika connections belong to one thread.';
const frameSource = 'rabbit_reader.erl 3.5.0–4.3.5, handle_input(frame_payload), frame_error/5, unexpected_frame/4';

export const exception: readonly Reason[] = [
  {
    ...base,
    id: 'frame.too-large',
    title: 'A frame larger than agreed (501 FRAME_ERROR)',
    log: trouble({
      literal: '{frame_too_large,',
      said: /^type (?<type>\d{1,3}), [^]{0,400}\{frame_too_large,(?<size>\d{1,10}),(?<limit>\d{1,10})\}$/,
      codes: ['frame_error'],
    }),
    wire: closedWith(501, /frame_too_large/),
    why: "The client sent a frame with more bytes than allowed: {frame_too_large,SIZE,LIMIT}. Before Connection.Tune the limit is initial_frame_max, 4096 by default, 8192 since 4.1: a large OAuth 2 token or many client properties pass it. Afterwards it is the frame-max that both agreed on, and then the client's library is at fault, or the frame's header is garbage.",
    check: [
      'Is the state "starting"? Then the login is too large: look at the length of the token and of the client properties.',
      'Is the size unbelievable? Then the stream is out of step: two threads writing to one socket, or a proxy that changes bytes.',
      'Does the client honour the frame-max of tune-ok when it splits message bodies?',
    ],
    fix: [
      'For a large login: initial_frame_max = 16384 in rabbitmq.conf (bytes), or smaller tokens.',
      'Otherwise update the client library, and let only one thread write to a channel.',
      'frame_max in rabbitmq.conf (default 131072) need not be raised for large messages: they are split.',
    ],
    source: frameSource,
    samples: [
      ...exceptions(1, 'none', 'frame_error', 'type 3, all octets = <<>>: {frame_too_large,900000,131064}'),
      ...handshakes(
        'starting',
        '{amqp_error,frame_error,\n                             "type 1, all octets = <<>>: {frame_too_large,5000,4088}",\n                             none}',
      ),
    ],
  },
  {
    ...base,
    id: 'frame.bad-end',
    title: 'A frame that does not end as it must (501 FRAME_ERROR)',
    log: trouble({
      literal: '{invalid_frame_end_marker,',
      said: /^type (?<type>\d{1,3}), [^]{0,400}\{invalid_frame_end_marker,(?<byte>\d{1,3})\}$/,
      codes: ['frame_error'],
    }),
    wire: closedWith(501, /invalid_frame_end_marker/),
    why: "Each frame must end with the byte 206 (0xCE). Another byte stood there, so the broker has lost its place in the stream and cannot go on. Nearly always the client's fault: two threads wrote to the same connection or channel at the same time and their frames were mixed.",
    check: [
      'Do several threads publish on one channel, or share a pika connection?',
      'Is the client library home-made or very old?',
      'Does something between change bytes, such as a proxy that injects headers?',
    ],
    fix: [channelPerThread, 'Update the client library.'],
    source: frameSource,
    samples: [
      ...exceptions(0, 'none', 'frame_error', 'type 1, all octets = <<0,20,0,10>>: {invalid_frame_end_marker,65}'),
      ...exceptions(
        1,
        'none',
        'frame_error',
        'type 3, first 16 octets = <<"{\\"id\\":17,\\"msg\\":">>: {invalid_frame_end_marker,123}',
      ),
      ...handshakes(
        'starting',
        '{amqp_error,frame_error,\n                             "type 1, all octets = <<0,10,0,11>>: {invalid_frame_end_marker,65}",\n                             none}',
      ),
    ],
  },
  {
    ...base,
    id: 'frame.unknown-type',
    title: 'A frame of a type that AMQP does not have (501)',
    log: trouble({
      literal: 'unknown_frame',
      said: /^type (?<type>\d{1,3}), [^]{0,400}unknown_frame$/,
      codes: ['frame_error'],
    }),
    wire: closedWith(501, /unknown_frame/),
    why: 'AMQP 0-9-1 knows the frame types 1 (method), 2 (header), 3 (body) and 8 (heartbeat). The client sent another one: its stream is out of step, or what follows the protocol header is no AMQP 0-9-1.',
    check: [
      'Do several threads write to one channel or connection?',
      'Does the client speak another version of AMQP after its header?',
      'Is a proxy between that changes bytes?',
    ],
    fix: [channelPerThread, 'Update or replace the client library.'],
    source: frameSource,
    samples: exceptions(1, 'none', 'frame_error', 'type 99, all octets = <<"abcd">>: unknown_frame'),
  },
  {
    ...base,
    id: 'frame.lost-sync',
    title: 'Closed 3 s after a frame error',
    severity: 'notice',
    log: closing('fatal_frame_error', `${secondLine}fatal_frame_error`, 'certain'),
    why: 'The second line of a frame error: the broker has told the client, waited 3 s so that it may read that, and now ends the connection. What was wrong stands in the error line with frame_error 3 s before, of the same process id.',
    check: ['Read the line 3 s before with the same process id: "… caused a connection exception frame_error: …".'],
    fix: ['Fix what that line names; most often two threads share one channel.'],
    seenAt: 'All versions at level error. From 4.0 with the duration.',
    source: frameSource,
    samples: closings('fatal_frame_error'),
  },
  {
    ...base,
    id: 'frame.content-mixed',
    title: 'Frames of two messages mixed (505 UNEXPECTED_FRAME)',
    log: trouble({
      literal: 'expected ',
      said: /^expected (?<expected>method frame|content header for class \d{1,3}|content body), got [^]{1,120}$/,
      codes: ['unexpected_frame'],
    }),
    wire: closedWith(505, /expected (?:method frame|content)/),
    why: 'A message goes as method, header and body frames in this order on its channel. Here another frame came in between. Almost always two threads publish on the same channel, so that their frames mix; the client is at fault.',
    check: [
      'Do several threads, callbacks or coroutines publish on one channel?',
      'Does a callback publish on the channel of another thread?',
    ],
    fix: [
      channelPerThread,
      'Or guard the publishing with a lock, or use a pool of channels (Spring CachingConnectionFactory).',
    ],
    source: 'rabbit_command_assembler.erl 3.5.0–4.3.5, process/2',
    samples: [
      ...exceptions(1, 'none', 'unexpected_frame', 'expected method frame, got non method frame instead'),
      ...exceptions(
        1,
        'basic.publish',
        'unexpected_frame',
        'expected content header for class 60, got non content header frame instead',
      ),
      ...exceptions(1, 'none', 'unexpected_frame', 'expected content body, got non content body frame instead'),
    ],
  },
  {
    ...base,
    id: 'frame.wrong-channel',
    title: 'A frame where it may not stand (505 UNEXPECTED_FRAME)',
    log: trouble({
      literal: ' octets = ',
      said: /^type (?<type>\d{1,3}), \w{1,8}(?: \d{1,3})? octets = [^]{1,300}$/,
      codes: ['unexpected_frame'],
    }),
    wire: closedWith(505, /octets/),
    why: "The frame's type does not fit its channel or the state: a heartbeat (type 8) on another channel than 0, content on channel 0, or a frame of a channel before the connection was open. The client library is at fault.",
    check: [
      'Is the client library home-made, or a proxy that speaks AMQP by itself?',
      'Does the client open channels before it has got Connection.OpenOk?',
    ],
    fix: ['Update the client library, or report it there with a capture.'],
    source: frameSource,
    samples: [
      ...exceptions(1, 'none', 'unexpected_frame', 'type 8, all octets = <<>>'),
      ...handshakes(
        'starting',
        '{amqp_error,unexpected_frame,\n                             "type 1, all octets = <<0,20,0,10,0>>",none}',
      ),
    ],
  },
  {
    ...base,
    id: 'channel.not-open',
    title: 'Used a channel that is not open (504 CHANNEL_ERROR)',
    log: trouble({ literal: "expected 'channel.open'", said: /^expected 'channel\.open'$/, codes: ['channel_error'] }),
    wire: closedWith(504, /expected 'channel\.open'/),
    why: 'The client sent a method on a channel that it has not opened, or that is closed already. After a channel error such as 404 NOT_FOUND the channel is gone; a client that uses it all the same loses its whole connection. The application is at fault.',
    check: [
      'Is there a "Channel error" line just before with the same channel? Then the application went on after it.',
      'Does one thread close a channel that another still uses?',
      'Is a channel kept over a reconnect?',
    ],
    fix: [
      'Open a new channel after each channel error: listen to ShutdownListener in Java, ChannelShutdownAsync in .NET, the channel\'s "close" and "error" events in amqplib, add_on_close_callback in pika, NotifyClose in Go.',
      'Fix what the channel error names.',
    ],
    samples: exceptions(3, 'basic.publish', 'channel_error', "expected 'channel.open'"),
  },
  {
    ...base,
    id: 'channel.opened-twice',
    title: 'Opened the same channel twice (504 CHANNEL_ERROR)',
    log: trouble({ literal: "second 'channel.open'", said: /^second 'channel\.open' seen$/, codes: ['channel_error'] }),
    wire: closedWith(504, /second 'channel\.open'/),
    why: 'The client opened a channel number that is open already. A library keeps the numbers apart by itself; so two parts of the program share a connection without knowing of each other, or choose channel numbers themselves.',
    check: [
      'Does the application choose channel numbers: createChannel(1) in Java, connection.channel(1) in pika or php-amqplib?',
      'Was a connection shared by processes after a fork?',
    ],
    fix: ['Let the library choose the number, and open connections after the fork, not before.'],
    samples: exceptions(1, 'channel.open', 'channel_error', "second 'channel.open' seen"),
  },
  {
    ...base,
    id: 'connection.method-out-of-order',
    title: 'A method in the wrong state (504 CHANNEL_ERROR)',
    log: trouble({
      literal: 'unexpected method in connection state ',
      said: /^unexpected method in connection state (?<state>[a-z_]{1,20})$/,
      codes: ['channel_error'],
    }),
    wire: closedWith(504, /unexpected method/),
    why: 'A connection method came when it could not: Connection.TuneOk on an open connection, or Connection.Open before the login. It is written too when a polite client sends Connection.Close before its connection is open: then nothing is wrong but its timing.',
    check: [
      'Did the client give up during the handshake and close politely? Look for its own connect timeout.',
      'Is the client library home-made?',
    ],
    fix: ['Give the client more time for the handshake, or update its library.'],
    samples: [
      ...exceptions(0, 'connection.tune_ok', 'channel_error', 'unexpected method in connection state running'),
      ...handshakes(
        'starting',
        '{amqp_error,channel_error,\n                             "unexpected method in connection state starting",\n                             \'connection.open\'}',
      ),
    ],
  },
  {
    ...base,
    id: 'method.not-implemented',
    title: 'Asked for what RabbitMQ does not have (540)',
    log: trouble({ literal: 'not_implemented', codes: ['not_implemented'], said: /^(?<feature>[^]{1,200})$/ }),
    wire: closedWith(540),
    why: 'The client used a part of AMQP 0-9-1 that RabbitMQ does not implement: "immediate=true" in basic.publish (gone since 3.0), a prefetch size in bytes in basic.qos, or basic.recover without requeue. The application is at fault.',
    check: [
      'Which operation does the line name, and where does the application call it?',
      'Was the client made for another broker?',
    ],
    fix: [
      'immediate: leave it out; a queue with x-message-ttl = 0 and dead-lettering does the same.',
      'Prefetch size: use 0, and a prefetch count: basicQos(0, 20, false) in Java, basic_qos(prefetch_count=20) in pika.',
      'basic.recover: ask with requeue = true.',
    ],
    samples: [
      ...exceptions(1, 'basic.publish', 'not_implemented', 'immediate=true'),
      ...exceptions(1, 'basic.qos', 'not_implemented', 'prefetch_size!=0 (1024)'),
      ...exceptions(1, 'basic.recover', 'not_implemented', 'requeue=false'),
    ],
  },
  {
    ...base,
    id: 'consumer.tag-reused',
    title: 'A consumer tag used twice (530 NOT_ALLOWED)',
    log: trouble({
      literal: 'attempt to reuse consumer tag ',
      said: /^attempt to reuse consumer tag '(?<tag>[^]{0,300})'$/,
      codes: ['not_allowed'],
    }),
    wire: closedWith(530, /reuse consumer tag/),
    why: 'The client started a consumer with a tag that another consumer of the same channel has. The application names its consumers itself, and not uniquely: often it consumes again after a reconnect or in each of several threads.',
    check: [
      'Does the application set a fixed consumer tag, and call consume more than once on one channel?',
      'Does its own recovery run beside the automatic recovery of the library?',
    ],
    fix: ['Let the broker choose the tag (an empty one), or make it unique for each consumer.'],
    samples: exceptions(1, 'basic.consume', 'not_allowed', "attempt to reuse consumer tag 'ctag1'"),
  },
  {
    ...base,
    id: 'transaction.command-during-commit',
    title: 'A command while a transaction was committed (503)',
    log: trouble({
      literal: 'unexpected command while processing ',
      said: /^unexpected command while processing '(?<processing>[a-z._]{1,40})'$/,
      codes: ['command_invalid'],
    }),
    wire: closedWith(503, /unexpected command while processing/),
    why: 'The client sent a further method on the channel while the broker was still busy with tx.commit. Such methods have to wait for their answer; several threads on one channel do not.',
    check: [
      'Do several threads use the transactional channel?',
      'Does the client send without waiting for Tx.CommitOk?',
    ],
    fix: [channelPerThread, 'Publisher confirms are faster than transactions, and need no waiting: confirmSelect.'],
    samples: exceptions(1, 'tx.commit', 'command_invalid', "unexpected command while processing 'tx.commit'"),
  },
  {
    ...base,
    id: 'secret.refused',
    title: 'The renewed token was refused (530 NOT_ALLOWED)',
    log: trouble({
      literal: 'New secret was refused by one of the backends',
      said: /^New secret was refused by one of the backends$/,
      codes: ['not_allowed'],
    }),
    wire: closedWith(530, /New secret was refused/),
    why: 'The client renewed its token with Connection.UpdateSecret, and a back-end would not have it: the new token is expired, signed by another key, made for another user, or lacks the scopes. A line "Secret update was refused for user" before it names the cause.',
    check: [
      'Read the line before: "Secret update was refused for user …".',
      'Is the new token in date and for the same user, with the audience of auth_oauth2.resource_server_id?',
      'Do the clocks of client, identity provider and broker agree?',
    ],
    fix: ['Fetch a fresh token right before updateSecret, and well before the old one ends.'],
    seenAt: `Since 3.8. ${seenAt}`,
    source: 'rabbit_reader.erl 3.8.0–4.3.5, handle_method0 connection.update_secret',
    samples: exceptions(
      0,
      'connection.update_secret',
      'not_allowed',
      'New secret was refused by one of the backends',
    ).slice(1),
  },
  {
    ...base,
    id: 'secret.update-failed',
    title: 'The renewed token could not be checked (530)',
    log: trouble({ literal: 'Secret update failed', said: /^Secret update failed$/, codes: ['not_allowed'] }),
    wire: closedWith(530, /Secret update failed/),
    why: "The client renewed its token with Connection.UpdateSecret, and the back-end could not check it, because it or what it asks was out of order. The broker's side is at fault, not the client.",
    check: [
      'Read the line before: "Secret update for user … failed".',
      'Are the identity provider (auth_oauth2.jwks_uri, auth_oauth2.issuer) and its keys reachable from the node?',
    ],
    fix: ['Repair the way from the broker to the identity provider; the client may just reconnect.'],
    seenAt: `Since 3.8. ${seenAt}`,
    source: 'rabbit_reader.erl 3.8.0–4.3.5, handle_method0 connection.update_secret',
    samples: exceptions(0, 'connection.update_secret', 'not_allowed', 'Secret update failed').slice(1),
  },
];
