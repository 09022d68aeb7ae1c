// Sockets that failed under the broker: {inet_error,…}, a writer that could not send, a connection that could not start.

import type { Reason } from '../core/reason';
import { closing, secondLine } from './closing';
import { closings } from './eras';

const source = 'rabbit_reader.erl 3.5.0–4.3.5, stop/2 {inet_error, _}, and inet(3) of Erlang/OTP, POSIX error codes';
const seenAt = 'All versions at level error. From 4.0 with the duration.';
const writerSource =
  'rabbit_writer.erl 3.5.0–4.3.5, internal_send_command and rabbit_reader.erl handle_other {channel_exit, _, {writer, send_failed, _}}';

const inet = (reason: string) =>
  closing('{inet_error,', String.raw`${secondLine}\{inet_error,(?<error>${reason})\}`, 'likely');

const together = 'Did many connections end at the same moment? Then it is the network or a host, not one client.';
const recover =
  'Let the client recover by itself: Java setAutomaticRecoveryEnabled(true) (default), .NET AutomaticRecoveryEnabled (default true), Spring recovers by default; pika, amqplib and amqp091-go leave reconnecting to you.';

export const socket: readonly Reason[] = [
  {
    id: 'socket.timed-out',
    title: 'The network stopped answering (ETIMEDOUT)',
    closedBy: 'network',
    severity: 'problem',
    log: inet('etimedout'),
    why: "The broker's operating system sent data or TCP keepalives again and again and got no acknowledgement, so it gave the connection up. The client's host died, lost its network, or something between drops the packets silently. Neither side closed.",
    check: [
      "Did the client's host, container or VM go away at that time: power, suspend, a lost node?",
      together,
      'Does a firewall or NAT forget idle connections? Then heartbeats are too far apart.',
    ],
    fix: [
      'Use heartbeats (5 to 20 s): they find a dead peer much sooner than TCP, which takes minutes.',
      'tcp_listen_options.keepalive = true (default false) and the net.ipv4.tcp_keepalive_time and tcp_retries2 sysctls decide how long TCP waits.',
      recover,
    ],
    seenAt,
    source,
    samples: closings('{inet_error,etimedout}'),
  },
  {
    id: 'socket.reset',
    title: "The peer's side reset the connection",
    closedBy: 'client',
    severity: 'problem',
    log: inet('econnreset'),
    why: 'The connection was reset by the peer. On a plain socket the broker usually cannot tell this from an ordinary end and writes "client unexpectedly closed TCP connection"; this term comes mostly from TLS connections. The client was killed, closed with data unread, or a proxy or firewall between did it.',
    check: [
      "Was the client's process killed or did it crash at that time?",
      'Did a proxy, load balancer or service mesh restart or reach its idle timeout?',
      together,
    ],
    fix: ['Close connections in good order before the process ends: connection.close().', recover],
    seenAt,
    source,
    samples: closings('{inet_error,econnreset}'),
  },
  {
    id: 'socket.broken-pipe',
    title: 'Wrote to a connection that the peer had left (EPIPE)',
    closedBy: 'client',
    severity: 'problem',
    log: inet('epipe'),
    why: 'The broker wrote to a connection that was already closed by the other side, and that is how it found out. The client or something between went away without Connection.Close.',
    check: [
      "Did the client's process end, or close its socket only, at that time?",
      'Is a proxy or load balancer between that closes idle or long connections?',
    ],
    fix: ['Close connections in good order before the process ends: connection.close().', recover],
    seenAt,
    source,
    samples: closings('{inet_error,epipe}'),
  },
  {
    id: 'socket.unreachable',
    title: "The client's host became unreachable",
    closedBy: 'network',
    severity: 'problem',
    log: inet('ehostunreach|enetunreach|ehostdown|enetdown|econnaborted'),
    why: "The network reported that the client's host or network cannot be reached any more, in the middle of an established connection: a route went away, the host is down, or a firewall began to refuse. Neither side closed.",
    check: [
      "Did a route, VPN, overlay network or interface change at that time? Look at the kernel's log on the node.",
      "Is the client's host down, or was its container or pod removed with its address?",
      together,
    ],
    fix: ['Repair the route between the two hosts.', recover],
    seenAt,
    source,
    samples: [...closings('{inet_error,ehostunreach}'), ...closings('{inet_error,enetunreach}')],
  },
  {
    id: 'socket.gone',
    title: 'The socket was already closed when the broker used it',
    closedBy: 'client',
    severity: 'notice',
    log: inet('closed|enotconn|einval|ebadf'),
    why: 'The broker wanted to read, write or configure the socket, and it was gone already: the peer left in the very moment, often in mid-handshake or while its header was being refused. It tells nothing of why the peer left.',
    check: [
      'Is there a line just before with the same process id, such as a refusal or a bad header?',
      'Does the client give up very soon: a connect timeout of milliseconds, a process that ends at once?',
      'Is it a port scanner or a health check that sends a few bytes and leaves?',
    ],
    fix: [
      'Give the client time for the handshake, or change the health check to one that closes without a byte.',
      recover,
    ],
    seenAt,
    source,
    samples: [
      ...closings('{inet_error,closed}'),
      ...closings('{inet_error,enotconn}'),
      ...closings('{inet_error,einval}'),
    ],
  },
  {
    id: 'heartbeat.send-failed',
    title: "The broker's own heartbeat could not be sent",
    closedBy: 'network',
    severity: 'problem',
    log: inet(String.raw`timeout|\{heartbeat_send_error,\w{1,30}\}`),
    why: 'The broker could not send its heartbeat frame, because the connection was gone or because the client has not read for so long that all buffers are full. On a connection that an alarm has blocked the broker does not read, so this is how it finds out that the client has left. The client, or the network, is at fault.',
    check: [
      'Did the client stop reading: a blocked thread, a debugger, a paused or suspended process?',
      'Was a memory or disk alarm on ("alarm set" before this line)? Then the client may have left long before.',
      'Did the network between break without a FIN?',
    ],
    fix: [
      "Keep the client's reading thread free: no long work in its callbacks.",
      'Clear the alarm, where there was one: more memory or disk, or consumers for the queues that grow.',
      recover,
    ],
    seenAt:
      'At level error: since 3.6 as {inet_error,timeout}; since 3.9.28, late patches of 3.10 and 3.11, and 3.12 as {heartbeat_send_error,…}.',
    source: 'rabbit_heartbeat.erl and rabbit_reader.erl 3.6.0–4.3.5, mainloop/4 {heartbeat_send_error, _}',
    samples: [...closings('{inet_error,{heartbeat_send_error,timeout}}'), ...closings('{inet_error,timeout}')],
  },
  {
    id: 'tls.alert-after-handshake',
    title: 'The client refused TLS after the handshake',
    closedBy: 'client',
    severity: 'problem',
    log: closing(
      '{inet_error,{tls_alert,',
      String.raw`${secondLine}\{inet_error,\{tls_alert,\{(?<alert>\w{1,40}),[^]{0,1000}\}\}\}`,
      'certain',
    ),
    why: "A TLS alert ended the connection when the broker already took the handshake as done. In TLS 1.3 the server is done first, so a client that rejects the server's certificate says so only then. unknown_ca means that the client does not know the authority that signed it.",
    check: [
      'Does the client trust the CA of the broker\'s certificate? "openssl s_client -connect HOST:5671 -CAfile ca.pem" tries it.',
      'Does the certificate carry the host name that the client dials, and is it in date?',
      'Does the broker send the intermediate certificates too (in certfile, after its own)?',
    ],
    fix: [
      "Give the client the CA: Java a truststore in useSslProtocol(SSLContext), .NET Ssl.CertificateValidationCallback or the system's store, pika ssl.create_default_context(cafile=…), amqplib {ca: [pem]}, Go tls.Config{RootCAs: …}.",
      'Or renew the certificate with the right names.',
    ],
    seenAt: 'Since 3.8 at level error, with TLS 1.3.',
    source: `${source}; ssl_alert.erl`,
    samples: closings(
      '{inet_error,{tls_alert,{unknown_ca,"TLS server: In state connection received CLIENT ALERT: Fatal - Unknown CA\\n"}}}',
    ),
  },
  {
    id: 'writer.timeout',
    title: 'The client stopped reading, and the broker gave up',
    closedBy: 'broker',
    severity: 'problem',
    log: closing(
      '{writer,send_failed,{error,timeout}}',
      String.raw`${secondLine}\{writer,send_failed,\{error,timeout\}\}`,
      'certain',
    ),
    why: 'The broker could not write to the client for the whole send timeout, because the client did not read and all buffers between were full; so it closed. A consumer that gets more than it can take in is the usual cause, a network that has broken silently the other one.',
    check: [
      "Is the client's reading thread blocked: long work in a consumer callback, a full internal queue, a pause?",
      'Is there a prefetch limit? Without basic.qos the broker sends all that the queue holds.',
      'Did the network break without a FIN, or is it very slow for large messages?',
    ],
    fix: [
      'Set a prefetch: channel.basicQos(20) in Java, BasicQosAsync in .NET, basic_qos(prefetch_count=20) in pika, channel.prefetch(20) in amqplib, ch.Qos(20, 0, false) in Go, spring.rabbitmq.listener.simple.prefetch=20.',
      'Move long work off the thread that reads.',
      'tcp_listen_options.send_timeout in rabbitmq.conf (milliseconds) decides how long a write may take: look whether yours is too short for slow links.',
    ],
    seenAt,
    source: writerSource,
    samples: closings('{writer,send_failed,{error,timeout}}'),
  },
  {
    id: 'writer.failed',
    title: 'The broker could not write: the connection was gone',
    closedBy: 'client',
    severity: 'problem',
    log: closing(
      '{writer,send_failed,',
      String.raw`${secondLine}\{writer,send_failed,(?:\{error,(?<error>\w{1,20})\}|badarg)\}`,
      'likely',
    ),
    why: 'A channel wanted to send, a delivery for instance, and found the socket closed. The client or something between had just gone without Connection.Close: it is the same as "client unexpectedly closed TCP connection", only found by the writer first.',
    check: [
      "Did the client's process exit, crash or get killed at that time?",
      'Did a proxy or load balancer cut the connection?',
    ],
    fix: ['Cancel consumers and close the connection before the process ends.', recover],
    seenAt,
    source: writerSource,
    samples: [
      ...closings('{writer,send_failed,{error,closed}}'),
      ...closings('{writer,send_failed,{error,enotconn}}'),
      ...closings('{writer,send_failed,badarg}'),
    ],
  },
];
