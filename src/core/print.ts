// An event in words: a label for a row, a plain sentence, and one line of text for the command line.

import type { Connection } from './connection';
import type { Direction, EventBody, LifecycleEvent, LooksLike, Micros, Party, Tuning } from './event';
import { duration, limit } from './time';

export interface Label {
  /** The method, or what happened where there is no frame. */
  readonly what: string;
  /** The arguments that matter. */
  readonly more: string;
}

/** A time since the start, fine enough to tell neighbours apart: 0.4 ms, 10.001 s, 2:05.120. */
export function stamp(us: number): string {
  const ms = us / 1000;
  if (ms < 999.95) return `${ms.toFixed(1)} ms`;
  if (ms < 99_999.5) return `${(ms / 1000).toFixed(3)} s`;
  const whole = Math.round(ms);
  const rest = ((whole % 60_000) / 1000).toFixed(3).padStart(6, '0');
  return `${Math.floor(whole / 60_000)}:${rest}`;
}

/** The way an event travels, or undefined for what happens in one place. */
export function directionOf(event: LifecycleEvent): Direction | undefined {
  if (event.type === 'closed' || event.type === 'logged' || event.type === 'note' || event.type === 'quiet') {
    return undefined;
  }
  if (event.evidence.from === 'wire') return event.evidence.direction;
  // SYN and SYN-ACK are not seen, but which way each went is known.
  if (event.type === 'dialing') return 'toBroker';
  if (event.type === 'connected') return 'toClient';
  if (event.type === 'ended') return event.by === 'broker' ? 'toClient' : 'toBroker';
  return undefined;
}

export function label(event: LifecycleEvent): Label {
  if (event.frame && event.type !== 'greeted' && event.type !== 'malformed')
    return { what: event.frame.method, more: event.frame.text };
  switch (event.type) {
    case 'resolving':
      return { what: 'resolve', more: event.host };
    case 'resolved':
      return { what: 'resolved', more: event.addresses.join(', ') };
    case 'dialing':
      return { what: 'TCP connect', more: address(event.address, event.port) };
    case 'connected':
      return { what: 'TCP connected', more: event.local };
    case 'secured':
      return { what: event.version, more: event.cipher };
    case 'greeted':
      return event.by === 'broker'
        ? { what: 'protocol refused', more: `speaks AMQP ${event.version}` }
        : { what: 'protocol header', more: `AMQP ${event.version}` };
    case 'quiet':
      return {
        what: `silent for ${seconds(event.forMs)}`,
        more: `· ${partyName[event.by === 'broker' ? 'client' : 'broker']} gives up ${allowed(event.fromMs, event.toMs)}`,
      };
    case 'ended':
      return { what: event.how === 'rst' ? 'RST' : 'FIN', more: '' };
    case 'closed':
      return { what: `closed by ${partyName[event.by]}`, more: `${howName[event.how]} · ${duration(event.lastedUs)}` };
    case 'failed':
      return { what: `${event.step} failed`, more: event.code };
    case 'malformed':
      return { what: event.looksLike === 'unknown' ? 'malformed' : looks[event.looksLike], more: event.text };
    case 'logged':
      return { what: `[${event.level}]`, more: event.text };
    case 'note':
      return { what: event.text, more: '' };
    default:
      return { what: event.type, more: '' };
  }
}

/** What an event means, in plain words. With its connection it can compare what was offered and agreed. */
export function sentence(event: LifecycleEvent, connection?: Connection): string {
  const who = capital(partyName[event.by]);
  const channel = `channel ${event.channel ?? 0}`;
  switch (event.type) {
    case 'resolving':
      return `The client looks up the addresses of ${event.host}.`;
    case 'resolved':
      return `${plural(event.addresses.length, 'address', 'addresses')} found in ${duration(event.tookUs)}: ${event.addresses.join(', ')}.`;
    case 'dialing':
      return `The client opens a TCP connection to ${address(event.address, event.port)}.`;
    case 'connected':
      return `TCP is open after ${duration(event.tookUs)}, from ${event.local} to ${event.remote}. The broker's log names the connection by these two.`;
    case 'secured':
      return `TLS is agreed after ${duration(event.tookUs)}: ${event.version} with ${event.cipher}.`;
    case 'greeted':
      return event.by === 'broker'
        ? `The broker does not speak what the client asked for. It answers with the version that it does speak, ${event.version}, and hangs up.`
        : `The client says which protocol it speaks: AMQP ${event.version}.`;
    case 'offered':
      return `The broker introduces itself as ${`${event.product} ${event.version}`.trim()} and offers to log in by ${event.mechanisms.join(' or ')}.`;
    case 'authenticating':
      return `The client logs in${event.user === undefined ? '' : ` as ${event.user}`} by ${event.mechanism}. The secret in it is masked.`;
    case 'tuning':
      return `The broker offers ${tuningWords(event)}.`;
    case 'tuned':
      return tunedSentence(event, connection?.offered);
    case 'opening':
      return `The client asks for the vhost ${event.vhost}.`;
    case 'opened':
      return 'The broker lets the client into the vhost. The connection is open.';
    case 'channelOpening':
      return `The client opens ${channel}.`;
    case 'channelOpened':
      return `${capital(channel)} is open.`;
    case 'channelClosing':
      return `${who} closes ${channel}${reply(event.code, event.text)}.`;
    case 'channelClosed':
      return `${who} confirms that ${channel} is closed.`;
    case 'blocked':
      return `The broker stops reading from this connection, because it is short of a resource: ${event.reason}.`;
    case 'unblocked':
      return 'The broker reads from this connection again.';
    case 'heartbeat':
      return `${who} had nothing else to send and shows that it is alive. Any other bytes count as well.`;
    case 'operation':
      return `${who} sends ${event.frame?.method ?? 'data'} on ${channel}.`;
    case 'quiet':
      return event.rule === 'handshake'
        ? `${who} has been silent for ${seconds(event.forMs)}. The broker gives up when the handshake is not complete after ${limit(event.toMs)}.`
        : `Nothing has come from ${partyName[event.by]} for ${seconds(event.forMs)}. The other side looks once per heartbeat interval and gives up at the second look in a row that finds nothing: ${allowed(event.fromMs, event.toMs)}.`;
    case 'closing':
      return `${who} ${event.code === 200 ? 'asks to close' : 'closes'} the connection${reply(event.code, event.text)}.`;
    case 'closeAgreed':
      return `${who} confirms the close. Nothing more is sent.`;
    case 'ended':
      return event.how === 'fin'
        ? `${who} ends its side of the TCP connection (FIN).`
        : `${who} resets the TCP connection (RST).${event.by === 'broker' ? ' RabbitMQ ends every connection so, the good ones too: the RST alone says nothing about the cause.' : ''}`;
    case 'closed':
      return `${who} ended the connection ${how[event.how]}, ${duration(event.lastedUs)} after TCP connect.`;
    case 'failed':
      return `${failedStep[event.step]}: ${event.text} (${event.code}).`;
    case 'malformed':
      return event.looksLike === 'unknown'
        ? `${who} broke the protocol: ${event.text}.`
        : `${who} sent bytes that are not AMQP 0-9-1 but ${event.text.replace(/^not AMQP: /, '')}.`;
    case 'logged':
      return `The broker wrote this into its log, at level ${event.level}. The time in it is the broker's clock.`;
    case 'note':
      return event.text;
  }
}

