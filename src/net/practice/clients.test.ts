// A real client, amqplib, against the practice broker: what works and what is refused.

import { connect, type Channel, type ChannelModel, type ConfirmChannel, type Options } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestBroker, type TestBroker } from './brokerForTests.fixture';

let broker: TestBroker;
const opened: ChannelModel[] = [];

beforeAll(async () => {
  broker = await startTestBroker({
    handshakeTimeoutMs: 2_000,
    vhosts: ['/', 'other'],
    users: {
      guest: { password: 'guest', tags: ['administrator'] },
      reader: { password: 'secret', permissions: { '/': { configure: '', write: '', read: '.*' } } },
    },
  });
});
afterEach(async () => {
  for (const model of opened.splice(0)) await model.close().catch((error: unknown) => error);
});
afterAll(() => broker.stop());

async function dial(options: Partial<Options.Connect> = {}): Promise<ChannelModel> {
  const model = await connect({ hostname: broker.host, port: broker.port, heartbeat: 0, ...options });
  model.on('error', () => undefined);
  opened.push(model);
  return model;
}

async function openChannel(options?: Partial<Options.Connect>): Promise<Channel> {
  const channel = await (await dial(options)).createChannel();
  channel.on('error', () => undefined);
  return channel;
}

async function openConfirmChannel(): Promise<ConfirmChannel> {
  return (await dial()).createConfirmChannel();
}

const bytes = (text: string): Buffer => Buffer.from(text);

describe('messages', () => {
  test('a published message is fetched with its properties, and gone once it is acknowledged', async () => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    expect(queue).toMatch(/^amq\.gen-[\w-]{22}$/);
    const properties = { contentType: 'text/plain', headers: { n: 1, nested: { deep: [true, 'x'] } }, timestamp: 1e9 };
    channel.sendToQueue(queue, bytes('hello'), properties);
    const message = await channel.get(queue);
    if (!message) throw new Error('no message');
    expect(message.content.toString()).toBe('hello');
    expect(message.properties).toMatchObject(properties);
    expect(message.fields).toMatchObject({ deliveryTag: 1, redelivered: false, exchange: '', routingKey: queue });
    channel.ack(message);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });
    expect(await channel.get(queue)).toBe(false);
  });

  test('a body larger than a frame arrives whole', async () => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const body = Buffer.alloc(1_000_000, 'abcdefg');
    channel.sendToQueue(queue, body);
    const got = await new Promise<Buffer>((done) => {
      void channel.consume(queue, (message) => message && done(message.content), { noAck: true });
    });
    expect(got.equals(body)).toBe(true);
  });

  test('a consumer gets no more than its prefetch, in order, and the rest as it acknowledges', async () => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (let n = 1; n <= 5; n++) channel.sendToQueue(queue, bytes(String(n)));
    await channel.prefetch(2);
    const seen: string[] = [];
    await new Promise<void>((done) => {
      void channel.consume(queue, (message) => {
        if (!message) return;
        seen.push(message.content.toString());
        if (seen.length === 2) {
          // Nothing more comes before the acks: a round trip proves it.
          void channel.checkQueue(queue).then((state) => {
            expect(state.messageCount).toBe(3);
            channel.ackAll();
          });
        } else if (seen.length > 2) channel.ack(message);
        if (seen.length === 5) done();
      });
    });
    expect(seen).toEqual(['1', '2', '3', '4', '5']);
  });

  test('consumers of one queue take turns', async () => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const counts = [0, 0];
    for (const index of [0, 1]) await channel.consume(queue, () => void counts[index]!++, { noAck: true });
    for (let n = 0; n < 10; n++) channel.sendToQueue(queue, bytes('x'));
    await channel.checkQueue(queue);
    expect(counts).toEqual([5, 5]);
  });

  test('what was not acknowledged comes back to its old place, marked, when the channel closes', async () => {
    const model = await dial();
    const first = await model.createChannel();
    const { queue } = await first.assertQueue('', { exclusive: true });
    for (const text of ['one', 'two']) first.sendToQueue(queue, bytes(text));
    await first.get(queue);
    await first.close();
    const second = await model.createChannel();
    const again = await second.get(queue);
    expect(again && [again.content.toString(), again.fields.redelivered]).toEqual(['one', true]);
  });

  test('what a consumer held goes to another one when its channel closes', async () => {
    const model = await dial();
    const first = await model.createChannel();
    const { queue } = await first.assertQueue('', { exclusive: true });
    first.sendToQueue(queue, bytes('held'));
    await new Promise((done) => void first.consume(queue, done));
    const second = await model.createChannel();
    const passedOn = new Promise<boolean | undefined>((done) => {
      void second.consume(queue, (message) => done(message?.fields.redelivered));
    });
    await second.checkQueue(queue);
    await first.close();
    expect(await passedOn).toBe(true);
  });

  test.each(['nack', 'reject'] as const)('%s gives a message back or drops it', async (how) => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    channel.sendToQueue(queue, bytes('x'));
    const refuse = (requeue: boolean) => async () => {
      const message = await channel.get(queue);
      if (!message) throw new Error('no message');
      if (how === 'nack') channel.nack(message, false, requeue);
      else channel.reject(message, requeue);
      return (await channel.checkQueue(queue)).messageCount;
    };
    expect(await refuse(true)()).toBe(1);
    expect(await refuse(false)()).toBe(0);
  });

  test('recover gives everything back', async () => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    channel.sendToQueue(queue, bytes('x'));
    await channel.get(queue);
    await channel.recover();
    expect(await channel.get(queue)).toMatchObject({ fields: { redelivered: true } });
  });

  test('publishes are confirmed, and a mandatory one that no queue takes is returned first', async () => {
    const channel = await openConfirmChannel();
    const order: string[] = [];
    channel.on('return', ({ fields }) => order.push(JSON.stringify(fields)));
    channel.publish('', 'no such queue', bytes('x'), { mandatory: true }, () => order.push('confirmed'));
    await channel.waitForConfirms();
    expect(order).toEqual([expect.stringMatching(/"replyCode":312,"replyText":"NO_ROUTE"/), 'confirmed']);
  });
});

