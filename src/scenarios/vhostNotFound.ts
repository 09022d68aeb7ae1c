// A good login to a virtual host that is not there.

import type { Scenario } from '../net/stage';

export const vhostNotFound: Scenario = {
  id: 'vhost-not-found',
  title: 'Virtual host not found',
  shows: 'A client that logs in and asks for a virtual host that does not exist: Connection.Close 530 NOT_ALLOWED.',
  expects: ['vhost.not-found'],
  takesMs: 5_000,
  async run(stage) {
    await stage.amqplib({ vhost: 'no-such-vhost' });
  },
};
