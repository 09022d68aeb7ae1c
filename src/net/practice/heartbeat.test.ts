// RabbitMQ's rule for heartbeats, look by look, and once on a clock.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { look, startHeartbeats } from './heartbeat';

const dueAt = (counts: readonly number[], threshold: number): number => {
  let watch = { count: 0, same: 0 };
  return counts.findIndex((count) => {
    const found = look(watch, count, threshold);
    watch = found;
    return found.due;
  });
};

describe('looking at a counter', () => {
  test.each([
    ['ends at the second look in a row without a byte', [100, 100, 100], 1, 2],
    ['starts anew with every byte', [100, 100, 101, 101, 102, 103], 1, -1],
    ['lets no look pass when the threshold is 0', [8, 8], 0, 1],
  ])('%s', (_name, counts, threshold, index) => {
    expect(dueAt(counts, threshold)).toBe(index);
  });
});

describe('heartbeats of one second', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = (received: () => number, sent: () => number, timeoutS = 1) => {
    const send = vi.fn();
    const missed = vi.fn();
    return { send, missed, stop: startHeartbeats({ timeoutS, received, sent, send, missed }) };
  };

  test('a silent client is given up between two and three seconds after its last byte', () => {
    let received = 50;
    const { missed, stop } = start(
      () => received,
      () => 0,
    );
    vi.advanceTimersByTime(900);
    received = 51;
    vi.advanceTimersByTime(2_000);
    expect(missed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(missed).toHaveBeenCalledOnce();
    stop();
  });

  test('a heartbeat goes out every half second, and only where nothing else did', () => {
    let sent = 500;
    const { send, stop } = start(
      () => 0,
      () => sent,
    );
    send.mockImplementation(() => (sent += 8));
    vi.advanceTimersByTime(1_500);
    expect(send).toHaveBeenCalledTimes(3);
    sent += 100;
    vi.advanceTimersByTime(500);
    expect(send).toHaveBeenCalledTimes(3);
    stop();
    vi.advanceTimersByTime(5_000);
    expect(send).toHaveBeenCalledTimes(3);
  });

  test('a timeout of zero disables both', () => {
    const { send, missed } = start(
      () => 0,
      () => 0,
      0,
    );
    vi.advanceTimersByTime(60_000);
    expect(send).not.toHaveBeenCalled();
    expect(missed).not.toHaveBeenCalled();
  });
});
