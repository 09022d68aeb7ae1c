// AMQP URIs as people write them, well and badly.

import { expect, test } from 'vitest';
import { parseBrokerUrl } from './broker';

test.each([
  ['amqp://localhost', { host: 'localhost', port: 5672, tls: false, vhost: '/', user: 'guest' }],
  ['amqp://orders@broker:5673/prod', { host: 'broker', port: 5673, vhost: 'prod', user: 'orders' }],
  ['amqps://broker', { port: 5671, tls: true }],
  ['amqp://[::1]:5672/%2F', { host: '::1', vhost: '/' }],
  ['amqp://u:p%40ss%2Fword@h/v%2Fw', { user: 'u', password: 'p@ss/word', host: 'h', vhost: 'v/w' }],
])('%s is read', (url, expected) => {
  expect(parseBrokerUrl(url)).toMatchObject(expected);
});

test.each([
  ['localhost:5672', /amqp:\/\//],
  ['http://localhost:15672', /does not start with amqp/],
  ['', /is not a URL/],
  ['amqp://u:p@ss/word@h:5672', /%40/],
  ['amqp://u:p#ss@h:5672', /not a URL|%23/],
  ['amqp://h/%zz', /%25/],
  ['amqp://h:99999', /is not a URL/],
])('%s is refused with a sentence that says what to do', (url, message) => {
  expect(() => parseBrokerUrl(url)).toThrow(
    expect.objectContaining({ code: 'bad-url', message: expect.stringMatching(message) }),
  );
});

test('no complaint repeats a password', () => {
  for (const url of [
    'http://u:hunter2@h',
    'amqp://u:hunter2@ss/word@h',
    'amqp://u:hunter2@h:99999',
    'amqp://u:hun/ter2@h',
    'amqp://u:hunter2@h/%zz',
  ]) {
    try {
      parseBrokerUrl(url);
      expect.unreachable(url);
    } catch (error) {
      expect(String(error)).not.toMatch(/hunter2|hun\/ter2/);
    }
  }
});
