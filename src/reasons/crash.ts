// Connection processes that died: crash and supervisor reports instead of a closing line.

import type { LogMatch, Reason } from '../core/reason';

const report = (literal: string, pattern: RegExp): LogMatch => ({ literal, pattern, sure: 'certain' });
const base = {
  closedBy: 'broker',
  severity: 'problem',
  seenAt:
    'At level error, as a crash report or a supervisor report. There is no "closing AMQP connection" line and no address: only the process id ties it to the connection.',
  source: 'rabbit_reader.erl 3.5.0–4.3.5, handle_other/2 and close/2; rabbit_connection_sup',
} as const;
const supervised = (reason: string) => ({
  level: 'error',
  text: `    supervisor: {<0.1112.0>,rabbit_connection_sup}\n    errorContext: child_terminated\n    reason: ${reason}\n    offender: [{pid,<0.1114.0>},\n               {id,reader}]`,
});

export const crash: readonly Reason[] = [
  {
    ...base,
    id: 'reader.unknown-method',
    title: 'An unknown method: the connection process crashed',
    log: report(
      '{unknown_method_id,{',
      /(?:rabbit_reader|rabbit_connection_sup)[^]{0,1500}\{unknown_method_id,\{(?<class>\d{1,5}),(?<method>\d{1,5})\}\}/,
    ),
    why: 'The client sent a class and method number that AMQP 0-9-1 does not have. RabbitMQ does not refuse that politely: the process of the connection crashes, and the client sees only its end. A defect of the client library, or bytes mixed up by threads or a proxy.',
    check: [
      'Is the client library home-made, or made for another broker?',
      'Do several threads write to one connection?',
    ],
    fix: ['Update or replace the client library.'],
    samples: [
      {
        level: 'error',
        text: '  crasher:\n    initial call: rabbit_reader:init/3\n    pid: <0.1114.0>\n    registered_name: []\n    exception exit: {unknown_method_id,{77,77}}\n      in function  rabbit_framing_amqp_0_9_1:lookup_method_name/1 (rabbit_framing_amqp_0_9_1.erl, line 327)',
      },
      supervised('{unknown_method_id,{77,77}}'),
    ],
  },
  {
    ...base,
    id: 'reader.channels-did-not-stop',
    title: 'Channels did not stop in time while closing',
    log: report('channel_termination_timeout', /rabbit_connection_sup[^]{0,300}reason: channel_termination_timeout/),
    why: 'The connection was closing, and its channels did not end in the time they have; so the process of the connection gave up. The broker is slow or stuck, not the client: a queue without a leader, overloaded disks, a cluster that is partitioned.',
    check: ['Is the cluster whole, and are its disks fast enough?', 'Are there other timeouts at the same time?'],
    fix: [
      'Repair the slow queue or node; channel_operation_timeout in rabbitmq.conf (default 15000 ms) bounds such waits.',
    ],
    samples: [supervised('channel_termination_timeout')],
  },
  {
    ...base,
    id: 'reader.dependent-died',
    title: 'A process that the connection needs died',
    log: report(
      '{abnormal_dependent_exit,',
      /rabbit_connection_sup[^]{0,300}\{abnormal_dependent_exit,(?<dependent><[\d.]{1,30}>),/,
    ),
    why: 'A process on which the connection depends, a channel or the writer, died of an error, and the connection with it. The broker is at fault: the client just sees the end of its connection.',
    check: ['Is there a crash report of that process at the same time? It names the cause.'],
    fix: ['Update the broker, and report the crash if it stays.'],
    samples: [supervised('{abnormal_dependent_exit,<0.1250.0>,{badmatch,{error,timeout}}}')],
  },
  {
    ...base,
    id: 'reader.unexpected-message',
    title: 'The connection process got an unknown message',
    log: report('{unexpected_message,', /rabbit_connection_sup[^]{0,300}reason: \{unexpected_message,/),
    why: 'The process of the connection got an Erlang message that it does not know and died of it: a defect of the broker or a plugin, or somebody who sent it one from a shell.',
    check: ['Are plugins of third parties enabled?', 'Do the nodes of the cluster run different versions?'],
    fix: ['Update the broker and its plugins to the same release, and report it if it stays.'],
    samples: [supervised('{unexpected_message,{foo,bar}}')],
  },
  {
    ...base,
    id: 'reader.no-socket-statistics',
    title: 'The heartbeat could not look at its socket',
    log: report(
      '{cannot_get_socket_stats,',
      /rabbit_connection_sup[^]{0,300}\{cannot_get_socket_stats,(?<error>\w{1,30})\}/,
    ),
    why: 'The heartbeat reads from the socket how many bytes came and went. It could not, because the socket had gone in that moment, and the connection ended with it. Most likely the peer left.',
    check: ['Did the client leave at that time, or did many connections end together?'],
    fix: ['Nothing, when it is rare.'],
    samples: [supervised('{cannot_get_socket_stats,ebadf}')],
  },
];
