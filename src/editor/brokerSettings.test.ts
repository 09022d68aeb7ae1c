// What is made of the brokers in the settings: right, careless and malformed ones.

import { describe, expect, it } from 'vitest';
import { isLoopback, readBrokers, takePassword } from './brokerSettings';

const only = (setting: unknown) => readBrokers(setting)[1];

describe('the brokers of the settings', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty list', []],
  ])('%s: there is only the practice broker', (_, setting) => {
    expect(readBrokers(setting).map(({ kind }) => kind)).toEqual(['practice']);
  });

  it('takes an entry as it is written, with the defaults of what it leaves out', () => {
    expect(only([{ name: ' orders ', url: 'amqp://app@rabbit.example:5673/prod', log: ' /tmp/r.log ' }])).toEqual({
      kind: 'broker',
      name: 'orders',
      url: 'amqp://app@rabbit.example:5673/prod',
      address: { host: 'rabbit.example', port: 5673, tls: false, vhost: 'prod', user: 'app' },
      log: '/tmp/r.log',
      handshakeTimeoutMs: 10_000,
    });
  });

  it.each([
    ['a text instead of the list', 'amqp://localhost', /not a list/],
    ['a text instead of an entry', ['amqp://localhost'], /"Broker 1" is not an object/],
    ['no name', [{ url: 'amqp://localhost' }], /"Broker 1" has no name/],
    ['the practice broker’s name', [{ name: 'Practice broker', url: 'amqp://localhost' }], /name of another broker/],
    ['no URL', [{ name: 'a' }], /"a" has no URL/],
    ['no URL at all in the URL', [{ name: 'a', url: 'localhost' }], /"a" cannot be used: .*not a URL/],
    ['another scheme', [{ name: 'a', url: 'http://localhost' }], /amqp:\/\//],
    ['a log that is no path', [{ name: 'a', url: 'amqp://localhost', log: 1 }], /log that is not a path/],
    ['a timeout of 0', [{ name: 'a', url: 'amqp://localhost', handshakeTimeoutMs: 0 }], /handshakeTimeoutMs/],
    [
      'a timeout that no timer takes',
      [{ name: 'a', url: 'amqp://h', handshakeTimeoutMs: 2 ** 40 }],
      /handshakeTimeoutMs/,
    ],
  ])('%s: is an entry that says what is wrong', (_, setting, problem) => {
    const entry = only(setting);
    expect(entry?.kind).toBe('broken');
    expect(entry && 'problem' in entry && entry.problem).toMatch(problem);
  });

  it('goes on with the others after an entry that is wrong', () => {
    const entries = readBrokers([7, { name: 'a', url: 'amqp://localhost' }, { name: 'a', url: 'amqp://other' }]);
    expect(entries.map(({ kind }) => kind)).toEqual(['practice', 'broken', 'broker', 'broken']);
  });

  it('does not use a password that stands in the settings, nor repeat it', () => {
    const entry = only([{ name: 'a', url: 'amqp://app:s3cret@localhost' }]);
    expect(entry).toEqual({
      kind: 'exposed',
      name: 'a',
      problem: '"a" has a password in the settings; move it to the secret storage.',
    });
  });

  it('does not repeat the password of a URL that cannot be read', () => {
    expect(JSON.stringify(only([{ name: 'a', url: 'http://app:s3cret@localhost' }]))).not.toContain('s3cret');
  });
});

describe('takePassword', () => {
  it.each([
    ['amqp://app:s3cret@host:5672/v', 'amqp://app@host:5672/v', 's3cret'],
    ['amqp://app:p%40ss%2Fword%25@host/v', 'amqp://app@host/v', 'p@ss/word%'],
    ['amqp://app@host/v', 'amqp://app@host/v', undefined],
    ['amqp://a%40b:x@[::1]:5672/%2Fv', 'amqp://a%40b@[::1]:5672/%2Fv', 'x'],
  ])('%s', (written, url, password) => {
    expect(takePassword(written)).toEqual({ url, ...(password !== undefined && { password }) });
  });
});

describe('isLoopback', () => {
  it.each(['localhost', 'LOCALHOST', 'rabbit.localhost', '127.0.0.1', '127.1.2.3', '::1'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['localhost.example', '127.0.0.1.example', '10.0.0.1', '1127.0.0.1', '::2', '0.0.0.0', 'notlocalhost'])(
    '%s is not',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
