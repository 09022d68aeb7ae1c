// Our clock: microseconds since 1970 that never run backwards while the process lives.

import { performance } from 'node:perf_hooks';
import type { Micros } from '../core/event';

export const now = (): Micros => Math.round((performance.timeOrigin + performance.now()) * 1000);
