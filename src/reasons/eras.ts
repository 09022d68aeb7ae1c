// Sample lines of each era of RabbitMQ, from what differs between reasons.

import type { Sample } from '../core/reason';

const ends = '10.0.0.12:53422 -> 10.0.0.5:5672';

/** A closing with a second line, as up to 3.13 and as since 4.0. */
export const closings = (term: string, level = 'error'): readonly Sample[] => [
  { level, text: `closing AMQP connection <0.1234.0> (${ends}):\n${term}` },
  { level, text: `closing AMQP connection <0.1234.0> (${ends} - order-service, duration: '10s'):\n${term}` },
];

/** A header that is none, as up to 4.0 and as since 4.1. */
export const headers = (bytes: string, sentence?: string): readonly Sample[] => [
  ...closings(`{bad_header,${bytes}}`),
  {
    level: 'error',
    text: `closing AMQP connection ${ends} (duration: '0ms'):\n${sentence ?? `client did not start with AMQP protocol header: ${bytes}`}`,
  },
];

/** An error before the connection was open, as up to 3.13 with the channel and as since 4.0 without. */
export const handshakes = (state: string, error: string): readonly Sample[] => [
  {
    level: 'error',
    text: `closing AMQP connection <0.1234.0> (${ends}):\n{handshake_error,${state},0,\n                 ${error}}`,
  },
  {
    level: 'error',
    text: `closing AMQP connection <0.1234.0> (${ends} - order-service, duration: '3s'):\n{handshake_error,${state},\n                 ${error}}`,
  },
];

/** A refusal of the login. */
export const refusals = (said: string): readonly Sample[] => [
  { level: 'error', text: `Error on AMQP connection <0.1234.0> (${ends}, state: starting):\n${said}` },
  {
    level: 'error',
    text: `Error on AMQP connection <0.1234.0> ([::1]:53422 -> [::1]:5672 - order-service, state: starting):\n${said}`,
  },
];

/** A refusal of the vhost. */
export const openRefusals = (said: string): readonly Sample[] => [
  { level: 'error', text: `Error on AMQP connection <0.1234.0> (${ends}, user: 'guest', state: opening):\n${said}` },
];

/** An exception on an open connection, as in 3.5, in 3.6, and since 3.7. */
export const exceptions = (channel: number, operation: string, code: string, said: string): readonly Sample[] => {
  const place = `Error on AMQP connection <0.1234.0> (${ends}`;
  const rest = `vhost: '/', user: 'guest', state: running), channel ${channel}:\n`;
  const quoted = JSON.stringify(said);
  return [
    {
      level: 'error',
      text: `${place}, ${rest}{amqp_error,${code},\n            ${quoted},${operation === 'none' ? 'none' : `'${operation}'`}}`,
    },
    {
      level: 'error',
      text: `${place}, ${rest}operation ${operation} caused a connection exception ${code}: ${quoted}`,
    },
    {
      level: 'error',
      text: `${place} - order-service, ${rest} operation ${operation} caused a connection exception ${code}: ${quoted}`,
    },
  ];
};

/** A forced close, as an exception up to 4.3.4, and as a line of its own since. */
export const forcings = (said: string): readonly Sample[] => [
  ...exceptions(0, 'none', 'connection_forced', said),
  {
    level: 'warning',
    text: `Closing AMQP connection <0.1234.0> (${ends} - order-service, vhost: '/', user: 'guest'): ${said}`,
  },
];
