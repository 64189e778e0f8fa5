import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';
import direction from './scripts/lint/direction.js';

/** The dependency rule of docs/architecture.md: folder -> folders it may import from. What is not listed is forbidden. */
const mayImport = {
  core: [],
  cache: [],
  'sim-backend': ['core'],
  'kernel-backend': ['core', 'cache'],
  vm: ['core', 'cache', 'kernel-backend'],
  runner: ['core', 'cache', 'sim-backend', 'kernel-backend', 'vm'],
  setup: ['core', 'cache', 'kernel-backend', 'vm', 'runner'],
  cli: [
    ...['core', 'cache', 'sim-backend', 'kernel-backend', 'vm', 'runner', 'setup'],
    // Its version; and how it is bundled, for tests that start it.
    ...['package.json', 'scripts'],
  ],
};

/** Folders inside a folder, from the bottom up: each may import only those before it. `.`: files of the folder itself. */
const order = {
  core: [
    ...['source', 'values', 'go', 'names', 'btf', 'kernels', 'yaml', 'policy', 'plan', 'engine', 'events'],
    ...['judge', 'check', 'hits', 'trace', 'backend', 'scenario'],
  ],
  'sim-backend': ['trace', 'machine', 'kernel-model', 'syscalls', 'replay', 'testing', 'proofs'],
  'kernel-backend': ['layout', '.', 'rig', 'encode', 'decode', 'workload', 'session', 'fuzz'],
  vm: ['guest', '.', 'fixture'],
  runner: ['.', 'record'],
  cli: ['.', 'reporters', 'commands'],
};

/** Folders that must also run in a browser: no Node built-ins. */
const browserFolders = ['core', 'sim-backend'];
const noBuiltins = 'This folder also runs in a browser: no Node built-ins.';

export default tseslint.config(
  { ignores: ['dist/**', 'build/**', 'coverage/**', 'node_modules/**'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: Object.keys(mayImport).map((folder) => `${folder}/**/*.ts`),
    ignores: ['**/*.test.ts'],
    plugins: { tracerig: { rules: { direction } } },
    rules: { 'tracerig/direction': ['error', { root: import.meta.dirname, mayImport, order }] },
  },
  {
    // Node's own follows mounts: what a step has mounted would be emptied.
    files: ['{cache,cli,kernel-backend,runner,setup,vm}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name=/^rm(Sync)?$/] Property[key.name='recursive']",
          message: 'Trees are removed by cache/remove-tree.ts, which stops at mounts.',
        },
      ],
    },
  },
  {
    files: browserFolders.map((folder) => `${folder}/**/*.ts`),
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['node:*'], message: noBuiltins }],
          paths: builtinModules.map((name) => ({ name, message: noBuiltins })),
        },
      ],
    },
  },
);
