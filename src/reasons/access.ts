// Logins refused for another cause than a wrong password, and vhosts that a user may not open.

import type { LogMatch, Reason } from '../core/reason';
import { openRefusals, refusals } from './eras';
import { closedWith, tellReply, trouble } from './trouble';

const base = {
  closedBy: 'broker',
  severity: 'problem',
  tell: tellReply,
  seenAt:
    'All versions since 3.6 at level error; up to 3.5.8 as {handshake_error,…}. An info line "closing AMQP connection" of the same process follows, at most 3 s later.',
  source: 'rabbit_reader.erl 3.5.0–4.3.5, handle_exception/3 in state starting; auth_phase/2',
} as const;

/** `MECHANISM login refused: DETAIL`, in state starting. */
const refusedLogin = (literal: string, detail: string): LogMatch =>
  trouble({
    literal,
    said: new RegExp(String.raw`^(?<mechanism>[A-Za-z0-9_-]{1,40}) login refused: ${detail}$`),
    codes: ['access_refused'],
    states: ['starting'],
  });

/** A refusal of the vhost, in state opening. */
const refusedVhost = (literal: string, rest: string): LogMatch =>
  trouble({
    literal,
    said: new RegExp(
      String.raw`^access to vhost '(?<vhost>[^]{0,300}?)' refused for user '(?<user>[^']{0,300})'${rest}$`,
    ),
    codes: ['not_allowed'],
    states: ['opening'],
  });

const external = 'rabbit_auth_mechanism_ssl.erl 3.6.0–4.3.5, init/1 and handle_response/2';
const oauth = 'rabbit_auth_backend_oauth2.erl 3.8.10–4.3.5, user_login_authentication/2';

