import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `unit` sits beside the code and needs no built product; `e2e` drives the built command and real peers. */
const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          testTimeout: 20_000,
          // Without this a test that reads a style sheet gets an empty one.
          css: true,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          fileParallelism: false,
          // After the unit tests: a whole system under test wants the machine for itself.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

export default config;
