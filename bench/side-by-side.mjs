/** Times commands that are started anew each time, side by side: what both cold benchmarks do. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** User and wall seconds of a command, as bash counts them: Node cannot ask for the times of its children. */
function time(argv, mayExit) {
  const output = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%3U %3R"; time "$@" >/dev/null 2>/dev/null', 'bash', ...argv],
    { encoding: 'utf8', cwd: root },
  );
  if (!mayExit.includes(output.status)) throw new Error(`${argv.join(' ')} failed: ${output.stderr}`);
  const [user, wall] = output.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { user, wall };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/**
 * Prints medians of user and wall time, and the ratio to `node -e 0`. Commands take turns, so that a busy moment of the
 * machine strikes them alike.
 *
 * @param commands their arguments, by the name to print
 * @param options `mayExit`: exit codes that are no failure of a command (0)
 */
export function compareCold(commands, { runs, mayExit = [0] }) {
  const all = Object.entries({ 'node -e 0': ['node', '-e', '0'], ...commands });
  const samples = all.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, [, argv]] of all.entries()) samples[index].push(time(argv, mayExit));
  }
  const base = median(samples[0].map((sample) => sample.user));
  const width = Math.max(...all.map(([name]) => name.length)) + 2;
  for (const [index, [name]] of all.entries()) {
    const user = median(samples[index].map((sample) => sample.user));
    const wall = median(samples[index].map((sample) => sample.wall));
    console.log(
      `${name.padEnd(width)} user ${user.toFixed(3)} s   wall ${wall.toFixed(3)} s   user/node ${(user / base).toFixed(1)}`,
    );
  }
}
