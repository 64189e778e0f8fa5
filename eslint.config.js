import tseslint from 'typescript-eslint';

/**
 * The dependency rule of docs/architecture.md: folder -> folders it may import from.
 * Everything not listed is forbidden, so a new folder has to be added here on purpose.
 */
const mayImport = {
  core: [],
  'sim-backend': ['core'],
  'kernel-backend': ['core'],
  vm: ['core', 'kernel-backend'],
  runner: ['core', 'sim-backend', 'kernel-backend', 'vm'],
  setup: ['core', 'kernel-backend', 'vm'],
  cli: ['core', 'sim-backend', 'kernel-backend', 'vm', 'runner', 'setup'],
};

/** Folders that must also run in a browser: no Node built-ins. */
const browserFolders = ['core', 'sim-backend'];

const folders = Object.keys(mayImport);

const dependencyRule = folders.map((folder) => {
  const forbidden = folders.filter((other) => other !== folder && !mayImport[folder].includes(other));
  const patterns = [];
  if (forbidden.length > 0) {
    patterns.push({
      group: forbidden.flatMap((other) => [`**/${other}/**`, `**/../${other}/**`]),
      message: `Dependency rule: ${folder}/ may import only from ${mayImport[folder].join(', ') || 'itself'}.`,
    });
  }
  if (browserFolders.includes(folder)) {
    patterns.push({ group: ['node:*'], message: `${folder}/ also runs in a browser: no Node built-ins.` });
  }
  return {
    files: [`${folder}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/**', 'build/**', 'coverage/**', 'node_modules/**'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
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
  ...dependencyRule,
);
