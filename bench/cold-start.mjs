/**
 * User and wall time of a cold `tracerig test scenarios` (simulator) beside `node -e 0` and a one-test `vitest run`,
 * in one run, taken in turn. Prints medians and ratios; judges nothing. Usage: node bench/cold-start.mjs [RUNS]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCold, root } from './side-by-side.mjs';

mkdirSync(join(root, 'build'), { recursive: true });
// Inside the repository, where `vitest` is found, and outside node_modules, where Vitest looks for no tests.
const folder = mkdtempSync(join(root, 'build', 'bench-'));
writeFileSync(
  join(folder, 'one.test.js'),
  "import { expect, it } from 'vitest';\nit('adds', () => expect(1 + 1).toBe(2));\n",
);
// Else this repository's own configuration is found.
writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');

try {
  compareCold(
    {
      'tracerig test scenarios': ['node', join(root, 'dist/tracerig.js'), 'test', join(root, 'scenarios')],
      'vitest run (one test)': [
        'node',
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--root',
        folder,
      ],
    },
    { runs: Number(process.argv[2] ?? 7) },
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