/** One event → one line: `  0.4 ms  client → broker  connection.tune-ok heartbeat=5`. Safe for a terminal. */
export function printEvent(event: LifecycleEvent, startAt: Micros): string {
  const { what, more } = label(event);
  const time = event.type === 'logged' ? '' : stamp(event.at - startAt);
  return visible(`${time.padStart(10)}  ${lane(event).padEnd(15)}  ${what}${more && ` ${more}`}`);
}

/** `client → broker`, or the one place where it happened. */
export function lane(event: LifecycleEvent): string {
  if (event.type === 'logged') return "broker's log";
  if (event.type === 'note') return 'scenario';
  const direction = directionOf(event);
  if (direction) return direction === 'toBroker' ? 'client → broker' : 'broker → client';
  if (event.type === 'closed') return 'end';
  // Where the tap dials, it stands in for the client.
  return event.by === 'tool' ? 'client' : event.by;
}

/** "between 4 and 6 s", or "after 10 s" where there is no window. */
export function allowed(fromMs: number, toMs: number): string {
  if (fromMs === toMs) return `after ${limit(toMs)}`;
  if (fromMs >= 1000 && toMs >= 1000) return `between ${limit(fromMs).replace(' s', '')} and ${limit(toMs)}`;
  return `between ${limit(fromMs)} and ${limit(toMs)}`;
}

/** 3.2 s: a running time, always with one digit, so that it does not jump about. */
export function seconds(ms: number): string {
  return ms < 59_950 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : duration(ms * 1000);
}

const partyName: Record<Party, string> = {
  client: 'the client',
  broker: 'the broker',
  network: 'the network',
  tool: 'this tool',
};

const howName = { clean: 'Connection.Close', ended: 'FIN', reset: 'RST' } as const;
const how = {
  clean: 'politely, by Connection.Close',
  ended: 'by FIN, without Connection.Close',
  reset: 'by RST, without Connection.Close',
} as const;

const failedStep: Record<Extract<EventBody, { type: 'failed' }>['step'], string> = {
  resolve: 'The name could not be resolved',
  dial: 'TCP could not connect',
  tls: 'TLS could not be agreed',
  client: 'The client library reports',
};

const looks: Record<LooksLike, string> = {
  http: 'HTTP',
  tls: 'TLS',
  ssh: 'SSH',
  smtp: 'SMTP',
  'other-amqp': 'another AMQP',
  mqtt: 'MQTT',
  stomp: 'STOMP',
  proxy: 'PROXY protocol',
  unknown: 'nothing known',
};

function tunedSentence(agreed: Tuning, offered: Tuning | undefined): string {
  if (agreed.heartbeatS === 0) {
    return 'The client turned heartbeats off: neither side will notice a peer that is gone until TCP does.';
  }
  const agrees = `The client agreed to a heartbeat of ${agreed.heartbeatS} s`;
  if (!offered) return `${agrees}.`;
  if (offered.heartbeatS === agreed.heartbeatS) return `${agrees}, as the broker offered.`;
  if (offered.heartbeatS === 0) return `${agrees}, though the broker offered none.`;
  return offered.heartbeatS > agreed.heartbeatS
    ? `${agrees} (the broker offered ${offered.heartbeatS}; the smaller wins).`
    : `${agrees}, more than the ${offered.heartbeatS} s that the broker offered.`;
}

function tuningWords(tuning: Tuning): string {
  const heartbeat = tuning.heartbeatS === 0 ? 'no heartbeats' : `a heartbeat of ${tuning.heartbeatS} s`;
  const frames = tuning.frameMax === 0 ? 'frames of any size' : `frames of up to ${tuning.frameMax} bytes`;
  const channels =
    tuning.channelMax === 0 ? 'any number of channels' : plural(tuning.channelMax, 'channel', 'channels');
  return `${heartbeat}, ${frames}, ${channels}`;
}

const reply = (code: number, text: string): string => (code === 0 && text === '' ? '' : `: ${code} ${text}`.trimEnd());
const address = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Log text and reply texts come from peers: nothing in them may steer a terminal or break the line. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
}
