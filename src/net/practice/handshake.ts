// The opening handshake: header, start, tune, open. Throws an AmqpError where RabbitMQ refuses.

import { decodeAmqplain, decodePlain, type Args } from '../../protocols/amqp091/codec';
import { mask } from '../../core/redact';
import { logIn, mayEnter, type User } from './access';
import { numberOf, tableOf, textOf } from './args';
import type { Session } from './channel';
import { log, send, smallestFrameMax, write, type Connection } from './connection';
import { crashOf, type Crash } from './exceptions';
import { AmqpError, closeArgs, refuse } from './replies';

/** Those of RabbitMQ's that the practice broker has too. */
const capabilities = {
  publisher_confirms: true,
  exchange_exchange_bindings: true,
  'basic.nack': true,
  consumer_cancel_notify: true,
  authentication_failure_close: true,
  per_consumer_qos: true,
};

export function sendStart(connection: Connection): void {
  send(connection, 0, 'connection.start', {
    'version-major': 0,
    'version-minor': 9,
    'server-properties': {
      capabilities,
      product: 'RabbitMQ Connection Debugger practice broker',
      platform: 'Node.js',
      information:
        'Not RabbitMQ. It imitates the connection lifecycle of RabbitMQ, keeps nothing, and is for practice.',
    },
    mechanisms: 'AMQPLAIN PLAIN',
    locales: 'en_US',
  });
  connection.state = 'starting';
  connection.closeTimeoutMs = connection.broker.settings.silentCloseMs;
}

export function startOk(connection: Connection, args: Args): void {
  const { broker, name, pid } = connection;
  const mechanism = textOf(args, 'mechanism');
  if (mechanism !== 'PLAIN' && mechanism !== 'AMQPLAIN')
    refuse('command_invalid', `unknown authentication mechanism '${mechanism}'`);
  const clientProperties = tableOf(args, 'client-properties');
  const clientCapabilities = tableOf(clientProperties, 'capabilities');
  const clientName = clientProperties['connection_name'];
  if (typeof clientName === 'string') {
    log(connection, 'info', `connection ${pid} (${name}) has a client-provided name: ${clientName}`);
    connection.lastName = `${name} - ${clientName}`;
  }
  const backend = 'rabbit_auth_backend_internal';
  const { user, password } = loginOf(mechanism, args['response']);
  const found = logIn(broker.users, user, password);
  if (typeof found === 'string') {
    // Spelled as RabbitMQ spells it.
    log(connection, 'debug', `User '${user}' failed authenticatation by backend ${backend}`);
    loginRefused(connection, mechanism, found, clientCapabilities);
  }
  log(connection, 'debug', `User '${user}' authenticated successfully by backend ${backend}`);
  const { channelMax, frameMax, heartbeatS } = broker.settings;
  send(connection, 0, 'connection.tune', {
    'channel-max': channelMax,
    'frame-max': frameMax,
    heartbeat: heartbeatS,
  });
  connection.state = 'tuning';
  connection.capabilities = clientCapabilities;
  connection.logName = connection.lastName;
  connection.user = found;
}

/** RabbitMQ writes what it cannot read into its log, be it a password. The practice broker does not. */
function loginOf(mechanism: 'PLAIN' | 'AMQPLAIN', response: unknown): { user: string; password: string } {
  const bytes = response instanceof Uint8Array ? response : new Uint8Array();
  if (mechanism === 'PLAIN') return decodePlain(bytes) ?? refuse('syntax_error', `response <<"${mask}">> invalid`);
  const shown = bytes.length === 0 ? '' : mask;
  return (
    decodeAmqplain(bytes) ?? refuse('syntax_error', `AMQPLAIN auth info [${shown}] is missing LOGIN or PASSWORD field`)
  );
}

function loginRefused(connection: Connection, mechanism: string, why: string, clientCapabilities: Args): never {
  if (clientCapabilities['authentication_failure_close'] === true) {
    const told = `Login was refused using authentication mechanism ${mechanism}. For details see the broker logfile.`;
    send(connection, 0, 'connection.close', closeArgs(new AmqpError('access_refused', told)));
  }
  return refuse('access_refused', `${mechanism} login refused: ${why}`);
}

/** The heartbeat that the client chose, in seconds; or why its choices are refused. */
export function tuneOk(connection: Connection, args: Args): number | Crash {
  const { settings } = connection.broker;
  const [frameMax, channelMax] = [numberOf(args, 'frame-max'), numberOf(args, 'channel-max')];
  const why =
    outOfRange('frame_max', smallestFrameMax, settings.frameMax, frameMax) ??
    outOfRange('channel_max', 1, settings.channelMax, channelMax);
  if (why !== undefined) return crashOf(new AmqpError('not_allowed', why), 'connection.tune-ok', why);
  const heartbeatS = numberOf(args, 'heartbeat');
  connection.frameMax = frameMax;
  connection.channelMax = channelMax;
  connection.closeTimeoutMs = heartbeatS * 1000;
  connection.state = 'opening';
  return heartbeatS;
}

/** 0 says 'no limit', which is more than a broker with a limit allows. */
function outOfRange(field: string, least: number, most: number, asked: number): string | undefined {
  const than = (shown: string, how: string, which: string, bound: number): string =>
    `negotiated ${field} = ${shown} is ${how} than the ${which} allowed value (${bound})`;
  if (asked !== 0 && asked < least) return than(String(asked), 'lower', 'minimum', least);
  if (most === 0 || (asked !== 0 && asked <= most)) return undefined;
  const detail = asked === 0 && field === 'channel_max' ? ' (no limit)' : '';
  return than(`${asked}${detail}`, 'higher', 'maximum', most);
}

export function open(connection: Connection, user: User, args: Args): void {
  const { broker, pid } = connection;
  const name = textOf(args, 'virtual-host');
  const vhost = broker.vhosts.get(name);
  if (!vhost) return refuse('not_allowed', `vhost ${name} not found`);
  if (!mayEnter(user, name)) refuse('not_allowed', `access to vhost '${name}' refused for user '${user.name}'`);
  const session: Session = {
    vhost,
    user,
    frameMax: connection.frameMax,
    wantsCancel: connection.capabilities['consumer_cancel_notify'] === true,
    get congested() {
      return connection.socket.writableNeedDrain;
    },
    send: (channel, method, methodArgs) => send(connection, channel, method, methodArgs),
    write: (bytes) => write(connection, bytes),
  };
  connection.vhost = vhost;
  connection.session = session;
  send(connection, 0, 'connection.open-ok');
  connection.state = 'running';
  const entered = `user '${user.name}' authenticated and granted access to vhost '${name}'`;
  log(connection, 'info', `connection ${pid} (${connection.lastName}): ${entered}`);
}
