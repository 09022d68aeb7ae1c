// What the timeline is sent, and when.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewEvent } from '../core/event';
import type { ToPanel } from '../core/messages';
import { createTrace, type Trace } from '../core/trace';
import { reasons } from '../reasons';
import { createTimelineFeed, gatherMs, type TimelineFeed } from './timelineFeed';

type Append = Extract<ToPanel, { type: 'append' }>;

const trace = (): Trace =>
  createTrace({ broker: 'b', scenario: 'handshake-timeout', title: 't', handshakeTimeoutMs: 10_000 });

const at = 1_700_000_000_000_000;
const connected = (connection: string): NewEvent => ({
  type: 'connected',
  local: '127.0.0.1:50000',
  remote: '127.0.0.1:5672',
  tookUs: 100,
  connection,
  at,
  by: 'network',
  evidence: { from: 'socket' },
});
const timedOut = (connection: string): NewEvent => ({
  type: 'closed',
  how: 'reset',
  lastedUs: 10_000_000,
  connection,
  at: at + 10_000_000,
  by: 'broker',
  evidence: { from: 'socket' },
});

describe('the feed of the timeline', () => {
  let sent: Append[];
  let feed: TimelineFeed;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    feed = createTimelineFeed(reasons, (message) => sent.push(message));
  });
  afterEach(() => {
    feed.dispose();
    vi.useRealTimers();
  });

  it('gathers what comes within 50 ms into one message', () => {
    const followed = trace();
    feed.follow(followed);
    followed.append(connected('c1'));
    vi.advanceTimersByTime(gatherMs - 1);
    followed.append(connected('c2'));
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1, 2]]);
    followed.append(timedOut('c1'));
    vi.advanceTimersByTime(gatherMs);
    expect(sent.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1, 2], [3]]);
  });

  it('sends at once what is gathered when it is told to, and nothing when nothing is', () => {
    const followed = trace();
    feed.follow(followed);
    feed.flush();
    followed.append(connected('c1'));
    feed.flush();
    vi.advanceTimersByTime(gatherMs);
    expect(sent.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1]]);
  });

  it('sends a verdict with the event that decides it, and only that connection’s', () => {
    const followed = trace();
    feed.follow(followed);
    followed.append(connected('c1'));
    followed.append(connected('c2'));
    followed.append(timedOut('c1'));
    vi.advanceTimersByTime(gatherMs);
    followed.append(timedOut('c2'));
    vi.advanceTimersByTime(gatherMs);
    expect(sent.map(({ verdicts }) => Object.keys(verdicts))).toEqual([['c1'], ['c2']]);
    expect(sent[0]?.verdicts['c1']?.reason).toBe('handshake.timeout');
  });

  it('tells the whole at any time, and afterwards only what is new', () => {
    const followed = trace();
    followed.append(connected('c1'));
    feed.follow(followed);
    followed.append(timedOut('c1'));
    const whole = feed.whole();
    expect(whole.meta).toBe(followed.meta);
    expect(whole.events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(Object.keys(whole.verdicts)).toEqual(['c1']);
    vi.advanceTimersByTime(gatherMs * 2);
    expect(sent).toEqual([]);
  });

  it('sends nothing more of a trace that it no longer follows', () => {
    const before = trace();
    feed.follow(before);
    before.append(connected('c1'));
    feed.follow(trace());
    before.append(timedOut('c1'));
    vi.advanceTimersByTime(gatherMs * 2);
    expect(sent).toEqual([]);
    expect(feed.whole().events).toEqual([]);
  });

  it('is empty while there is no trace', () => {
    feed.follow(undefined);
    expect(feed.whole()).toEqual({ events: [], verdicts: {} });
  });
});
