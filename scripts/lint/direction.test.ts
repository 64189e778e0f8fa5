import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import direction, { forbidden } from './direction.js';

const rules = {
  mayImport: { core: [], sim: ['core'], cli: ['core', 'sim'] },
  order: { core: ['values', 'plan', 'engine'], cli: ['.', 'reporters', 'commands'] },
};
const why = (from: string, to: string) => forbidden(from.split('/'), to.split('/'), rules);

describe('between folders', () => {
  it('allows what is listed', () => {
    expect(why('sim/a.ts', 'core/plan/b.ts')).toBeUndefined();
    expect(why('cli/commands/a.ts', 'sim/b.ts')).toBeUndefined();
    expect(why('sim/x/a.ts', 'sim/y/b.ts')).toBeUndefined();
  });

  it('refuses what is not', () => {
    expect(why('core/plan/a.ts', 'sim/b.ts')).toBe('core/ may import only from itself, not from sim/');
    expect(why('sim/a.ts', 'cli/b.ts')).toBe('sim/ may import only from core, not from cli/');
  });

  it('refuses folders that it does not name, and leaves their own imports alone', () => {
    expect(why('core/plan/a.ts', 'test/b.ts')).toBe('core/ may import only from itself, not from test/');
    expect(why('scripts/a.ts', 'core/plan/b.ts')).toBeUndefined();
  });
});

describe('inside a folder', () => {
  it('allows what stands below, and its own', () => {
    expect(why('core/engine/a.ts', 'core/plan/x/b.ts')).toBeUndefined();
    expect(why('core/plan/operators/a.ts', 'core/plan/b.ts')).toBeUndefined();
  });

  it('refuses what stands above', () => {
    expect(why('core/plan/a.ts', 'core/engine/b.ts')).toBe(
      'core/plan/ stands below core/engine/ and may not import it',
    );
  });

  it('refuses folders without a place', () => {
    expect(why('core/new/a.ts', 'core/plan/b.ts')).toContain('core/new/ has no place');
    expect(why('core/plan/a.ts', 'core/new/b.ts')).toContain('core/new/ has no place');
  });

  it('lets its face use all of it, and only what stands after `.` use files of the face', () => {
    expect(why('core/public-api.ts', 'core/engine/b.ts')).toBeUndefined();
    expect(why('core/plan/a.ts', 'core/public-api.ts')).toContain('which is above it');
    expect(why('cli/commands/a.ts', 'cli/output.ts')).toBeUndefined();
    expect(why('cli/reporters/a.ts', 'cli/commands/b.ts')).toContain('stands below');
  });
});

describe('the rule', () => {
  const lint = (code: string) =>
    new Linter({ cwd: '/' }).verify(
      code,
      {
        files: ['**/*.ts'],
        languageOptions: { parser: parser },
        plugins: { tracerig: { rules: { direction } } },
        rules: { 'tracerig/direction': ['error', { root: '/repo', ...rules }] },
      },
      '/repo/core/plan/a.ts',
    );

  it.each([
    "import { b } from '../engine/b.ts';",
    "import type { B } from '../engine/b.ts';",
    "import '../engine/b.ts';",
    "export { b } from '../engine/b.ts';",
    "export type { B } from '../engine/b.ts';",
    "export * from '../engine/b.ts';",
    "const b = await import('../engine/b.ts');",
    "let b: import('../engine/b.ts').B;",
    "import { b } from '../../sim/b.ts';",
  ])('sees %s', (code) => {
    expect(lint(code)).toMatchObject([{ ruleId: 'tracerig/direction', line: 1 }]);
  });

  it.each([
    "import { b } from '../values/b.ts';",
    "import { b } from './b.ts';",
    "import { z } from 'zod';",
    "import { b } from '../../../elsewhere/b.ts';",
    'export const b = 1;',
  ])('lets %s pass', (code) => {
    expect(lint(code)).toEqual([]);
  });
});

describe('a violation planted in this repository', () => {
  const root = join(import.meta.dirname, '../..');
  const eslint = new ESLint({
    cwd: root,
    // Neither of the two needs types, which take long to read.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ['tracerig/direction', 'no-restricted-imports'].includes(ruleId),
  });
  const lint = async (file: string, code: string) =>
    (await eslint.lintText(code, { filePath: join(root, file) }))[0]?.messages.map(({ ruleId }) => ruleId);

  it.each([
    ['core/plan/compile.ts', '../../runner/run.ts'],
    ['core/plan/compile.ts', '../engine/evaluate.ts'],
    ['core/kernels/kernel.ts', '../check/index.ts'],
    ['sim-backend/machine/machine.ts', '../replay/replay.ts'],
    ['sim-backend/backend.ts', '../kernel-backend/host.ts'],
    ['kernel-backend/encode/plan.ts', '../session/session.ts'],
    ['runner/run.ts', '../cli/main.ts'],
    ['cli/reporters/pretty.ts', '../commands/test.ts'],
  ])('%s imports %s', async (file, target) => {
    expect(await lint(file, `import '${target}';`)).toEqual(['tracerig/direction']);
  });

  it.each(['node:fs', 'fs', 'path'])('core imports %s', async (name) => {
    expect(await lint('core/plan/compile.ts', `import '${name}';`)).toEqual(['no-restricted-imports']);
  });
});
