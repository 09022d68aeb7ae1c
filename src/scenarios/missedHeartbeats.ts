// A client that freezes with its socket open.

import { heartbeatWindow } from '../core/deadline';
import { limit } from '../core/time';
import type { Scenario } from '../net/stage';

const heartbeatS = 2;

export const missedHeartbeats: Scenario = {
  id: 'missed-heartbeats',
  title: 'Missed heartbeats',
  shows: 'A client that falls silent with its socket open: the broker gives up between two and three timeouts later.',
  expects: ['heartbeat.missed-from-client'],
  takesMs: heartbeatS * 3000 + 5_000,
  async run(stage) {
    const peer = await stage.peer();
    await peer.open({ user: stage.user, password: stage.password, vhost: stage.vhost, heartbeatS });
    const { fromMs, toMs } = heartbeatWindow(heartbeatS);
    stage.note(
      `A heartbeat of ${heartbeatS} s is agreed. The client falls silent: the broker gives up after ` +
        `${limit(fromMs)} to ${limit(toMs)} without a byte.`,
    );
    await peer.ended;
    peer.fin();
  },
};
