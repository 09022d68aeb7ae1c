// What is needed to reach a broker, and how it is read from an AMQP URI (rabbitmq.com/docs/uri-spec).

import { redact } from '../core/redact';
import { UserError } from '../core/userError';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly vhost: string;
  readonly user: string;
  /** Undefined where the URL has none. */
  readonly password?: string;
}

export interface Broker extends BrokerAddress {
  /** As the user knows it. */
  readonly name: string;
  readonly password: string;
  /** The path of the log that the broker writes, where we can read it. */
  readonly log?: string;
  readonly practice: boolean;
  readonly handshakeTimeoutMs: number;
}

const example = 'amqp://user@host:5672/vhost';

/** Throws a `UserError` that says what is wrong with the URL and never repeats its password. */
export function parseBrokerUrl(written: string): BrokerAddress {
  const shown = redact(written.trim());
  let url: URL;
  try {
    url = new URL(written.trim());
  } catch {
    throw new UserError('bad-url', `"${shown}" is not a URL. Write it like ${example}.`);
  }
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') {
    throw new UserError('bad-url', `"${shown}" does not start with amqp:// or amqps://. Write it like ${example}.`);
  }
  if (url.pathname.slice(1).includes('/') || url.pathname.includes('@')) {
    const encode = 'write @ as %40, / as %2F, : as %3A and # as %23';
    throw new UserError(
      'bad-url',
      `The URL of the broker has an unencoded character in its password or vhost: ${encode}.`,
    );
  }
  if (url.hash) {
    throw new UserError('bad-url', 'The URL of the broker has an unencoded # in it: write it as %23.');
  }
  if (!url.hostname) throw new UserError('bad-url', `"${shown}" names no host. Write it like ${example}.`);
  const tls = url.protocol === 'amqps:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port ? Number(url.port) : tls ? 5671 : 5672,
    tls,
    vhost: decode(url.pathname.slice(1), shown) || '/',
    user: decode(url.username, shown) || 'guest',
    ...(url.password && { password: decode(url.password, shown) }),
  };
}

function decode(part: string, shown: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UserError('bad-url', `"${shown}" has a % that starts no %XX escape. Write a % itself as %25.`);
  }
}
