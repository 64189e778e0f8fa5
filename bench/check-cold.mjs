/**
 * User and wall time of a cold `tracerig check` of many policies beside `node -e 0`, taken in turn. Prints medians and
 * the ratio; judges nothing. Usage: node bench/check-cold.mjs FOLDER|FILE... [--runs N]
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '7' } },
});
if (positionals.length === 0) {
  console.error('usage: node bench/check-cold.mjs FOLDER|FILE... [--runs N]');
  process.exit(2);
}
const root = resolve(import.meta.dirname, '..');
const paths = positionals.map((path) => resolve(path));
const commands = {
  'node -e 0': ['node', '-e', '0'],
  'tracerig check': ['node', join(root, 'dist/tracerig.js'), 'check', ...paths],
};

/** User and wall seconds, as bash counts them: Node cannot ask for the times of its children. */
function time(argv) {
  const output = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%3U %3R"; time "$@" >/dev/null 2>/dev/null', 'bash', ...argv],
    { encoding: 'utf8', cwd: root },
  );
  // 2 says that policies were refused, which some examples are.
  if (output.status !== 0 && output.status !== 2)
    throw new Error(`${argv.join(' ')} failed: ${output.stderr}`);
  const [user, wall] = output.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { user, wall };
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const samples = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let run = 0; run < Number(values.runs); run++) {
  for (const [name, argv] of Object.entries(commands)) samples[name].push(time(argv));
}
const base = median(samples['node -e 0'].map((sample) => sample.user));
for (const [name, taken] of Object.entries(samples)) {
  const user = median(taken.map((sample) => sample.user));
  const wall = median(taken.map((sample) => sample.wall));
  console.log(
    `${name.padEnd(16)} user ${user.toFixed(3)} s   wall ${wall.toFixed(3)} s   user/node ${(user / base).toFixed(1)}`,
  );
}
