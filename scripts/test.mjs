// npm test: checks, then the three tiers. Installs what the tiers need, or says what is missing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { prepare } from '../test/world/prepare.mjs';

const ci = process.env.CI === 'true';
const results = 'test-results';

/** @param {string} command @param {string[]} args */
function run(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

/**
 * Runs one tier and counts its tests.
 * @param {string} tier
 */
function runTier(tier) {
  const file = `${results}/${tier}.json`;
  const ok = run('npx', [
    'vitest',
    'run',
    '--project',
    tier,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  try {
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
    } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed, failed: failed + (!ok && failed === 0 ? 1 : 0), skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const step of ['check', 'build']) {
  if (!run('npm', ['run', '--silent', step])) {
    console.error(`npm run ${step} failed.`);
    total.failed += 1;
  }
}

const tiers = [
  { tier: 'unit', needs: [] },
  { tier: 'broker', needs: process.env.RABBITMQ_URL ? [] : ['rabbitmq'] },
  { tier: 'editor', needs: ['rabbitmq', 'vscode'] },
];
for (const { tier, needs } of tiers) {
  const { missing } = await prepare(needs);
  for (const { part, why } of missing) console.error(`The ${tier} tests need ${part}: ${why}`);
  if (missing.length > 0) {
    if (ci) total.failed += 1;
    else total.skipped += 1;
    continue;
  }
  const counts = runTier(tier);
  total.passed += counts.passed;
  total.failed += counts.failed + (ci ? counts.skipped : 0);
  total.skipped += counts.skipped;
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