describe('queues and exchanges', () => {
  test('a topic exchange routes by the bindings, also over another exchange', async () => {
    const channel = await openChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.assertExchange('clients.events', 'topic', { autoDelete: true });
    await channel.bindExchange('clients.events', 'amq.direct', 'user.made.x');
    await channel.bindQueue(queue, 'clients.events', 'user.*.#');
    channel.publish('amq.direct', 'user.made.x', bytes('bound'));
    channel.publish('clients.events', 'order.made', bytes('not bound'));
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 1 });
    await channel.unbindQueue(queue, 'clients.events', 'user.*.#');
    await expect(channel.checkExchange('clients.events')).rejects.toThrow(/no exchange 'clients.events' in vhost/);
  });

  test('an auto-delete queue goes with its last consumer', async () => {
    const channel = await openChannel();
    await channel.assertQueue('clients.auto', { autoDelete: true });
    const { consumerTag } = await channel.consume('clients.auto', () => undefined);
    expect(consumerTag).toMatch(/^amq\.ctag-/);
    await channel.cancel(consumerTag);
    await expect(channel.checkQueue('clients.auto')).rejects.toThrow(/404/);
  });

  test('a consumer is told when its queue is deleted', async () => {
    const channel = await openChannel();
    await channel.assertQueue('clients.doomed');
    const told = new Promise((done) => void channel.consume('clients.doomed', done));
    await channel.deleteQueue('clients.doomed');
    expect(await told).toBeNull();
  });

  test('an exclusive queue is for its connection alone, and goes with it', async () => {
    const owner = await dial();
    await (await owner.createChannel()).assertQueue('clients.mine', { exclusive: true });
    await expect((await openChannel()).checkQueue('clients.mine')).rejects.toThrow(/405 .*RESOURCE_LOCKED/);
    await owner.close();
    await expect((await openChannel()).checkQueue('clients.mine')).rejects.toThrow(/404 .*NOT_FOUND/);
  });

  test('a purge and a deletion tell how many messages went', async () => {
    const channel = await openChannel();
    await channel.assertQueue('clients.counted');
    for (let n = 0; n < 3; n++) channel.sendToQueue('clients.counted', bytes('x'));
    expect(await channel.purgeQueue('clients.counted')).toEqual({ messageCount: 3 });
    channel.sendToQueue('clients.counted', bytes('x'));
    expect(await channel.deleteQueue('clients.counted')).toEqual({ messageCount: 1 });
  });
});

