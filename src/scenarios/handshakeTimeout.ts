// Silence in the opening handshake: before the protocol header, and one step later.

import { limit } from '../core/time';
import type { Scenario } from '../net/stage';

export const handshakeTimeout: Scenario = {
  id: 'handshake-timeout',
  title: 'Handshake timeout: not a byte',
  shows: 'A client that opens TCP and says nothing, until the broker gives up after its handshake_timeout.',
  expects: ['handshake.timeout'],
  takesMs: 1_000,
  async run(stage) {
    const peer = await stage.peer();
    stage.note(`The client says nothing. The broker waits ${limit(stage.handshakeTimeoutMs)} for the protocol header.`);
    await peer.ended;
    peer.fin();
  },
};

export const handshakeTimeoutAfterHeader: Scenario = {
  id: 'handshake-timeout-after-header',
  title: 'Handshake timeout: after the header',
  shows: 'A client that sends the protocol header and then stalls: the log names the frame, not the stage.',
  expects: ['handshake.timeout-after-header'],
  takesMs: 1_000,
  async run(stage) {
    const peer = await stage.peer();
    peer.header();
    await peer.receive('connection.start');
    stage.note('The client does not answer connection.start.');
    await peer.ended;
    peer.fin();
  },
};
