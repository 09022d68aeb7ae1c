// TLS handshakes that failed, as Erlang's ssl application words its alerts. SERVER ALERT: the broker objected; CLIENT ALERT: the client did.

import type { LogMatch, Reason } from '../core/reason';

const prefix = String.raw`^(?:\{tls_alert,\{\w{1,40},")?TLS server(?:: In state (?<state>\w{1,40}))?[^\n]{0,120}? `;
const peer = String.raw`(?: error during handshake for protocol '(?<protocol>[^']{1,40})' and peer (?<peer>\S{1,200}))`;
const starts = ['TLS server', '{tls_alert,{'];

/** `who` generated or sent one of `alerts`; `cause` is what Erlang adds, on a line of its own since OTP 22. */
function alert(who: 'SERVER' | 'CLIENT' | '(?:SERVER|CLIENT)', alerts: string, cause = ''): LogMatch {
  const added = cause === '' ? String.raw`[^]{0,300}?` : String.raw`[^]{0,12}(?<cause>${cause})[^]{0,200}?`;
  return {
    literal: ' ALERT: Fatal - ',
    starts,
    pattern: new RegExp(String.raw`${prefix}${who} ALERT: Fatal - (?<alert>${alerts})${added}${peer}?$`),
    sure: 'likely',
  };
}

const line = (state: string, rest: string) => `TLS server: In state ${state} ${rest}`;
const ranch = (atom: string, text: string) =>
  `{tls_alert,{${atom},"${text.replace(/\n/g, String.raw`\n`)}"}} error during handshake for protocol 'amqp/ssl' and peer 10.0.0.12:53424`;
const both = (atom: string, text: string) => [
  { level: 'notice', text },
  { level: 'error', text: ranch(atom, text) },
];

const base = {
  severity: 'problem',
  seenAt:
    'At notice since 3.9 (info in 3.7 and 3.8) from OTP itself, without an address; since 4.1.1 also at level error with the peer. No accept and no closing line belongs to it.',
  source: 'OTP ssl_alert.erl, alert_txt/1; rabbit_networking.erl 4.1.1–4.3.5, handshake/2',
} as const;