describe('a channel error has the code and the text of RabbitMQ', () => {
  test.each<[string, RegExp, (channel: Channel) => Promise<unknown>]>([
    ['an unknown queue', /404 .*NOT_FOUND - no queue 'nope' in vhost '\/'/, (c) => c.checkQueue('nope')],
    ['a reserved name', /403 .*queue name 'amq.x' contains reserved prefix 'amq.\*'/, (c) => c.assertQueue('amq.x')],
    [
      'another durability',
      /406 .*inequivalent arg 'durable' for exchange 'amq.direct' in vhost '\/': received 'false' but current is 'true'/,
      (c) => c.assertExchange('amq.direct', 'direct', { durable: false }),
    ],
    [
      'another argument',
      /406 .*inequivalent arg 'x-message-ttl' for queue 'clients.q' in vhost '\/': received the value '5000' of type 'signedint' but current is none/,
      async (c) => {
        await c.assertQueue('clients.q');
        return c.assertQueue('clients.q', { messageTtl: 5000 });
      },
    ],
    ['the default exchange', /403 .*operation not permitted on the default exchange/, (c) => c.deleteExchange('')],
    [
      'a system exchange',
      /403 .*deletion of system exchange 'amq.topic' in vhost '\/' not allowed/,
      (c) => c.deleteExchange('amq.topic'),
    ],
  ])('%s', async (_name, text, provoke) => {
    await expect(provoke(await openChannel())).rejects.toThrow(text);
  });

  test('and the connection lives on, with a line in the log', async () => {
    const model = await dial();
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    await expect(channel.checkQueue('gone')).rejects.toThrow(/404/);
    await expect((await model.createChannel()).assertQueue('', { exclusive: true })).resolves.toBeDefined();
    const log = await broker.logged("no queue 'gone'");
    expect(log).toContain(
      "[error] <pid> Channel error on connection <pid> (A -> B, vhost: '/', user: 'guest'), channel 1:",
    );
    expect(log).toContain(
      "[error] <pid> operation queue.declare caused a channel exception not_found: no queue 'gone' in vhost '/'",
    );
  });

  test('a user without permission is refused', async () => {
    const channel = await openChannel({ username: 'reader', password: 'secret' });
    await expect(channel.assertQueue('clients.no')).rejects.toThrow(
      /403 .*access to queue 'clients.no' in vhost '\/' refused for user 'reader'/,
    );
  });
});

describe('a login that is refused', () => {
  test.each<[string, Partial<Options.Connect>, RegExp, string]>([
    [
      'for its password',
      { username: 'guest', password: 'wrong' },
      /403 \(ACCESS.REFUSED\).*Login was refused using authentication mechanism PLAIN/,
      "PLAIN login refused: user 'guest' - invalid credentials",
    ],
    ['for a vhost that is not there', { vhost: 'nope' }, /got <ConnectionClose/, 'vhost nope not found'],
    [
      'for a vhost that is not its own',
      { username: 'reader', password: 'secret', vhost: 'other' },
      /got <ConnectionClose/,
      "access to vhost 'other' refused for user 'reader'",
    ],
  ])('%s', async (_name, options, told, logged) => {
    await expect(dial(options)).rejects.toThrow(told);
    expect(await broker.logged(logged)).not.toContain('wrong');
  });
});

test('the broker says what it is and is not', async () => {
  const { serverProperties } = (await dial()).connection;
  expect(serverProperties).toMatchObject({
    product: 'RabbitMQ Connection Debugger practice broker',
    platform: 'Node.js',
  });
  expect(serverProperties).not.toHaveProperty('version');
});
