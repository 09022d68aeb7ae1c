// Which reason a text is given, where several could be.
import { expect, test } from 'vitest';
import { explainedCharacters, explainText } from './explain';
import type { LogMatch, Reason } from './reason';

const reason = (id: string, log: LogMatch): Reason => ({
  id,
  title: id,
  closedBy: 'client',
  severity: 'notice',
  log,
  why: '',
  check: [],
  fix: [],
  seenAt: '',
  source: '',
  samples: [],
});
const matching = (literal: string, pattern: RegExp, more: Partial<LogMatch> = {}): LogMatch => ({
  literal,
  pattern,
  sure: 'certain',
  ...more,
});

test('the first reason that matches wins', () => {
  const catalogue = [
    reason('special', matching('end', /^the end of x$/)),
    reason('general', matching('end', /^the end/)),
  ];
  expect(explainText('the end of x', 'info', catalogue)?.reason.id).toBe('special');
  expect(explainText('the end of y', 'info', catalogue)?.reason.id).toBe('general');
  expect(explainText('no such thing', 'info', catalogue)).toBeUndefined();
});

test('named groups become values, and groups that took no part do not', () => {
  const catalogue = [reason('a', matching('user', /^user (?<user>\w+)(?: of (?<vhost>\w+))?$/))];
  expect(explainText('user ann', 'info', catalogue)?.values).toEqual({ user: 'ann' });
});

test('a level or a dialect that the reason does not name is no match', () => {
  const catalogue = [reason('a', matching('x', /^x$/, { levels: ['debug'], formats: ['report'] }))];
  expect(explainText('x', 'debug', catalogue, 'report')?.reason.id).toBe('a');
  expect(explainText('x', 'info', catalogue, 'report')).toBeUndefined();
  expect(explainText('x', 'debug', catalogue, 'otp')).toBeUndefined();
  expect(explainText('x', 'debug', catalogue)).toBeUndefined();
});

test('a reason that cannot read its values leaves the text to the next', () => {
  const picky = matching('x', /^x(?<n>\d*)$/, { read: ({ n = '' }) => (n === '' ? undefined : { number: n }) });
  const catalogue = [reason('picky', picky), reason('other', matching('x', /^x/))];
  expect(explainText('x1', 'info', catalogue)).toMatchObject({ reason: { id: 'picky' }, values: { number: '1' } });
  expect(explainText('x', 'info', catalogue)?.reason.id).toBe('other');
});

test('the end of a long text is looked at, its middle is not', () => {
  const catalogue = [reason('a', matching('end', /^start[^]*end$/)), reason('b', matching('middle', /middle/))];
  const filler = 'x'.repeat(explainedCharacters);
  expect(explainText(`start${filler}middle${filler}end`, 'info', catalogue)?.reason.id).toBe('a');
  expect(explainText(`${filler}middle${filler}`, 'info', catalogue)).toBeUndefined();
});
