// Writes the command of each scenario into package.json, from src/scenarios. `--check` only tells whether that is needed.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifestFile = join(root, 'package.json');
const prefix = 'rabbitmqDebugger.run.';

const before = await readFile(manifestFile, 'utf8');
const manifest = JSON.parse(before);
const others = manifest.contributes.commands.filter(({ command }) => !command.startsWith(prefix));
manifest.contributes.commands = [...others, ...(await loadScenarios()).map(commandOf)];
// As prettier formats a package.json.
const after = `${JSON.stringify(manifest, undefined, 2)}\n`;

if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('The commands in package.json are not those of src/scenarios: run "npm run generate".');
    process.exitCode = 1;
  }
} else if (after !== before) {
  await writeFile(manifestFile, after);
}

/** Scenarios are TypeScript that imports nothing at run time but the core: bundled, they are a module to import. */
async function loadScenarios() {
  const folder = await mkdtemp(join(tmpdir(), 'scenarios-'));
  try {
    const outfile = join(folder, 'scenarios.mjs');
    const entryPoints = [join(root, 'src/scenarios/index.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' });
    return (await import(pathToFileURL(outfile).href)).scenarios;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function commandOf({ id, title }) {
  return {
    command: `${prefix}${id}`,
    category: 'RabbitMQ',
    title: `Run Scenario: ${title}`,
    enablement: 'isWorkspaceTrusted',
  };
}
