// A client whose process ends without closing its connection.

import type { Scenario } from '../net/stage';

export const abruptClose: Scenario = {
  id: 'abrupt-close',
  title: 'Abrupt close',
  shows: 'A FIN without Connection.Close on an open connection: what a crashed or killed client leaves behind.',
  expects: ['socket.closed-abruptly'],
  takesMs: 5_000,
  async run(stage) {
    const peer = await stage.peer();
    await peer.open({ user: stage.user, password: stage.password, vhost: stage.vhost });
    await stage.sleep(200);
    stage.note('The client ends its TCP connection without Connection.Close.');
    peer.fin();
    await peer.ended;
  },
};
