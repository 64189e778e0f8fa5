import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,sim-backend,kernel-backend,vm,runner,cli,setup,scripts,test}/**/*.test.ts'],
    coverage: { provider: 'v8', include: ['core/**/*.ts', 'sim-backend/**/*.ts', 'runner/**/*.ts'] },
  },
});
