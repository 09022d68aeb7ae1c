// package.json says what the code does.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reasons } from '../reasons';
import { scenarios } from '../scenarios';

interface Command {
  readonly command: string;
  readonly category?: string;
  readonly title: string;
}
const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly configuration: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
};
const { commands, configuration, menus } = manifest.contributes;

describe('the manifest', () => {
  it('has the commands of the scenarios as they are now', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generateManifest.mjs', '--check']);
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
  });

  it('gives every command a title and the one category', () => {
    for (const { title, category } of commands) {
      expect(title).not.toBe('');
      expect(category).toBe('RabbitMQ');
    }
  });

  it('describes every setting and has a default for it', () => {
    for (const setting of Object.values(configuration.properties)) {
      expect(setting['description'] ?? setting['markdownDescription']).toEqual(expect.any(String));
      expect(setting).toHaveProperty('default');
    }
  });

  it('puts only commands that exist into menus', () => {
    const known = new Set(commands.map(({ command }) => command));
    for (const { command } of Object.values(menus).flat()) expect(known).toContain(command);
  });

  it('names icons that are there', () => {
    for (const icon of text.match(/media\/[\w.]+/g) ?? []) expect(existsSync(icon), icon).toBe(true);
  });
});

describe('the catalogue', () => {
  it('links to scenarios that exist', () => {
    const ids = new Set(scenarios.map(({ id }) => id));
    for (const { scenario } of reasons) if (scenario !== undefined) expect(ids).toContain(scenario);
  });
});
