// How the peer of a socket ended it, where Node.js cannot be taken at its word.

import type { Socket } from 'node:net';

/**
 * To be asked when a socket emits 'end'. A RST that arrives together with the last bytes is reported as an end of file
 * (libuv, uv__stream_io: POLLHUP after a partial read), and RabbitMQ closes just so: Close-Ok, then RST. The kernel tells
 * the two apart: a socket that has had a RST has no peer any more, one that has had a FIN has. Node.js remembers the peer
 * once it was asked for it, so nobody may read `remoteAddress` before. After our own FIN the kernel has forgotten the peer
 * in both cases: then Node.js is believed.
 */
export function howEnded(socket: Socket): 'fin' | 'rst' {
  return !socket.writableEnded && socket.remoteAddress === undefined ? 'rst' : 'fin';
}
