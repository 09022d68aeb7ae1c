// Bundles each entry. `node esbuild.js --watch` rebuilds on change.
const esbuild = require('esbuild');

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = { bundle: true, minify: !watch, sourcemap: watch, logLevel: 'warning', legalComments: 'none' };
/** @type {import('esbuild').BuildOptions} */
const node = { ...common, platform: 'node', target: 'node20', format: 'cjs' };

const builds = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { ...node, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  {
    ...common,
    platform: 'browser',
    target: 'chrome120',
    format: 'iife',
    entryPoints: { webview: 'webview/main.ts' },
    outdir: 'dist',
  },
];

async function main() {
  if (watch) for (const build of builds) await (await esbuild.context(build)).watch();
  else await Promise.all(builds.map((build) => esbuild.build(build)));
}

main().catch(() => process.exit(1));
