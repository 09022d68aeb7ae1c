// One connection from its first byte to its last, as rabbit_reader.erl reads it.
//
//   socket ──chunks──► cutter ──frames──► channel 0: connectionFrames ──errors──► exceptions ──► ending ──RST──► socket
//                                         others:    channelFrames    ──┘

import type { Socket } from 'node:net';
import { protocolHeader } from '../../protocols/amqp091/codec';
import { resume } from './channel';
import { onChannelFrame } from './channelFrames';
import { createConnection, log, write, type BrokerState, type Connection } from './connection';
import { onConnectionFrame } from './connectionFrames';
import { createEnding, type Ending } from './ending';
import { atom, binary, print, tuple } from './erlangTerm';
import { handleException } from './exceptions';
import { frameError } from './frameErrors';
import { createFrameCutter, createFrameDecoder, type Cut } from './frames';
import { sendStart } from './handshake';
import type { Level } from './log';
import { AmqpError } from './replies';

export interface Reader {
  /** The broker stops: an open connection is told so with 320 CONNECTION_FORCED, and gets no time to agree. */
  stop(): void;
}

export function serve(socket: Socket, broker: BrokerState, over: () => void): Reader {
  const connection = createConnection(socket, broker);
  const { pid, name } = connection;
  const cutter = createFrameCutter();
  const decode = createFrameDecoder();
  let accepted = false;

  /** Logged when the first bytes come or the time is up, not when the connection is accepted: health checks are quiet. */
  const accept = (level: Level): void => {
    if (!accepted) log(connection, level, `accepting AMQP connection ${pid} (${name})`);
    accepted = true;
  };

  const handshake = setTimeout(() => {
    if (connection.deaf || connection.state === 'running' || connection.state === 'closed') return;
    accept('info');
    ending.endBecause('error', `{handshake_timeout,${cutter.awaits}}`);
  }, broker.settings.handshakeTimeoutMs);
  const ending = createEnding(connection, () => {
    clearTimeout(handshake);
    over();
  });

  const onCut = (cut: Cut): void => {
    if (cut.kind !== 'frame') loseSync(connection, ending, cut);
    else if (cut.frame.channel === 0) onConnectionFrame(connection, ending, cut.frame, decode(cut.frame));
    else onChannelFrame(connection, ending, cut.frame, decode(cut.frame));
  };

  /** A client that does not read its answers is not read from either. */
  const read = (): void => {
    const header = cutter.header();
    if (header) greet(connection, ending, header);
    while (!connection.deaf && connection.state !== 'pre_init' && !socket.writableNeedDrain) {
      const cut = cutter.next(connection.frameMax);
      if (!cut) break;
      onCut(cut);
    }
    if (socket.writableNeedDrain) socket.pause();
  };

  socket.on('data', (chunk: Buffer) => {
    if (connection.deaf) return;
    accept('info');
    cutter.push(chunk);
    read();
  });
  socket.on('drain', () => {
    socket.resume();
    for (const { channel } of connection.channels.values()) resume(channel);
    read();
  });
  const gone = (): void => {
    if (ending.ended || connection.deaf) return;
    if (!accepted) {
      accept('debug');
      ending.endBecause('debug', 'connection_closed_with_no_data_received');
    } else if (connection.state === 'closed') ending.endPolitely();
    else ending.endAbruptly();
  };
  socket.on('end', gone);
  // A reset by the client is, to RabbitMQ, the end of the connection like any other.
  socket.on('error', gone);
  socket.on('close', gone);

  return {
    stop() {
      accept('info');
      if (connection.state === 'running' && !connection.deaf) {
        const why = "broker forced connection closure with reason 'shutdown'";
        handleException(connection, ending, 0, new AmqpError('connection_forced', why));
      }
      ending.endPolitely();
    },
  };
}

function greet(connection: Connection, ending: Ending, header: Uint8Array): void {
  const [a, m, q, p, ...version] = header;
  const isAmqp = String.fromCharCode(a ?? 0, m ?? 0, q ?? 0, p ?? 0) === 'AMQP';
  const written = version.join();
  // The second is the header of 0-9, which clients of 0-9-1 may send as well.
  if (isAmqp && (written === '0,0,9,1' || written === '1,1,0,9')) {
    sendStart(connection);
    return;
  }
  write(connection, protocolHeader);
  if (!isAmqp) ending.endBecause('error', print(tuple(atom('bad_header'), binary(header))));
  else if (written.endsWith(',1,0,0')) ending.endBecause('error', 'amqp1_0_plugin_not_enabled');
  else ending.endBecause('error', print(tuple(atom('bad_version'), tuple(...version))));
}

/** Nobody knows where the next frame starts: the client is told, if it can be, and nothing more is read. */
function loseSync(connection: Connection, ending: Ending, cut: Exclude<Cut, { kind: 'frame' }>): void {
  const [type, channel, error] =
    cut.kind === 'too-large'
      ? [cut.type, cut.channel, `{frame_too_large,${cut.size},${cut.most}}`]
      : [cut.frame.type, cut.frame.channel, `{invalid_frame_end_marker,${cut.marker}}`];
  const payload = cut.kind === 'too-large' ? new Uint8Array() : cut.frame.payload;
  handleException(connection, ending, channel, frameError(type, payload, error));
  if (!connection.deaf) ending.punish('fatal_frame_error');
}