export const access: readonly Reason[] = [
  {
    ...base,
    id: 'auth.loopback-only',
    title: 'The user guest may only connect from localhost',
    log: refusedLogin(
      'can only connect via localhost',
      String.raw`user '(?<user>[^]{0,300})' can only connect via localhost`,
    ),
    wire: closedWith(403, /can only connect via localhost/),
    why: 'The user name and password are right, but this user is in loopback_users, and the client came from another host. By default that is guest, because everybody knows its password. In a container or behind a proxy every client comes from another host.',
    check: [
      'Does the client use guest because nothing else was configured? Most libraries default to guest/guest.',
      'Is the broker in a container? Then even your own machine is not localhost for it.',
    ],
    fix: [
      `Create a user: "rabbitmqctl add_user NAME", then "rabbitmqctl set_permissions -p / NAME '.*' '.*' '.*'", and give it to the client.`,
      'For a test machine only: loopback_users = none in rabbitmq.conf, or loopback_users.guest = false.',
    ],
    samples: refusals("PLAIN login refused: user 'guest' can only connect via localhost"),
  },
  {
    ...base,
    id: 'auth.external-no-certificate',
    title: 'EXTERNAL login without a client certificate',
    log: refusedLogin(
      'presented no TLS (x.509) certificate',
      String.raw`(?:connection )?peer presented no TLS \(x\.509\) certificate`,
    ),
    wire: closedWith(403, /presented no TLS/),
    why: 'The client wants to log in by its TLS certificate (SASL EXTERNAL), and it presented none in the TLS handshake. The broker asks for one only where ssl_options.verify = verify_peer.',
    check: [
      'Does the client load a certificate and its key: a keystore in Java, Ssl.CertPath in .NET, context.load_cert_chain in pika, {cert, key} in amqplib, tls.Config.Certificates in Go?',
      'Is the certificate signed by a CA of ssl_options.cacertfile? Many clients send none else.',
      'Is ssl_options.verify = verify_peer set (default verify_none)?',
    ],
    fix: [
      'Give the client its certificate, and set ssl_options.verify = verify_peer and ssl_options.fail_if_no_peer_cert = true.',
    ],
    source: external,
    samples: refusals('EXTERNAL login refused: connection peer presented no TLS (x.509) certificate'),
  },
  {
    ...base,
    id: 'auth.external-without-tls',
    title: 'EXTERNAL login on a connection without TLS',
    log: refusedLogin('not a TLS-enabled connection', 'not a TLS-enabled connection'),
    wire: closedWith(403, /not a TLS-enabled connection/),
    why: 'The client wants to log in by its TLS certificate (SASL EXTERNAL), but the connection has no TLS: it dialled the plain port, or a proxy in between ended TLS.',
    check: [
      'Does the client dial 5672 instead of 5671?',
      'Does a load balancer terminate TLS? Then the certificate never reaches the broker.',
    ],
    fix: ['Dial the TLS port, 5671, and let the proxy pass TCP through.', 'Or log in by PLAIN with user and password.'],
    source: external,
    samples: refusals('EXTERNAL login refused: not a TLS-enabled connection'),
  },
  {
    ...base,
    id: 'auth.external-no-name',
    title: 'No user name in the client certificate',
    log: refusedLogin('no name found', 'no name found'),
    wire: closedWith(403, /no name found/),
    why: 'The client presented a certificate, but the broker finds no name in the field where it looks: by default the whole distinguished name, otherwise the common name or a subject alternative name.',
    check: [
      'Where does the broker look: ssl_cert_login_from in rabbitmq.conf (distinguished_name by default, common_name or subject_alternative_name)?',
      'Does the certificate have it? "openssl x509 -in client.pem -noout -subject -ext subjectAltName"',
    ],
    fix: ['Set ssl_cert_login_from to the field that the certificates have, or issue them with that field.'],
    source: external,
    samples: refusals('EXTERNAL login refused: no name found'),
  },
  {
    ...base,
    id: 'auth.external-unsafe',
    title: 'EXTERNAL login: certificates are not verified',
    log: refusedLogin('TLS configuration is unsafe', 'TLS configuration is unsafe'),
    wire: closedWith(403, /TLS configuration is unsafe/),
    why: "The broker does not verify client certificates, so it cannot trust the name in one: anybody could write it. The broker's configuration is at fault.",
    check: ['Is ssl_options.verify = verify_peer set? The default is verify_none.'],
    fix: [
      'Set ssl_options.verify = verify_peer and ssl_options.cacertfile to the CA of the clients, and restart the listener.',
    ],
    source: external,
    samples: refusals('EXTERNAL login refused: TLS configuration is unsafe'),
  },
  {
    ...base,
    id: 'auth.blank-password',
    title: 'Login with an empty password',
    log: refusedLogin(
      'attempted to log in with a blank password',
      String.raw`user '(?<user>[^]{0,300})' attempted to log in with a blank password[^]{0,600}`,
    ),
    wire: closedWith(403, /blank password/),
    why: 'The client sent an empty password, and the internal back-end never accepts one. Nearly always a variable or secret that was not set where the client runs.',
    check: [
      'Is the password really set in the environment of the client: a missing secret, a wrong variable name?',
      'Was it lost in the URL: amqp://user@host has none?',
    ],
    fix: [
      'Give the client its password.',
      'For a user without one, log in by certificate: EXTERNAL and the plugin rabbitmq_auth_mechanism_ssl.',
    ],
    seenAt: `Since 3.6.15. ${base.seenAt}`,
    source: 'rabbit_auth_backend_internal.erl 3.6.15–4.3.5, user_login_authentication/2',
    samples: refusals(
      "PLAIN login refused: user 'svc' attempted to log in with a blank password, which is prohibited by the internal authN backend. To use TLS/x509 certificate-based authentication, see the rabbitmq_auth_mechanism_ssl plugin and configure the client to use the EXTERNAL authentication mechanism. Alternatively change the password for the user to be non-blank.",
    ),
  },
  {
    ...base,
    id: 'auth.http-denied',
    title: 'The HTTP authentication service refused the login',
    log: refusedLogin('Denied by the backing HTTP service', 'Denied by the backing HTTP service'),
    wire: closedWith(403, /Denied by the backing HTTP service/),
    why: 'The broker asked its HTTP authentication service whether this user may log in, and the answer was "deny". The broker works; the service, or the user name and password, is the cause.',
    check: [
      "What does the service's own log say to this user?",
      'Does it answer exactly "allow" with status 200? Anything else is a refusal.',
      'Debug level shows each request: "auth_backend_http: GET …".',
    ],
    fix: ['Correct user and password in the client, or the rules of the service (auth_http.user_path).'],
    seenAt: `Since 3.7.16. ${base.seenAt}`,
    source: 'rabbit_auth_backend_http.erl 3.7.16–4.3.5, user_login_authentication/2',
    samples: refusals('PLAIN login refused: Denied by the backing HTTP service'),
  },
  {
    ...base,
    id: 'auth.token-expired',
    title: 'Login with an expired OAuth 2 token',
    log: refusedLogin(
      'token has expired at',
      String.raw`Authentication using an OAuth 2/JWT token failed: [^]{0,40}token has expired at timestamp (?<expired>\d{1,15})[^]{0,120}`,
    ),
    wire: closedWith(403, /token has expired/),
    why: 'The token in the password field was out of date when the client logged in. The client kept an old one, as after a reconnect with the token of the first login, or the clocks disagree.',
    check: [
      'Does the client fetch a new token for each connect and reconnect, or keep the first one?',
      'Do the clocks of broker and identity provider agree? The line has both times, in seconds since 1970.',
    ],
    fix: [
      'Let a credentials provider fetch the token: CredentialsProvider in Java and .NET; otherwise set the password before each connect.',
    ],
    seenAt: `Since 3.8.10. ${base.seenAt}`,
    source: oauth,
    samples: refusals(
      'PLAIN login refused: Authentication using an OAuth 2/JWT token failed: "Provided JWT token has expired at timestamp 1700000000 (validated at 1700000100)"',
    ),
  },
  {
    ...base,
    id: 'auth.token-invalid',
    title: 'Login with an OAuth 2 token that is not accepted',
    log: refusedLogin(
      'Authentication using an OAuth 2/JWT token failed: ',
      'Authentication using an OAuth 2/JWT token failed: (?<cause>[^]{0,600})',
    ),
    wire: closedWith(403, /OAuth 2\/JWT token failed/),
    why: 'The password field held no token that the broker can verify: it is not a token at all, it is signed by a key that the broker does not have, or its audience is another one.',
    check: [
      'Is it a token, or an ordinary password of a user that only the internal back-end knows?',
      'Does the audience (aud) hold auth_oauth2.resource_server_id?',
      'Does the broker have the key: auth_oauth2.issuer or auth_oauth2.jwks_uri reachable, the key id (kid) among its keys?',
    ],
    fix: [
      'Request the token for the right audience and scopes, or correct auth_oauth2.* in rabbitmq.conf.',
      'Where both kinds of users exist: auth_backends.1 = rabbit_auth_backend_oauth2 and auth_backends.2 = internal.',
    ],
    seenAt: `Since 3.8.10. ${base.seenAt}`,
    source: oauth,
    samples: refusals(
      'PLAIN login refused: Authentication using an OAuth 2/JWT token failed: provided token is invalid',
    ),
  },
  {
    ...base,
    id: 'auth.backend-error',
    title: 'The authentication back-end failed',
    log: refusedLogin(
      ' failed authenticating ',
      String.raw`(?<backend>rabbit_auth_\w{1,40}) failed authenticating (?<user>[^]{0,300}): (?<cause>[^]{0,300})`,
    ),
    wire: closedWith(403, /failed authenticating/),
    why: 'The login could not be checked at all: the back-end that the line names had an error, such as an LDAP server that cannot be reached. The client gets a refusal as for a wrong password, but is not at fault.',
    check: [
      'Is the server of the back-end up and reachable from the node: auth_ldap.servers.1, auth_ldap.port, auth_http.user_path?',
      'Did its certificate or its service account change? auth_ldap.log = network shows the talk.',
    ],
    fix: [
      'Repair the way to the back-end.',
      'auth_backends.2 = internal lets users of the broker itself in meanwhile.',
    ],
    source: 'rabbit_access_control.erl 3.6.0–4.3.5, check_user_login/2',
    samples: refusals('PLAIN login refused: rabbit_auth_backend_ldap failed authenticating svc: ldap_connect_error'),
  },
  {
    ...base,
    id: 'auth.no-backend',
    title: 'No authentication back-end is configured',
    log: refusedLogin('No modules checked ', String.raw`No modules checked '(?<user>[^]{0,300})'`),
    wire: closedWith(403, /No modules checked/),
    why: "No back-end was asked about this user, because the list auth_backends is empty. Nobody can log in. The broker's configuration is at fault.",
    check: ['What is auth_backends? "rabbitmq-diagnostics environment" shows it; the default is internal.'],
    fix: ['Set auth_backends.1 = internal in rabbitmq.conf, or the back-end that you use, with its plugin enabled.'],
    source: 'rabbit_access_control.erl 3.6.0–4.3.5, check_user_login/2',
    samples: refusals("PLAIN login refused: No modules checked 'guest'"),
  },
  {
    ...base,
    id: 'auth.internal-error',
    title: 'The login crashed inside the broker',
    log: refusedLogin(
      'authentication failed with internal error',
      String.raw`User '(?<user>[^]{0,300})' authentication failed with internal error\.[^]{0,100}`,
    ),
    wire: closedWith(403, /failed with internal error/),
    why: 'The back-end crashed while it checked this login, and the broker refused it. The line hides the cause; it is written at debug level. The broker or its back-end is at fault.',
    check: [
      'What is the error? "rabbitmqctl set_log_level debug" shows "authentication failed with …"; afterwards set it back to info.',
      'Did the configuration of the back-end change: an LDAP query, a token key?',
    ],
    fix: ['Fix what the debug line names, or update the broker.'],
    seenAt: `Since 3.9.12. ${base.seenAt}`,
    source: 'rabbit_access_control.erl 3.9.12–4.3.5, try_authenticate/3',
    samples: refusals(
      "PLAIN login refused: User 'svc' authentication failed with internal error. Enable debug logs to see the real error.",
    ),
  },
  {
    ...base,
    id: 'vhost.backend-error',
    title: 'The permission check of the vhost failed',
    log: refusedVhost(
      ' returned an error: ',
      String.raw`, backend (?<backend>\w{1,60}) returned an error: (?<cause>[^]{0,300})`,
    ),
    wire: closedWith(530, /backend \w+ returned an error/),
    why: 'The login was right, but the back-end that decides on the vhost had an error, so the broker refused. The back-end is at fault, not the client.',
    check: [
      'Is the server of the back-end reachable from the node: LDAP or HTTP?',
      'Is its query for vhosts right: auth_http.vhost_path, vhost_access_query of LDAP?',
    ],
    fix: ['Repair the way to the back-end, or its query.'],
    seenAt: 'Since 3.7 at level error. The client gets Connection.Close 530.',
    source: 'rabbit_access_control.erl 3.7.0–4.3.5, check_vhost_access/4',
    samples: openRefusals(
      "access to vhost 'prod' refused for user 'svc', backend rabbit_auth_backend_ldap returned an error: ldap_connect_error",
    ),
  },
  {
    ...base,
    id: 'vhost.down',
    title: 'The virtual host is down on this node (541)',
    log: trouble({
      literal: "' is down",
      said: /^access to vhost '(?<vhost>[^]{0,300})' refused for user '(?<user>[^]{0,300})': vhost '[^]{0,300}' is down$/,
      codes: ['internal_error'],
      states: ['opening'],
    }),
    wire: closedWith(541, /is down$/),
    why: 'The login was right and the vhost exists, but its processes do not run on this node: they crashed, or they have not started yet after a restart. The broker is at fault, not the client.',
    check: [
      'Which are down? "rabbitmq-diagnostics check_virtual_hosts" and "rabbitmqctl list_vhosts name cluster_state"',
      'What made it fail? Look for errors of its message store before: disk full, damaged files, file permissions.',
    ],
    fix: ['"rabbitmqctl restart_vhost -p VHOST" after the cause is repaired.'],
    seenAt: 'Since 3.7 at level error. The client gets Connection.Close 541.',
    source: 'rabbit_reader.erl 3.7.0–4.3.5, is_vhost_alive/2',
    samples: [
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, vhost: 'none', user: 'guest', state: opening), channel 0:\n {handshake_error,opening,\n                 {amqp_error,internal_error,\n                             \"access to vhost '/' refused for user 'guest': vhost '/' is down\",\n                             'connection.open'}}",
      },
    ],
  },
  {
    ...base,
    id: 'vhost.access-refused',
    title: 'The user has no permissions on the vhost (530)',
    log: refusedVhost("refused for user '", String.raw`(?: by backend (?<backend>\w{1,60}): (?<cause>[^]{0,300}))?`),
    wire: closedWith(530, /access to vhost '[^]*' refused for user '[^']*'(?: by backend [^]*)?$/),
    why: 'The login was right and the vhost exists, but this user has no permissions on it. A user that has just been created has none anywhere.',
    check: [
      'Which permissions has it? "rabbitmqctl list_user_permissions NAME"',
      'Is it the right vhost? The name in the line is what the client asked for.',
      'Where a back-end is named: what do its own rules say?',
    ],
    fix: [
      `Grant them: "rabbitmqctl set_permissions -p VHOST NAME '.*' '.*' '.*'" (configure, write, read).`,
      'Or let the client ask for the vhost that its user may open.',
    ],
    seenAt: 'All versions at level error; the back-end is named since 4.3. The client gets Connection.Close 530.',
    source: 'rabbit_access_control.erl 3.5.0–4.3.5, check_vhost_access/4',
    samples: [
      ...openRefusals("access to vhost 'prod' refused for user 'guest'"),
      ...openRefusals(
        "access to vhost 'prod' refused for user 'svc' by backend rabbit_auth_backend_http: Denied by the backing HTTP service",
      ),
    ],
  },
];
