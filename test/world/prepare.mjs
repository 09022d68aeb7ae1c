// Installs the real programs that the tests run against: node test/world/prepare.mjs [rabbitmq] [vscode]

import { pathToFileURL } from 'node:url';

import { reason } from './cache.mjs';
import { installChromium } from './chromium.mjs';
import { installRabbitmq } from './rabbitmq.mjs';
import { installVscode } from './vscode.mjs';

/** @type {Record<string, () => Promise<void>>} */
const PARTS = {
  rabbitmq: installRabbitmq,
  async vscode() {
    await installVscode();
    await installChromium();
  },
};

/**
 * Makes the parts ready, prints a line for each, and skips what is already there.
 * @param {string[]} parts rabbitmq: the brokers; vscode: VS Code and the browser to drive it with
 * @returns {Promise<{ready: string[], missing: {part: string, why: string}[]}>}
 */
export async function prepare(parts) {
  const ready = [];
  const missing = [];
  for (const part of parts) {
    const start = performance.now();
    try {
      const install = PARTS[part];
      if (!install) throw new Error(`There is no such part; the parts are ${Object.keys(PARTS).join(', ')}`);
      await install();
      ready.push(part);
      console.log(`${part}: ready (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      missing.push({ part, why: reason(error) });
    }
  }
  return { ready, missing };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2);
  const { missing } = await prepare(asked.length > 0 ? asked : Object.keys(PARTS));
  for (const { part, why } of missing) console.error(`${part}: missing. ${why}`);
  if (missing.length > 0) process.exitCode = 1;
}
