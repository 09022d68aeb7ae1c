// Logins that the broker refused, and vhosts that it would not open.

import type { Reason } from '../core/reason';
import { duration } from '../core/time';
import { cutQuoted, errorOn, explanationOf } from './closing';
import { dropped, refused, silence } from './wire';

const refusal = /^(?<mechanism>[A-Za-z0-9_-]{1,40}) login refused: (?<detail>[^]*)$/;
const missing = /^vhost (?<vhost>[^]*) not found$/;

/** What follows `state: STATE):`, and what stands before it. */
function cutState(details: string, state: string): readonly [before: string, text: string] | undefined {
  const mark = `, state: ${state}):`;
  const at = details.indexOf(mark);
  if (at < 0) return undefined;
  return [details.slice(0, at), details.slice(at + mark.length).replace(/^(?:\n|, ) {0,4}/, '')];
}

const nameOf = (text: string): { readonly name?: string } => (text.startsWith(' - ') ? { name: text.slice(3) } : {});

export const login: readonly Reason[] = [
  {
    id: 'auth.login-refused',
    title: 'Login refused: wrong user name or password',
    closedBy: 'broker',
    severity: 'problem',
    log: errorOn(' login refused: ', 'certain', ({ details = '', ...values }) => {
      const cut = cutState(details, 'starting');
      const explanation = cut?.[1] ?? explanationOf(details, 'starting', 'access_refused');
      const found = explanation === undefined ? undefined : refusal.exec(explanation)?.groups;
      if (!found) return undefined;
      const { mechanism = '', detail = '' } = found;
      const user = /^user '([^]*)' - invalid credentials$/.exec(detail)?.[1];
      if (user === undefined) return undefined;
      return { ...values, ...nameOf(cut?.[0] ?? ''), mechanism, user };
    }),
    wire(connection) {
      if (refused(connection)) return connection.closing?.code === 403 ? 'certain' : undefined;
      const halfway = connection.mechanism !== undefined && connection.offered === undefined;
      return halfway && dropped(connection) ? 'likely' : undefined;
    },
    tell(connection) {
      const who = connection.user === undefined ? 'the login' : `the login of user '${connection.user}'`;
      const how = connection.mechanism === undefined ? '' : ` (${connection.mechanism})`;
      if (connection.closing) return `The broker refused ${who}${how} with ${connection.closing.code}.`;
      if (!connection.closed) return undefined;
      return `The broker closed ${duration(silence(connection))} after ${who}${how} without a Connection.Close: so it refuses clients that do not name the capability authentication_failure_close.`;
    },
    why: 'The broker knows no such user, or the password is another one: the internal back-end writes the same words for both. The client is at fault, or what it was configured with. A client that names the capability authentication_failure_close is told so with Connection.Close 403 ACCESS_REFUSED; any other one just sees the socket close after 3 s.',
    check: [
      'Is the user name right, and does it exist on this cluster? "rabbitmqctl list_users"',
      'Is the password right? "rabbitmqctl authenticate_user NAME" asks for it and tries it.',
      'In a URL, are the special characters of the password percent-encoded (@ is %40, / is %2F, : is %3A)?',
      'Does the client reach the broker that you think of: another environment, another cluster, a port-forward?',
      'Was the password rotated while this client kept the old one?',
    ],
    fix: [
      'Set the right user name and password in the client, or "rabbitmqctl change_password NAME".',
      `Create the user: "rabbitmqctl add_user NAME", then "rabbitmqctl set_permissions -p VHOST NAME '.*' '.*' '.*'".`,
      'If the users live in LDAP, HTTP or OAuth 2, look at auth_backends in rabbitmq.conf.',
    ],
    seenAt:
      'All versions at level error; up to 3.5.8 as {handshake_error,starting,0,…}. An info line "closing AMQP connection" of the same process follows, at most 3 s later.',
    scenario: 'wrong-password',
    source: 'rabbit_reader.erl 3.6.0–4.3.5, handle_exception/3 in state starting; 3.5.8 log_connection_exception/2',
    samples: [
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, state: starting):\nPLAIN login refused: user 'guest' - invalid credentials",
      },
      {
        level: 'error',
        text: "Error on AMQP connection <0.718.0> (127.0.0.1:35148 -> 127.0.0.1:37473, state: starting):\nPLAIN login refused: user 'o'brien' - invalid credentials",
      },
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> ([::1]:53422 -> [::1]:5672 - order-service, state: starting):\nAMQPLAIN login refused: user 'svc' - invalid credentials",
      },
      {
        level: 'error',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n{handshake_error,starting,0,\n                 {amqp_error,access_refused,\n                             \"PLAIN login refused: user 'guest' - invalid credentials\",\n                             'connection.start_ok'}}",
      },
    ],
  },
  {
    id: 'vhost.not-found',
    title: 'No such virtual host',
    closedBy: 'broker',
    severity: 'problem',
    log: errorOn(' not found', 'certain', ({ details = '', ...values }) => {
      const cut = cutState(details, 'opening');
      const explanation = cut?.[1] ?? explanationOf(details, 'opening', 'not_allowed');
      const vhost = explanation === undefined ? undefined : missing.exec(explanation)?.groups?.['vhost'];
      if (vhost === undefined) return undefined;
      const [before, user] = cutQuoted(cut?.[0] ?? '', 'user');
      return { ...values, ...nameOf(before), vhost, ...(user !== undefined && { user }) };
    }),
    wire: ({ closing, openedAt }) =>
      closing?.by === 'broker' &&
      openedAt === undefined &&
      closing.code === 530 &&
      /\bvhost [^]* not found$/.test(closing.text)
        ? 'certain'
        : undefined,
    tell: (connection) =>
      connection.vhost === undefined
        ? undefined
        : `The login was right, but the broker has no virtual host '${connection.vhost}': it closed with 530 NOT_ALLOWED.`,
    why: "The user logged in, and then asked for a virtual host that this broker does not have. The name is compared letter by letter. The client's configuration is at fault, or the vhost was not created or was deleted.",
    check: [
      'Does the name differ by a slash? The default vhost is "/": in a URL that is amqp://host/%2F or no path at all, and amqp://host/ asks for a vhost with an empty name in some clients.',
      'Which vhosts are there? "rabbitmqctl list_vhosts"',
      'Is it the right cluster: another environment, a fresh one without imported definitions?',
    ],
    fix: [
      "Correct the vhost in the client: Java ConnectionFactory.setVirtualHost, .NET ConnectionFactory.VirtualHost, pika ConnectionParameters(virtual_host=…), amqplib {vhost: …} or the URL's path, Go amqp.Config{Vhost: …}.",
      `Or create it: "rabbitmqctl add_vhost NAME", then "rabbitmqctl set_permissions -p NAME USER '.*' '.*' '.*'".`,
    ],
    seenAt:
      "All versions at level error; up to 3.5.8 as {handshake_error,opening,0,…}. The client gets Connection.Close 530; an info line with vhost: 'none' follows.",
    scenario: 'vhost-not-found',
    source: 'rabbit_reader.erl 3.6.0–4.3.5, handle_exception/3 in state opening; 3.5.8 log_connection_exception/2',
    samples: [
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, user: 'guest', state: opening):\nvhost missing not found",
      },
      {
        level: 'error',
        text: "Error on AMQP connection <0.723.0> (127.0.0.1:51348 -> 127.0.0.1:37473 - novhost, user: 'guest', state: opening):\nvhost missing not found",
      },
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n{handshake_error,opening,0,\n                 {amqp_error,not_allowed,"vhost missing not found",\n                             \'connection.open\'}}',
      },
    ],
  },
];
