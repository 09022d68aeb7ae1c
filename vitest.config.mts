// Three tiers: pure (seconds), real brokers, real editor.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['src/**/*.test.ts', 'webview/**/*.test.ts', 'test/unit/**/*.test.ts'] },
      },
      {
        test: {
          name: 'broker',
          include: ['test/broker/**/*.test.ts'],
          globalSetup: 'test/broker/setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'editor',
          include: ['test/editor/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        // Measures; `npm test` leaves it out.
        test: { name: 'bench', include: ['test/bench/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 240_000 },
      },
    ],
  },
});
