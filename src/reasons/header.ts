// Clients that began with something else than the protocol header of AMQP 0-9-1.

import type { Connection } from '../core/connection';
import type { LooksLike } from '../core/event';
import type { Reason, Sureness } from '../core/reason';
import { closing, closingHeader, secondLine } from './closing';
import { closings, headers } from './eras';

const source =
  'rabbit_reader.erl 3.5.0–4.3.5, handle_input(handshake, …), refuse_connection/2 and log_connection_exception';
const seenAt =
  'All versions at level error: up to 4.0 as {bad_header,…} with the first eight bytes, since 4.1 as a sentence without a process id.';
const listeners = 'On the node, "rabbitmq-diagnostics listeners" shows which port speaks what.';

const clientSpoke =
  (kind: LooksLike) =>
  ({ malformed }: Connection): Sureness | undefined =>
    malformed?.by === 'client' && malformed.looksLike === kind ? 'certain' : undefined;

const clientFault = { closedBy: 'broker', severity: 'problem', seenAt, source } as const;

export const header: readonly Reason[] = [
  {
    ...clientFault,
    id: 'header.tls',
    title: 'The client speaks TLS on a port without TLS',
    log: closingHeader(
      String.raw`<<22,3,[0-4],[\d,]{1,40}>>`,
      String.raw`TLS client detected on non-TLS AMQP port\.[^\n]{0,100}`,
    ),
    wire: clientSpoke('tls'),
    why: 'The client\'s first bytes were a TLS ClientHello (22 is a TLS handshake record, 3 its version), and this listener speaks plain AMQP. The client\'s configuration is at fault: it uses TLS with the plain port. The broker answers with its own protocol header and closes; the client then reports something like "wrong version number".',
    check: [
      'Does the client use amqps:// or a TLS option with port 5672? TLS is on 5671 by default.',
      `Is TLS configured on the broker at all (listeners.ssl.default = 5671)? ${listeners}`,
      'Does a proxy or service mesh in between add TLS that the broker does not expect?',
    ],
    fix: [
      'Dial the TLS port, 5671, or turn TLS off in the client: amqp:// instead of amqps://, no useSslProtocol() in Java, Ssl.Enabled = false in .NET, no ssl_options in pika.',
      'Or give the broker a TLS listener: listeners.ssl.default = 5671 with ssl_options.cacertfile, ssl_options.certfile and ssl_options.keyfile.',
    ],
    samples: headers(
      '<<22,3,1,2,0,1,0,1>>',
      'TLS client detected on non-TLS AMQP port. Ensure the client is connecting to the correct port.',
    ),
  },
  {
    ...clientFault,
    id: 'header.http',
    title: 'An HTTP request on the AMQP port',
    severity: 'notice',
    log: closingHeader(
      String.raw`<<"(?<verb>GET|POST|HEAD|PUT|PATCH|DELETE|OPTIONS|CONNECT|PRI) [^\n]{0,20}>>`,
      'HTTP GET request detected on AMQP port[.][^\\n]{0,100}',
    ),
    wire: clientSpoke('http'),
    why: 'The first bytes were an HTTP request: a browser, an HTTP health check, a metrics scraper or a scanner called the AMQP port. "PRI" is HTTP/2. No application that speaks AMQP is affected.',
    check: [
      'Whose address is the peer? An HTTP probe of a load balancer or of Kubernetes is the most common cause.',
      'Is a scraper or a management client set to 5672? Management is on 15672, metrics on 15692.',
      'Is the port reachable from the internet? Scanners send such requests.',
    ],
    fix: [
      'Let the probe open TCP only, or point it to the management port: GET /api/health/checks/port-listener/5672 on 15672.',
      'Correct the port of the scraper or of the HTTP client.',
    ],
    samples: [
      ...headers(
        '<<"GET / HT">>',
        'HTTP GET request detected on AMQP port. Ensure the client is connecting to the correct port.',
      ),
      ...headers('<<"POST /ap">>'),
    ],
  },
  {
    ...clientFault,
    id: 'header.mqtt',
    title: 'The client speaks MQTT on the AMQP port',
    log: closingHeader(String.raw`<<16,(?:\d{1,3},){1,4}0,[46],77,81[\d,]{0,20}>>`),
    wire: clientSpoke('mqtt'),
    why: 'The first bytes were an MQTT CONNECT packet: 16 is its type, then come its length and the name "MQTT". The client dials the AMQP port, 5672, and needs the MQTT one.',
    check: [
      'Which port does the client dial? MQTT is on 1883, with TLS 8883, over WebSockets 15675.',
      `Is the plugin enabled? "rabbitmq-plugins list -e" must show rabbitmq_mqtt. ${listeners}`,
    ],
    fix: ['Dial port 1883, after "rabbitmq-plugins enable rabbitmq_mqtt" where the plugin is off.'],
    samples: headers('<<16,24,0,4,77,81,84,84>>'),
  },
  {
    ...clientFault,
    id: 'header.stomp',
    title: 'The client speaks STOMP on the AMQP port',
    log: closingHeader(String.raw`<<"(?:CONNECT|STOMP)\\[rn][^\n]{0,12}>>`),
    wire: clientSpoke('stomp'),
    why: 'The first bytes were a STOMP frame, CONNECT or STOMP with a line feed. The client dials the AMQP port, 5672, and needs the STOMP one.',
    check: [
      'Which port does the client dial? STOMP is on 61613, with TLS 61614, over WebSockets 15674.',
      `Is the plugin enabled? "rabbitmq-plugins list -e" must show rabbitmq_stomp. ${listeners}`,
    ],
    fix: ['Dial port 61613, after "rabbitmq-plugins enable rabbitmq_stomp" where the plugin is off.'],
    samples: headers(String.raw`<<"CONNECT\n">>`),
  },
  {
    ...clientFault,
    id: 'header.proxy',
    title: 'A proxy sends a PROXY header; the broker expects none',
    log: closingHeader(String.raw`<<(?:"PROXY [^"\n]{2}"|13,10,13,10,0,13,10,81)>>`),
    wire: clientSpoke('proxy'),
    why: 'A load balancer or proxy told the client\'s address by the PROXY protocol (version 1 begins with "PROXY ", version 2 with the bytes 13,10,13,10,0,13,10,81), but the listener does not expect that and takes it for the client\'s header. One of the two configurations is wrong; the client is not at fault.',
    check: [
      'Does the proxy use send-proxy (HAProxy), proxy_protocol on (nginx) or PROXY protocol v2 (AWS NLB target group)?',
      'Is proxy_protocol set in rabbitmq.conf? Its default is false, and it applies to all AMQP listeners.',
    ],
    fix: [
      'Set proxy_protocol = true in rabbitmq.conf and restart the node; from then on clients must not connect directly.',
      'Or turn the PROXY protocol off in the proxy.',
    ],
    seenAt: `${seenAt} The listeners know the PROXY protocol since 3.7.`,
    samples: [...headers('<<"PROXY TC">>'), ...headers('<<13,10,13,10,0,13,10,81>>')],
  },
  {
    ...clientFault,
    id: 'header.stream',
    title: 'A stream client on the AMQP port',
    log: closingHeader(String.raw`<<0,0,\d{1,3},\d{1,3},0,17,0,1>>`),
    why: 'The first bytes were a PeerProperties frame (command 17) of the RabbitMQ stream protocol: a stream client that dials the AMQP port, 5672, instead of the stream port, 5552.',
    check: [
      'Which port does the client dial? Streams are on 5552, with TLS 5551.',
      `Is the plugin enabled? "rabbitmq-plugins list -e" must show rabbitmq_stream. ${listeners}`,
    ],
    fix: ['Dial port 5552, after "rabbitmq-plugins enable rabbitmq_stream" where the plugin is off.'],
    seenAt: 'Since streams exist, 3.9, at level error: up to 4.0 as {bad_header,…}, since 4.1 as a sentence.',
    samples: headers('<<0,0,1,44,0,17,0,1>>'),
  },
  {
    ...clientFault,
    id: 'header.ssh',
    title: 'An SSH client or scanner on the AMQP port',
    severity: 'notice',
    log: closingHeader(String.raw`<<"SSH-\d\.\d{1,2}-">>`),
    wire: clientSpoke('ssh'),
    why: 'The first bytes were the greeting of an SSH client. Nearly always a scanner that tries every port, or an SSH tunnel that ends at the wrong one.',
    check: [
      'Whose address is the peer: a vulnerability scanner, or somebody outside?',
      'Is a tunnel set to this port?',
    ],
    fix: ['Nothing, for a scanner of your own. Otherwise narrow who can reach the port.'],
    samples: headers('<<"SSH-2.0-">>'),
  },
  {
    ...clientFault,
    id: 'header.not-amqp',
    title: 'The client does not speak AMQP',
    log: closingHeader(String.raw`(?<bytes><<[^\n]{0,60}>>)`),
    wire: clientSpoke('unknown'),
    why: 'The first eight bytes were not an AMQP protocol header, which is "AMQP" and 0,0,9,1. The line shows the bytes, as text where they can be printed. The peer speaks another protocol, or it is a scanner, or an AMQP client whose stream was mixed up by a proxy.',
    check: [
      'What do the bytes say? Printable ones often name the protocol.',
      'Whose address is the peer: an application with a wrong port, a monitor, a scanner?',
      listeners,
    ],
    fix: ['Correct the port of the client, or narrow who can reach the AMQP port.'],
    samples: [...headers('<<0,0,0,8,4,210,22,47>>'), ...headers('<<"EHLO loc">>')],
  },
  {
    ...clientFault,
    id: 'header.version-unsupported',
    title: 'An AMQP version that the broker does not speak',
    log: closing(
      '{bad_version,{',
      String.raw`${secondLine}\{bad_version,\{(?<version>\d{1,3},\d{1,3},\d{1,3},\d{1,3})\}\}`,
      'certain',
    ),
    why: 'The client sent an AMQP protocol header with a version that this broker refuses: {0,0,9,1} is the good one. {1,1,0,10} is AMQP 0-10 (old Qpid clients), {1,1,8,0} is AMQP 0-8, which RabbitMQ spoke up to 3.13. The broker answers with the header of the version that it does speak, and closes.',
    check: [
      'Which client library is it, and how old? 0-8 and 0-10 libraries are long out of use.',
      'Is the client made for another broker, such as Qpid or ActiveMQ?',
    ],
    fix: [
      'Use a client library for AMQP 0-9-1, or one for AMQP 1.0, which every broker since 4.0 speaks without a plugin.',
    ],
    seenAt: 'All versions at level error; AMQP 0-8 and 0-9 only since 4.0. From 4.0 with the duration.',
    samples: [
      ...closings('{bad_version,{0,0,9,2}}'),
      ...closings('{bad_version,{1,1,0,10}}'),
      ...closings('{bad_version,{1,1,8,0}}'),
    ],
  },
  {
    ...clientFault,
    id: 'header.amqp-one-not-enabled',
    title: 'An AMQP 1.0 client, but the plugin is not enabled',
    log: closing('amqp1_0_plugin_not_enabled', `${secondLine}amqp1_0_plugin_not_enabled`, 'certain'),
    why: 'The client speaks AMQP 1.0, which RabbitMQ up to 3.13 knows only with the plugin rabbitmq_amqp1_0, and that is not enabled. AMQP 0-9-1 and 1.0 share a name and a port, but they are different protocols.',
    check: [
      'Is it meant to be an AMQP 1.0 client: Qpid Proton, Azure Service Bus SDK, rhea, amqpnetlite?',
      'Is the plugin enabled? "rabbitmq-plugins list -e" must show rabbitmq_amqp1_0.',
    ],
    fix: [
      'Enable it: "rabbitmq-plugins enable rabbitmq_amqp1_0"; no restart is needed. In 4.0 and newer it is built in.',
      'Or use a client for AMQP 0-9-1.',
    ],
    seenAt: '3.5 to 3.13 at level error.',
    samples: closings('amqp1_0_plugin_not_enabled').slice(0, 1),
  },
  {
    ...clientFault,
    id: 'header.amqp-one-protocol-id',
    title: 'AMQP 1.0 with a protocol id that is not supported',
    log: closing(
      '{unsupported_amqp1_0_protocol_id,',
      String.raw`${secondLine}\{unsupported_amqp1_0_protocol_id,(?<id>\d{1,3})\}`,
      'certain',
    ),
    why: 'The client sent an AMQP 1.0 header with a protocol id other than 0 (AMQP) and 3 (SASL). Id 2 asks for TLS inside the plain connection, which RabbitMQ does not do: TLS has a port of its own.',
    check: ["Is the client set to AMQP 1.0's in-band TLS upgrade?"],
    fix: ['Use the TLS port, 5671, from the first byte, or no TLS on port 5672.'],
    seenAt: '3.5 to 3.13 at level error.',
    samples: closings('{unsupported_amqp1_0_protocol_id,2}').slice(0, 1),
  },
  {
    ...clientFault,
    id: 'header.sasl-required',
    title: 'AMQP 1.0 without SASL: the broker requires it',
    log: {
      literal: 'RabbitMQ requires SASL security layer',
      starts: ['closing AMQP 1.0 connection ('],
      pattern:
        /^closing AMQP 1\.0 connection \((?<connection>\S{1,300} -> [^\s(),]{1,300}), duration: '(?<duration>[^']{1,40})'\): RabbitMQ requires SASL security layer \(expected protocol ID 3, but client sent protocol ID (?<id>\d{1,3})\)$/,
      sure: 'certain',
    },
    why: 'An AMQP 1.0 client began without the SASL layer (protocol id 0 instead of 3). Since 4.0 RabbitMQ requires a login through SASL, if only ANONYMOUS; an older broker with the AMQP 1.0 plugin let such clients in as its default user.',
    check: [
      'Is SASL turned off in the client: pn_transport without pn_sasl, a connection without user and mechanism?',
      'Did the client work with 3.13? Then it used amqp1_0.default_user.',
    ],
    fix: [
      'Turn SASL on in the client: PLAIN with user and password, or ANONYMOUS.',
      'For ANONYMOUS the broker needs anonymous_login_user and anonymous_login_pass (default guest; anonymous_login_user = none forbids it).',
    ],
    seenAt: 'Since 4.0 at level error.',
    samples: [
      {
        level: 'error',
        text: "closing AMQP 1.0 connection (10.0.0.12:53422 -> 10.0.0.5:5672, duration: '1ms'): RabbitMQ requires SASL security layer (expected protocol ID 3, but client sent protocol ID 0)",
      },
    ],
  },
  {
    id: 'header.bad-input',
    title: 'The reader could not make sense of its input',
    closedBy: 'broker',
    severity: 'problem',
    log: closing('{bad_input,', String.raw`${secondLine}\{bad_input,(?<awaited>[\w{},]{1,60}),[^]{0,2000}\}`, 'likely'),
    why: 'The connection process was in a state in which it had no use for the bytes that came: {bad_input,AWAITED,BYTES}. The input is decided frame by frame before this can happen, so this is a defect of the broker or of a plugin rather than of the client.',
    check: ['Does it come again with the same client? Capture its traffic.', 'Is the broker an old patch release?'],
    fix: ['Update the broker, and report it with the line and a capture if it stays.'],
    seenAt: 'All versions at level error; never seen in practice.',
    source,
    samples: closings('{bad_input,frame_header,<<1,0>>}'),
  },
];
