import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,cache,sim-backend,kernel-backend,vm,runner,cli,setup,scripts,test}/**/*.test.ts'],
    // Limits against hangs, not measures of speed: property tests and virtual machines on a busy machine take their time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['core/**/*.ts', 'sim-backend/**/*.ts', 'runner/**/*.ts'] },
  },
});