export const tls: readonly Reason[] = [
  {
    ...base,
    id: 'tls.plain-client',
    title: 'A client without TLS on the TLS port',
    closedBy: 'broker',
    log: alert('SERVER', 'Unexpected Message', String.raw`\{unsupported_record_type,\d{1,3}\}`),
    why: 'The first byte was not one of TLS, so the broker ended the handshake: the client speaks in plain text on the TLS port. The number is that byte: 65 is the A of AMQP, 71 the G of an HTTP GET, 67 the C of STOMP, 16 an MQTT CONNECT.',
    check: ['Does the client use amqp:// with port 5671?', 'Is it a health check over HTTP?'],
    fix: [
      'Use amqps:// (Java useSslProtocol(), .NET Ssl.Enabled, pika ssl_options, Go DialTLS), or the plain port 5672.',
    ],
    samples: both(
      'unexpected_message',
      line(
        'hello',
        'at tls_record.erl:564 generated SERVER ALERT: Fatal - Unexpected Message\n - {unsupported_record_type,65}',
      ),
    ),
  },
  {
    ...base,
    id: 'tls.plain-client-named',
    title: 'A client without TLS on a TLS listener',
    closedBy: 'broker',
    log: {
      literal: ' listener without using TLS',
      pattern: /^(?<peer>\S{1,200}) is connecting to the '(?<protocol>[\w/-]{1,40})' listener without using TLS$/,
      sure: 'certain',
    },
    why: 'A client spoke in plain text on a TLS listener, and the broker ended it. Its configuration uses the TLS port without TLS.',
    check: ['Does the client use amqp:// with port 5671, or mqtt:// with 8883?', 'Is it a health check over HTTP?'],
    fix: ['Turn TLS on in the client (amqps://), or dial the plain port.'],
    seenAt: 'Since 4.3.1 at level warning.',
    source: 'rabbit_networking.erl 4.3.1–4.3.5',
    samples: [{ level: 'warning', text: "10.0.0.12:53424 is connecting to the 'amqp/ssl' listener without using TLS" }],
  },
  {
    ...base,
    id: 'tls.client-certificate-missing',
    title: 'The client sent no certificate, but one is required',
    closedBy: 'broker',
    log: alert(
      'SERVER',
      'Certificate required|Handshake Failure',
      'certificate_required|no_client_certificate_provided',
    ),
    why: 'The listener demands a client certificate (ssl_options.fail_if_no_peer_cert = true), and the client sent none: it has none configured, or none that was signed by a CA which the broker named.',
    check: ['Does the client load a certificate and its key?', 'Is it signed by a CA of ssl_options.cacertfile?'],
    fix: [
      'Give the client its certificate: a keystore in Java, Ssl.CertPath in .NET, load_cert_chain in pika, {cert, key} in amqplib, tls.Config.Certificates in Go.',
      'Or ssl_options.fail_if_no_peer_cert = false (the default).',
    ],
    samples: [
      ...both(
        'certificate_required',
        line(
          'wait_cert',
          'at tls_handshake_1_3.erl:1484 generated SERVER ALERT: Fatal - Certificate required\n - certificate_required',
        ),
      ),
      {
        level: 'notice',
        text: line(
          'certify',
          'at tls_dtls_connection.erl:315 generated SERVER ALERT: Fatal - Handshake Failure\n - no_client_certificate_provided',
        ),
      },
    ],
  },
  {
    ...base,
    id: 'tls.server-certificate-not-trusted',
    title: "The client does not trust the broker's certificate",
    closedBy: 'client',
    log: alert('CLIENT', 'Unknown CA|Certificate Unknown|Bad Certificate'),
    why: "The client refused the broker's certificate: it does not know the CA that signed it, or the host name does not fit. Java clients say Certificate Unknown for both.",
    check: [
      "Does the client trust the CA of the broker's certificate?",
      'Does the certificate carry the host name that the client dials?',
      'Does the broker send the intermediate certificates too (in certfile, after its own)?',
    ],
    fix: ["Give the client the CA, or dial by the certificate's name."],
    samples: both('unknown_ca', line('certify', 'received CLIENT ALERT: Fatal - Unknown CA')),
  },
  {
    ...base,
    id: 'tls.client-certificate-unknown-authority',
    title: "The broker does not know the client certificate's CA",
    closedBy: 'broker',
    log: alert('SERVER', 'Unknown CA'),
    why: 'The client sent a certificate, and the broker does not know the authority that signed it, or an intermediate certificate is missing between.',
    check: ['Is the CA in ssl_options.cacertfile?', 'Does the client send its intermediate certificates too?'],
    fix: ['Add the CA to ssl_options.cacertfile, or issue the certificate from a CA that is there.'],
    samples: [
      {
        level: 'notice',
        text: line('certify', 'at ssl_handshake.erl:1887 generated SERVER ALERT: Fatal - Unknown CA'),
      },
      { level: 'info', text: 'TLS server generated SERVER ALERT: Fatal - Unknown CA' },
    ],
  },
  {
    ...base,
    id: 'tls.certificate-expired',
    title: 'A TLS certificate has expired',
    closedBy: 'broker',
    log: alert('(?:SERVER|CLIENT)', 'Certificate Expired'),
    why: "One side refused the other's certificate because it is out of date. CLIENT ALERT: the broker's certificate has expired; SERVER ALERT: the client's has. A wrong clock looks the same.",
    check: [
      '"openssl s_client -connect HOST:5671" shows the dates of the broker\'s certificate.',
      'Are the clocks right on both sides?',
    ],
    fix: [
      'Renew the certificate; the broker reads new files after "rabbitmqctl eval \'ssl:clear_pem_cache().\'" or within two minutes.',
    ],
    samples: [
      ...both('certificate_expired', line('certify', 'received CLIENT ALERT: Fatal - Certificate Expired')),
      { level: 'info', text: 'TLS server generated SERVER ALERT: Fatal - Certificate Expired' },
    ],
  },
  {
    ...base,
    id: 'tls.version-refused',
    title: 'No TLS version in common',
    closedBy: 'broker',
    log: alert('(?:SERVER|CLIENT)', 'Protocol Version'),
    why: 'Client and broker share no version of TLS: nearly always an old client that offers TLS 1.0 or 1.1 at most, which OTP no longer enables by default.',
    check: [
      'Which versions does the broker allow? ssl_options.versions.1 and so on; by default tlsv1.3 and tlsv1.2.',
      'How old are the runtime and the TLS library of the client?',
    ],
    fix: ['Update the client, or let it use TLS 1.2: useSslProtocol("TLSv1.2") in Java, Ssl.Version in .NET.'],
    samples: both(
      'protocol_version',
      line('hello', 'at tls_handshake.erl:353 generated SERVER ALERT: Fatal - Protocol Version\n - client_old_version'),
    ),
  },
  {
    ...base,
    id: 'tls.no-common-cipher',
    title: 'No cipher or signature in common',
    closedBy: 'broker',
    log: alert(
      'SERVER',
      'Insufficient Security|Handshake Failure',
      'no_suitable_ciphers|no_suitable_signature_algorithm',
    ),
    why: 'Client and broker share no cipher suite or signature algorithm: one side was narrowed by its configuration, or the client is very old.',
    check: [
      'Is ssl_options.ciphers set? By default OTP chooses.',
      "Does the key of the broker's certificate (RSA or EC) fit the suites?",
    ],
    fix: ['Leave ssl_options.ciphers out, or add a suite that the client knows; update the client.'],
    samples: both(
      'handshake_failure',
      line(
        'hello',
        'at ssl_handshake.erl:1740 generated SERVER ALERT: Fatal - Handshake Failure\n - no_suitable_ciphers',
      ),
    ),
  },
  {
    ...base,
    id: 'tls.client-certificate-refused',
    title: 'The broker refused the client certificate',
    closedBy: 'broker',
    log: alert('SERVER', 'Bad Certificate'),
    why: 'The client sent a certificate that the broker would not accept: a signature that does not fit, an extension that forbids its use by clients, or a revocation list that could not be checked. A cause in braces after the line, such as bad_crls, names it.',
    check: [
      'Is the certificate meant for clients: "openssl x509 -in client.pem -noout -ext extendedKeyUsage" must show clientAuth where it shows anything.',
      'Is ssl_options.crl_check on? Then the lists must be reachable and in date.',
    ],
    fix: ['Issue a certificate with clientAuth, or correct the revocation lists.'],
    samples: both(
      'bad_certificate',
      line('certify', 'at ssl_handshake.erl:2109 generated SERVER ALERT: Fatal - Bad Certificate'),
    ),
  },
];
