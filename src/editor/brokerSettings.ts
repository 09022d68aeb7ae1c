// What the setting rabbitmqDebugger.brokers says: each entry as a broker, or as what is wrong with it.

import { defaultHandshakeTimeoutMs } from '../core/trace';
import { UserError } from '../core/userError';
import { parseBrokerUrl, type BrokerAddress } from '../net/broker';
import { hasFields, listOf } from './shape';

export const practiceName = 'Practice broker';

/** An entry as it is written into the settings. */
export interface BrokerSetting {
  readonly name: string;
  /** Without a password. */
  readonly url: string;
  readonly log?: string;
  readonly handshakeTimeoutMs?: number;
}

interface Named {
  readonly name: string;
}

export interface KnownBroker extends Named {
  readonly kind: 'broker';
  readonly url: string;
  readonly address: BrokerAddress;
  readonly log?: string;
  readonly handshakeTimeoutMs: number;
}

export type BrokerEntry =
  | (Named & { readonly kind: 'practice' })
  | KnownBroker
  /** Its URL in the settings holds a password, which belongs into the secret storage. */
  | (Named & { readonly kind: 'exposed'; readonly problem: string })
  | (Named & { readonly kind: 'broken'; readonly problem: string });

/** The practice broker, then an entry for each of the setting's, whatever it holds. */
export function readBrokers(setting: unknown): readonly BrokerEntry[] {
  const practice: BrokerEntry = { kind: 'practice', name: practiceName };
  if (setting === undefined || setting === null) return [practice];
  const items = listOf(setting);
  if (!items) {
    return [practice, broken('rabbitmqDebugger.brokers', 'is not a list of brokers in the settings.')];
  }
  const names = new Set([practiceName]);
  return [practice, ...items.map((item, index) => readBroker(item, index, names))];
}

function readBroker(item: unknown, index: number, names: Set<string>): BrokerEntry {
  const place = `Broker ${index + 1}`;
  if (!hasFields(item)) return broken(place, 'is not an object in the settings.');
  const { name: written, url, log, handshakeTimeoutMs } = item;
  const name = typeof written === 'string' ? written.trim() : '';
  if (!name) return broken(place, 'has no name in the settings.');
  if (names.has(name)) return broken(`${name} (${place})`, `has the name of another broker, "${name}".`);
  names.add(name);
  if (typeof url !== 'string' || !url.trim())
    return broken(name, 'has no URL. Write it like amqp://user@host:5672/vhost.');
  if (log !== undefined && typeof log !== 'string') return broken(name, 'has a log that is not a path.');
  if (handshakeTimeoutMs !== undefined && !isTimeout(handshakeTimeoutMs)) {
    return broken(name, 'has a handshakeTimeoutMs that is not a number of milliseconds above 0.');
  }
  try {
    const address = parseBrokerUrl(url);
    if (address.password !== undefined) {
      return {
        kind: 'exposed',
        name,
        problem: `"${name}" has a password in the settings; move it to the secret storage.`,
      };
    }
    return {
      kind: 'broker',
      name,
      url: url.trim(),
      address,
      handshakeTimeoutMs: handshakeTimeoutMs ?? defaultHandshakeTimeoutMs,
      ...(log?.trim() && { log: log.trim() }),
    };
  } catch (error) {
    if (error instanceof UserError) return broken(name, `cannot be used: ${error.message}`);
    throw error;
  }
}

function broken(name: string, predicate: string): BrokerEntry {
  return { kind: 'broken', name, problem: `"${name}" ${predicate}` };
}

const isTimeout = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 2 ** 31;

/** The URL without its password, and the password decoded, if it has one. Throws a `UserError`. */
export function takePassword(written: string): { readonly url: string; readonly password?: string } {
  const { password } = parseBrokerUrl(written);
  if (password === undefined) return { url: written.trim() };
  const url = new URL(written.trim());
  url.password = '';
  return { url: url.href, password };
}

/** Whether only programs of this machine can be behind the name: only then is a broker dialled without asking. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** `host:port`, with the brackets that an IPv6 address needs. */
export function hostPort({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
