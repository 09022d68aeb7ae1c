// Connections that never came about: the broker cannot have logged them.

import type { Connection } from '../core/connection';
import type { Reason, Sureness } from '../core/reason';

const seenAt = 'Nothing, as the connection never reached the broker.';

const failedWith =
  (step: string, codes: readonly string[]) =>
  ({ failed }: Connection): Sureness | undefined =>
    failed?.step === step && codes.includes(failed.code) ? 'certain' : undefined;

const targetOf = ({ host, addresses }: Connection): string =>
  host === undefined
    ? 'the broker'
    : addresses?.[0] && addresses[0] !== host
      ? `${host} (${addresses.join(', ')})`
      : host;

export const dial: readonly Reason[] = [
  {
    id: 'dial.name-not-found',
    title: 'The host name does not resolve',
    closedBy: 'network',
    severity: 'problem',
    wire: failedWith('resolve', ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'EAI_NONAME']),
    tell: (connection) =>
      connection.host === undefined
        ? undefined
        : connection.failed?.code === 'EAI_AGAIN'
          ? `No name server answered for "${connection.host}" (EAI_AGAIN).`
          : `No address is known for the host name "${connection.host}" (${connection.failed?.code ?? ''}).`,
    why: 'The name of the broker could not be turned into an address, so nothing was dialled. ENOTFOUND: there is no such name. EAI_AGAIN: no name server answered in time.',
    check: [
      'Is the name spelled right?',
      'Does it resolve on this machine: "getent hosts NAME" or "nslookup NAME"? Names of containers and Kubernetes services resolve only inside.',
      'With EAI_AGAIN: are the name servers reachable, is a VPN down?',
    ],
    fix: ['Correct the host name, or dial by address to see whether only the name is at fault.'],
    seenAt,
    source: 'getaddrinfo(3): EAI_NONAME, EAI_AGAIN; Node.js dns module, error codes',
    samples: [],
  },
  {
    id: 'dial.refused',
    title: 'Nothing listens on that port',
    closedBy: 'network',
    severity: 'problem',
    wire: failedWith('dial', ['ECONNREFUSED']),
    tell: (connection) =>
      `${targetOf(connection)} refused the TCP connection: nothing listens on that port (ECONNREFUSED).`,
    why: 'The host answered that nothing listens on this port, or a firewall answered so in its name. The broker is not running, still starting, or listening on another port or address.',
    check: [
      'Is the broker up? "rabbitmq-diagnostics ping", then "rabbitmq-diagnostics listeners" for its ports.',
      'Is it the right port? AMQP is 5672, with TLS 5671; 15672 is the management UI.',
      'Does it listen on that address? listeners.tcp.1 = 127.0.0.1:5672 is reachable from its own host only.',
      'In a container: is the port published? In maintenance mode a node closes its listeners: "rabbitmq-diagnostics status".',
    ],
    fix: [
      'Start the broker, or correct host and port.',
      'listeners.tcp.default = 5672 in rabbitmq.conf listens on all addresses.',
    ],
    seenAt,
    source: 'connect(2): ECONNREFUSED',
    samples: [],
  },
  {
    id: 'dial.timeout',
    title: 'The host does not answer',
    closedBy: 'network',
    severity: 'problem',
    wire: failedWith('dial', ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']),
    tell: (connection) => `No answer from ${targetOf(connection)} (${connection.failed?.code ?? ''}).`,
    why: 'No answer came to the TCP connect, not even a refusal: a firewall drops the packets, there is no route, or the host is down.',
    check: [
      'Is the address right, and is the host up?',
      'Does a firewall or security group between you and the broker let this port through?',
      'Is a VPN needed? With ENETUNREACH: does this machine have IPv6 at all, when the name resolved to such an address?',
    ],
    fix: ['Open the port on the way, or dial from a network that reaches the broker.'],
    seenAt,
    source: 'connect(2): ETIMEDOUT, EHOSTUNREACH, ENETUNREACH',
    samples: [],
  },
  {
    id: 'dial.reset',
    title: 'Reset while connecting',
    closedBy: 'network',
    severity: 'problem',
    wire: failedWith('dial', ['ECONNRESET', 'EPIPE']),
    tell: (connection) => `The TCP connection to ${targetOf(connection)} was reset while it was opened.`,
    why: 'Something answered the TCP connect and then reset it at once: often a proxy, port-forward or load balancer whose own broker is gone.',
    check: [
      'Is there a proxy, load balancer, service mesh or port-forward between? Does it have a healthy broker behind it?',
      "Is the broker's host out of connections or file descriptors?",
    ],
    fix: ['Repair the way to the broker, or dial it directly to compare.'],
    seenAt,
    source: 'connect(2): ECONNRESET',
    samples: [],
  },
  {
    id: 'dial.tls-failed',
    title: 'The TLS handshake failed',
    closedBy: 'client',
    severity: 'problem',
    wire: ({ failed }) => (failed?.step === 'tls' ? 'certain' : undefined),
    tell: (connection) => `TLS with ${targetOf(connection)} failed: ${connection.failed?.text ?? ''}.`,
    why: 'TCP was open, but client and broker did not agree on TLS: the client does not trust the certificate, the certificate does not fit the host name or has expired, or the port does not speak TLS.',
    check: [
      'DEPTH_ZERO_SELF_SIGNED_CERT, UNABLE_TO_VERIFY_LEAF_SIGNATURE: is the CA that signed the certificate known to the client?',
      'ERR_TLS_CERT_ALTNAME_INVALID: is the host name that is dialled in the certificate?',
      'CERT_HAS_EXPIRED: "openssl s_client -connect HOST:5671" shows the dates.',
      'ERR_SSL_WRONG_VERSION_NUMBER: is it a port without TLS? AMQP is 5672, with TLS 5671.',
    ],
    fix: [
      'Make the CA known to the client. For this tool: set NODE_EXTRA_CA_CERTS to its PEM file before VS Code or rabbitmq-debug starts.',
      'Or dial by the host name that the certificate carries, or renew the certificate.',
    ],
    seenAt:
      'At most as a line "TLS server: In state … generated SERVER ALERT" at notice, without an address, since RabbitMQ 3.8 on OTP 21.',
    source: 'Node.js tls module, X509 certificate error codes; OTP ssl_alert.erl',
    samples: [],
  },
];
