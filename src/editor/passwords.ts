// Passwords of brokers, in VS Code's secret storage and nowhere else.

import type { SecretStorage } from 'vscode';

export interface Passwords {
  get(broker: Addressed): Promise<string | undefined>;
  set(broker: Addressed, password: string): Promise<void>;
  forget(broker: Addressed): Promise<void>;
}

interface Addressed {
  readonly name: string;
  readonly url: string;
}

export function createPasswords(storage: SecretStorage): Passwords {
  return {
    get: async (broker) => storage.get(key(broker)),
    set: async (broker, password) => storage.store(key(broker), password),
    forget: async (broker) => storage.delete(key(broker)),
  };
}

/** The URL is part of it: a workspace that gives a known name to another host does not get the password. */
const key = ({ name, url }: Addressed): string => `password:${JSON.stringify([name, url])}`;
