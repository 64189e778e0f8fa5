/**
 * How the replay's time and memory grow with a trace: `npm run bench:scale [-- COUNT...] [WHAT...]`. For each kind of
 * item, traces with so many of them; where the law is linear, the time for one item stays the same.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemText } from '../core/backend/problem-words.ts';
import { openTrace } from '../runner/traces.ts';
import { replay } from '../sim-backend/replay/replay.ts';
import { inOwnProcess, printMeasured } from './measured.ts';
import { policyOn } from './policies.ts';

const root = 100;
const taken = '/tmp/w/taken';
const open = (path: string): string =>
  `openat(AT_FDCWD</tmp/w>, "${path}", O_RDONLY) = 3<${path}>\n%close(3<${path}>) = 0`;

/** The lines of one item; each `%` that begins a line stands for pid and time. */
type Item = (number: number) => string;

const kinds: Readonly<Record<string, Item>> = {
  opens: () => `%${open('/tmp/w/same')}`,
  'distinct files': (number) => `%${open(`/tmp/w/d${number % 100}/f${number}`)}`,
  renames: (number) =>
    `%openat(AT_FDCWD</tmp/w>, "/tmp/w/n${number}", O_WRONLY|O_CREAT|O_EXCL, 0644) = 3</tmp/w/n${number}>\n` +
    `%close(3</tmp/w/n${number}>) = 0\n%rename("/tmp/w/n${number}", "/tmp/w/o${number}") = 0`,
  'forks and exits': (number) => {
    const child = root + 1 + number;
    return (
      `%clone(child_stack=NULL, flags=SIGCHLD) = ${child}\n${child} 1.5 exit_group(0) = ?\n` +
      `${child} 1.5 +++ exited with 0 +++\n%wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = ${child}`
    );
  },
  unlinks: (number) => `%unlink("/tmp/w/u${number}") = 0`,
  matches: () => `%${open(taken)}`,
};

function writeTrace(kind: string, count: number, to: string): void {
  const item = kinds[kind];
  if (!item) throw new Error(`no kind of items: ${kind}; there are ${Object.keys(kinds).join(', ')}`);
  const file = openSync(to, 'w');
  let line = 0;
  const placed = (text: string): string =>
    text.replace(/^%/gm, () => `${root} ${(1_700_000_000 + ++line / 1e5).toFixed(6)} `);
  try {
    writeSync(file, placed('%execve("/bin/sh", ["sh"], 0x1 /* 1 var */) = 0\n'));
    for (let number = 0; number < count;) {
      let text = '';
      for (const last = Math.min(count, number + 1000); number < last; number += 1)
        text += `${item(number)}\n`;
      writeSync(file, placed(text));
    }
    writeSync(file, placed('%exit_group(0) = ?\n%+++ exited with 0 +++\n'));
  } finally {
    closeSync(file);
  }
}

async function replayOf(file: string): Promise<string> {
  const opened = openTrace(file);
  if ('error' in opened) throw new Error(opened.error.message);
  const { eventCount, problems } = await replay({ trace: opened.trace, plans: [policyOn(taken)] });
  for (const problem of problems) console.error(problemText(problem));
  return `${eventCount} events`;
}

function scale(counts: readonly number[], asked: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-bench-'));
  try {
    for (const kind of asked) {
      const rows = counts.map((count) => {
        const file = join(folder, 'scale.strace');
        writeTrace(kind, count, file);
        const { userMs, mostMB, saw } = inOwnProcess(file);
        return {
          [kind]: count,
          'user ms': Math.round(userMs),
          'µs an item': Number(((1000 * userMs) / count).toFixed(2)),
          'most MB': Math.round(mostMB),
          saw,
        };
      });
      console.table(rows);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [first, file = ''] = process.argv.slice(2);
if (first === 'measure') await printMeasured(() => replayOf(file));
else {
  const given = process.argv.slice(2);
  const counts = given.map(Number).filter((count) => count > 0);
  const asked = given.filter((text) => !(Number(text) > 0));
  scale(
    counts.length > 0 ? counts : [10_000, 100_000, 1_000_000],
    asked.length > 0 ? asked : Object.keys(kinds),
  );
}
