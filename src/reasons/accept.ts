// Connections that the broker could not begin: no descriptors, a socket gone at once, TLS and PROXY before AMQP.

import type { LogMatch, Reason } from '../core/reason';

const started = (term: string): LogMatch => ({
  literal: 'Error on AMQP connection <',
  starts: ['Error on AMQP connection '],
  pattern: new RegExp(String.raw`^Error on AMQP connection (?<pid><[\d.]{1,30}>): (?<error>${term}) \([^()]{1,100}\)$`),
  sure: 'likely',
});
const base = {
  seenAt: 'All versions at level error, without the address of the peer.',
  source: 'rabbit_reader.erl 3.5.0–4.3.5, socket_error/1 and start_connection/4; rabbit_misc format_inet_error/1',
} as const;
const proxied = (what: string): LogMatch => ({
  literal: 'error when receiving proxy header: ',
  starts: ['error when receiving proxy header: '],
  pattern: new RegExp(String.raw`^error when receiving proxy header: ${what}$`),
  sure: 'certain',
});
const proxyBase = {
  closedBy: 'broker',
  severity: 'notice',
  seenAt: 'Since 3.7.13 at level debug only, without the address of the peer, for all protocols.',
  source: 'rabbit_networking.erl 3.7.13–4.3.5, handshake/2; ranch_proxy_header',
} as const;

export const accept: readonly Reason[] = [
  {
    ...base,
    id: 'accept.no-descriptors',
    title: 'Out of file descriptors: the connection was dropped',
    closedBy: 'broker',
    severity: 'problem',
    log: started('emfile|enfile'),
    why: 'The node has as many files and sockets open as the operating system lets it (emfile), or the whole machine has (enfile); so it could not take this connection. The broker is at fault, or a client that leaks connections.',
    check: [
      'What is the limit, and what is used? "rabbitmq-diagnostics status", section File Descriptors; "cat /proc/PID/limits".',
      'Do clients leak connections? "rabbitmqctl list_connections peer_host user" shows who has many.',
    ],
    fix: [
      'Raise it: LimitNOFILE=64000 in the systemd unit, ulimit -n in other starts, --ulimit nofile=64000:64000 in Docker.',
      'Close the leak, where there is one.',
    ],
    samples: [{ level: 'error', text: 'Error on AMQP connection <0.1234.0>: emfile (too many open files)' }],
  },
  {
    ...base,
    id: 'accept.timed-out',
    title: 'The socket timed out before the connection began',
    closedBy: 'network',
    severity: 'notice',
    log: started('timeout|etimedout'),
    why: 'The broker had accepted the TCP connection, and then an operation on its socket timed out before anything was read. The network lost the peer in that moment. Rare, and harmless when it stays so.',
    check: ['Are there many? Then look at the network and the load of the node.'],
    fix: ['Nothing, when it is rare.'],
    samples: [{ level: 'error', text: 'Error on AMQP connection <0.1234.0>: timeout (timed out)' }],
  },
  {
    ...base,
    id: 'accept.peer-gone',
    title: 'The peer was gone before the connection began',
    closedBy: 'client',
    severity: 'notice',
    log: started('einval|enotconn|econnreset|epipe|closed|econnaborted'),
    why: 'The peer closed or reset the connection between the accept and its first use, so the broker could not even ask for its addresses: a health check or port scanner that leaves at once, or a client with a very short connect timeout.',
    check: [
      'Do they come at a regular interval? Then it is a health check that resets.',
      'Is the node so busy that clients give up before it answers?',
    ],
    fix: ['Nothing, for a health check; one that closes in good order is quieter.'],
    samples: [
      { level: 'error', text: 'Error on AMQP connection <0.1234.0>: enotconn (socket is not connected)' },
      { level: 'error', text: 'Error on AMQP connection <0.1234.0>: einval (invalid argument)' },
      { level: 'error', text: 'Error on AMQP connection <0.1234.0>: econnreset (connection reset by peer)' },
    ],
  },
  {
    ...proxyBase,
    id: 'proxy.closed',
    title: 'Closed before a PROXY header came',
    closedBy: 'client',
    log: proxied('TCP socket was closed prematurely'),
    why: 'The listener expects the PROXY protocol, and the peer closed before it had sent a header: that is how the health check of a load balancer looks there. Nothing is wrong, unless clients are meant.',
    check: [
      'Is it the health check of a load balancer? Then there is nothing to do.',
      'Do clients connect directly to this port?',
    ],
    fix: ['Nothing, for a health check.'],
    samples: [{ level: 'debug', text: 'error when receiving proxy header: TCP socket was closed prematurely' }],
  },
  {
    ...proxyBase,
    id: 'proxy.header-invalid',
    title: 'No valid PROXY header where one is expected',
    severity: 'problem',
    log: proxied(String.raw`'(?<error>The [^\n]{1,120} was not recognized\.[^\n]{0,40})'`),
    why: 'The listener has proxy_protocol on, and the peer began with something else than a PROXY header: a client that connects directly, or a load balancer that does not send one. The broker closes, and the client sees only the end of the connection.',
    check: [
      'Does the client dial the broker instead of the load balancer?',
      'Does the load balancer send the header: send-proxy or send-proxy-v2 in HAProxy, proxy_protocol on in nginx?',
    ],
    fix: [
      'Turn the PROXY protocol on in the load balancer, or set proxy_protocol = false in rabbitmq.conf (the default).',
    ],
    samples: [
      {
        level: 'debug',
        text: "error when receiving proxy header: 'The PROXY protocol header signature was not recognized. (PP 2.1, PP 2.2)'",
      },
      {
        level: 'debug',
        text: "error when receiving proxy header: 'The INET protocol and family string was not recognized. (PP 2.1)'",
      },
    ],
  },
  {
    ...proxyBase,
    id: 'proxy.header-timeout',
    title: 'The PROXY header did not come in time',
    severity: 'problem',
    log: proxied('timeout'),
    why: 'The listener has proxy_protocol on, and no PROXY header came within 3 s: the peer connects directly and waits, or the load balancer does not send one. The broker closes.',
    check: ['Does the client dial the broker instead of the load balancer?', 'Does the load balancer send the header?'],
    fix: [
      'Turn the PROXY protocol on in the load balancer, or set proxy_protocol = false in rabbitmq.conf (the default).',
    ],
    samples: [{ level: 'debug', text: 'error when receiving proxy header: timeout' }],
  },
];
