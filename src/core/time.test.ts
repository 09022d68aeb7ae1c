// Durations and secrets as people read them.

import { expect, test } from 'vitest';
import { redact } from './redact';
import { duration, limit } from './time';

test.each([
  [0, '0.0 ms'],
  [432, '0.4 ms'],
  [9_949, '9.9 ms'],
  [9_960, '10 ms'],
  [999_499, '999 ms'],
  [999_500, '1.000 s'],
  [1_204_000, '1.204 s'],
  [9_999_600, '10.0 s'],
  [14_640_000, '14.6 s'],
  [59_960_000, '1 min 0 s'],
  [125_000_000, '2 min 5 s'],
  [3_720_000_000, '1 h 2 min'],
])('%d µs is %s', (us, text) => {
  expect(duration(us)).toBe(text);
});

test.each([
  [800, '800 ms'],
  [2000, '2 s'],
  [2500, '2.5 s'],
])('a limit of %d ms is %s', (ms, text) => {
  expect(limit(ms)).toBe(text);
});

test('passwords in URLs and named secrets are masked', () => {
  const text = redact('dial amqp://u:hunter2@h/v and tell s3cret', ['s3cret', '']);
  expect(text).toBe('dial amqp://u:••••••@h/v and tell ••••••');
});
