// What a load balancer's health check does.

import type { Scenario } from '../net/stage';

export const noData: Scenario = {
  id: 'no-data',
  title: 'No data: a health check',
  shows: 'A connection that opens and closes without a byte: harmless, and logged at debug level only.',
  expects: ['handshake.no-data'],
  takesMs: 3_000,
  async run(stage) {
    const peer = await stage.peer();
    await stage.sleep(200);
    stage.note('The client leaves without a byte. RabbitMQ logs this at debug level only: at info, look for no line.');
    peer.fin();
    await peer.ended;
  },
};
