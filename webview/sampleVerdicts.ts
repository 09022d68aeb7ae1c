// The verdicts on the sample traces, as an editor would send them. Not part of the bundle.

import type { Verdict } from '../src/core/diagnose';

const log = (line: number) =>
  ({ from: 'log', file: '/var/log/rabbitmq/rabbit@localhost.log', line, lines: 2 }) as const;

export const closedVerdict: Verdict = {
  reason: 'connection.closed',
  title: 'Closed politely by the client',
  sentence: 'The client closed the connection with Connection.Close after 2.5 s, and the broker agreed.',
  why: 'A normal end.',
  severity: 'harmless',
  closedBy: 'client',
  how: 'Connection.Close',
  sure: 'certain',
  check: [],
  fix: [],
  seenAt: 'at info, since 3.0',
  log: log(1204),
};

export const handshakeVerdict: Verdict = {
  reason: 'handshake.timeout',
  title: 'Handshake timeout',
  sentence: 'The broker gave up after 10.0 s: the client opened TCP and never sent the protocol header.',
  why: 'The broker waits 10 s for the whole handshake.',
  severity: 'problem',
  closedBy: 'broker',
  how: 'RST',
  sure: 'certain',
  check: [
    'Is it a health check of a load balancer that opens TCP and stays silent?',
    'Does the client speak TLS to a plain port, or wait for the server to speak first?',
    'Was the client’s process stopped or starved while it connected?',
  ],
  fix: [
    'Point the health check at the management API, or let it close at once.',
    'Raise handshake_timeout for slow links.',
  ],
  seenAt: 'at error, since 2.8',
  log: log(1535),
};

export const heartbeatVerdict: Verdict = {
  ...handshakeVerdict,
  reason: 'heartbeat.missed-from-client',
  title: 'Missed heartbeats from the client',
  sentence:
    'The broker closed after 5.8 s without a byte from orders-service. The heartbeat is 2 s, so it gives up between 4 and 6 s. The TCP connection was still up: the process was busy or frozen, or the link was cut without a FIN.',
  sure: 'likely',
  check: [
    'Was the process stopped, swapped out or in a long computation at 12:00:00?',
    'Did a firewall or load balancer drop the flow without a FIN?',
  ],
  fix: ['Send heartbeats from their own thread.', 'Use a heartbeat of 5 to 20 s: below 5 s, false alarms are likely.'],
  log: log(48_211),
};

export const passwordVerdict: Verdict = {
  ...handshakeVerdict,
  reason: 'login.refused',
  title: 'Wrong user or password',
  sentence: 'The broker refused to let guest log in by PLAIN, and said so with 403 ACCESS_REFUSED.',
  how: 'Connection.Close',
  check: ['Is the password right? The log names the user.', 'Does the user exist in this broker?'],
  fix: ['rabbitmqctl change_password USER'],
  log: log(2210),
};
