// A refused login, as clients with and without the capability `authentication_failure_close` see it.

import type { Scenario, Stage } from '../net/stage';

const password = 'this is not the password';

async function login(stage: Stage, capabilities: Readonly<Record<string, boolean>>): Promise<void> {
  const peer = await stage.peer();
  await peer.login({ user: stage.user, password, vhost: stage.vhost, capabilities });
  if (capabilities['authentication_failure_close']) {
    await peer.receive('connection.close');
    peer.method(0, 'connection.close-ok');
  } else {
    stage.note('This client does not know authentication_failure_close: the broker will drop it without a word.');
  }
  await peer.ended;
  peer.fin();
}

export const wrongPassword: Scenario = {
  id: 'wrong-password',
  title: 'Wrong password',
  shows: 'A refused login of a client that can be told so: Connection.Close 403 ACCESS_REFUSED.',
  expects: ['auth.login-refused'],
  takesMs: 5_000,
  run: (stage) => login(stage, { authentication_failure_close: true }),
};

export const wrongPasswordOldClient: Scenario = {
  id: 'wrong-password-old-client',
  title: 'Wrong password: old client',
  shows: 'A refused login of a client without authentication_failure_close: the socket drops, only the log says why.',
  expects: ['auth.login-refused'],
  takesMs: 8_000,
  run: (stage) => login(stage, {}),
};
