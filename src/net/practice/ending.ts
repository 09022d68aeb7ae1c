// How a connection ends: with a last word in the log, and always with a RST.

import { closeChannels, log, longestCloseMs, type Connection } from './connection';
import type { Level } from './log';

export interface Ending {
  /** Writes the last word as it is, once, and resets the connection. */
  end(level: Level, lastWord: string): void;
  /** The same for a last word that is a reason. */
  endBecause(level: Level, reason: string, whose?: string): void;
  endPolitely(): void;
  /** The client vanished: its user and vhost are named, as far as it came. */
  endAbruptly(): void;
  /** Ends it politely when the client's close-ok, its FIN or the end of its time comes first. */
  awaitClose(): void;
  /** Looks at no more input, waits, and ends it because of `reason`: so an intruder cannot try again at once. */
  punish(reason: string): void;
  readonly ended: boolean;
}

/** How long what was written may take to leave before the connection is reset. */
const flushMs = 200;

/** `over` is called once, when the last word was said. */
export function createEnding(connection: Connection, over: () => void): Ending {
  const { socket, broker, pid, name } = connection;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const later = (ms: number, act: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };

  /** RabbitMQ closes its socket without lingering: the client sees a RST also after a polite close. */
  const reset = (): void => {
    const patience = setTimeout(() => socket.resetAndDestroy(), flushMs);
    const flushed = (): void => {
      clearTimeout(patience);
      socket.resetAndDestroy();
    };
    if (socket.writableLength === 0) flushed();
    else socket.write('', flushed);
  };

  const end = (level: Level, lastWord: string): void => {
    if (ended) return;
    ended = true;
    connection.deaf = true;
    clearTimeout(timer);
    connection.stopHeartbeats();
    closeChannels(connection);
    log(connection, level, lastWord);
    const goneToo = `Closing all channels from connection '${name}' because it has been closed`;
    broker.log.write('debug', broker.nextPid(), goneToo);
    reset();
    over();
  };
  const closing = (whose: string): string => `closing AMQP connection ${pid} (${connection.lastName}${whose})`;
  const whose = (): string =>
    connection.user ? `, vhost: '${connection.vhost?.name ?? 'none'}', user: '${connection.user.name}'` : '';
  const endBecause = (level: Level, reason: string, named = ''): void => end(level, `${closing(named)}:\n${reason}`);
  const endPolitely = (): void => end('info', closing(whose()));

  return {
    end,
    endBecause,
    endPolitely,
    endAbruptly: () => endBecause('warning', 'client unexpectedly closed TCP connection', whose()),
    awaitClose() {
      connection.state = 'closed';
      const { closeTimeoutMs } = connection;
      later(closeTimeoutMs > 0 && closeTimeoutMs < longestCloseMs ? closeTimeoutMs : longestCloseMs, endPolitely);
    },
    punish(reason) {
      connection.deaf = true;
      later(broker.settings.silentCloseMs, () => endBecause('error', reason));
    },
    get ended() {
      return ended;
    },
  };
}
