// A connection's whole life, as it should be.

import type { Scenario } from '../net/stage';

const heartbeatS = 2;

export const healthyLifecycle: Scenario = {
  id: 'healthy-lifecycle',
  title: 'Healthy lifecycle',
  shows: 'Every step of a good connection, from name resolution to a polite close, with one message and heartbeats.',
  expects: ['connection.closed'],
  takesMs: 10_000,
  async run(stage) {
    const connection = await stage.amqplib({ heartbeat: heartbeatS });
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const consumed = new Promise<void>((done, fail) => {
      stage.signal.addEventListener('abort', () => fail(new Error('cancelled')), { once: true });
      channel
        .consume(queue, (message) => {
          if (!message) return;
          channel.ack(message);
          done();
        })
        .catch(fail);
    });
    channel.sendToQueue(queue, Buffer.from('hello'));
    await consumed;
    stage.note(`One message is published, consumed and acknowledged. Now only heartbeats, every ${heartbeatS / 2} s.`);
    await stage.sleep(heartbeatS * 1250);
    await channel.close();
    await connection.close();
  },
};
