// Every scenario, in the order in which they are offered.

import type { Scenario } from '../net/stage';
import { abruptClose } from './abruptClose';
import { handshakeTimeout, handshakeTimeoutAfterHeader } from './handshakeTimeout';
import { healthyLifecycle } from './healthyLifecycle';
import { missedHeartbeats } from './missedHeartbeats';
import { noData } from './noData';
import { vhostNotFound } from './vhostNotFound';
import { wrongPassword, wrongPasswordOldClient } from './wrongPassword';

export const scenarios: readonly Scenario[] = [
  healthyLifecycle,
  handshakeTimeout,
  handshakeTimeoutAfterHeader,
  noData,
  missedHeartbeats,
  wrongPassword,
  wrongPasswordOldClient,
  vhostNotFound,
  abruptClose,
];
