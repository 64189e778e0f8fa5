/**
 * User and wall time of a cold `tracerig test scenarios` (simulator) beside `node -e 0` and a one-test `vitest run`,
 * in one run, taken in turn. Prints medians and ratios; judges nothing. Usage: node bench/cold-start.mjs [RUNS]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const runs = Number(process.argv[2] ?? 7);
const root = resolve(import.meta.dirname, '..');
mkdirSync(join(root, 'build'), { recursive: true });
// Inside the repository, where `vitest` is found, and outside node_modules, where Vitest looks for no tests.
const folder = mkdtempSync(join(root, 'build', 'bench-'));
writeFileSync(
  join(folder, 'one.test.js'),
  "import { expect, it } from 'vitest';\nit('adds', () => expect(1 + 1).toBe(2));\n",
);

// Else this repository's own configuration is found.
writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');

const commands = {
  'node -e 0': ['node', '-e', '0'],
  'tracerig test scenarios': ['node', join(root, 'dist/tracerig.js'), 'test', join(root, 'scenarios')],
  'vitest run (one test)': ['node', join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder],
};

/** User and wall seconds, as bash counts them: Node cannot ask for the times of its children. */
function time(argv) {
  const output = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%3U %3R"; time "$@" >/dev/null 2>/dev/null', 'bash', ...argv],
    {
      encoding: 'utf8',
      cwd: root,
    },
  );
  if (output.status !== 0) throw new Error(`${argv.join(' ')} failed: ${output.stderr}`);
  const [user, wall] = output.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { user, wall };
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const samples = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, argv] of Object.entries(commands)) samples[name].push(time(argv));
  }
  const base = median(samples['node -e 0'].map((sample) => sample.user));
  for (const [name, taken] of Object.entries(samples)) {
    const user = median(taken.map((sample) => sample.user));
    const wall = median(taken.map((sample) => sample.wall));
    console.log(
      `${name.padEnd(26)} user ${user.toFixed(3)} s   wall ${wall.toFixed(3)} s   user/node ${(user / base).toFixed(1)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
