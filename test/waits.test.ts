/** Every wait on something outside of the process is listed here with what ends it: a new one fails until it is. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['cache', 'cli', 'kernel-backend', 'runner', 'setup', 'vm'];
/** What waits for a process, a stream, a monitor, a lock or an event. */
const waits =
  /(?:\bonce\(|\bnew Promise\b|qmp\.execute\(|\bwithLock\(|\bspawnSync\(|promisify\(execFile\)|\bexeca\(|for await )/g;

const deadline = 'beforeDeadline: CPU and wall time of QEMU';
const interrupt = 'the interrupt or --total-timeout, which need no answer of it';

/** Waits in a file, and what ends each that never comes. */
const limits: Readonly<Record<string, readonly [count: number, limit: string]>> = {
  'cache/guard.ts': [3, 'the end of the process that it guards, which closes the pipe'],
  'cache/lock.ts': [6, 'flock’s own limit, and the interrupt'],
  'cache/within.ts': [1, 'it is the limit itself'],
  'cli/commands/vm-machine.ts': [
    4,
    'the end of the keeper that it starts, which the restored machine’s deadline ends',
  ],
  'cli/output.ts': [1, interrupt],
  'kernel-backend/encode/sets.ts': [6, 'none: a function of that name'],
  'kernel-backend/fuzz/host.ts': [1, 'a time limit'],
  'kernel-backend/rig/addon.ts': [1, 'none: a handler of the exit'],
  'kernel-backend/rig/carrier.ts': [
    1,
    'in a VM the watchdog, which kills it; on the host each call has a limit in the core',
  ],
  'runner/host-kernel.ts': [3, 'none: a function of that name'],
  'runner/merged-trace.ts': [1, interrupt],
  'runner/read-file.ts': [1, interrupt],
  'runner/record/command.ts': [1, 'a look-up in PATH'],
  'runner/record/courses.ts': [2, 'none: a generator of that name'],
  'runner/record/file-facts.ts': [2, 'it reads a trace that is there'],
  'runner/record/host-machine.ts': [2, 'the limit of the command, then `within` after SIGKILL'],
  'runner/record/host-process.ts': [3, 'the limit of the command, then `within` after SIGKILL'],
  'runner/record/inside-view.ts': [2, 'the end of the tracerig outside, which closes the channel'],
  'runner/record/snapshot.ts': [1, 'the command of the user, who ends it'],
  'runner/record/under-policies.ts': [1, 'a limit around the loop'],
  'runner/record/view.ts': [2, '`within`; pings that a stopped recorder does not answer'],
  'runner/side-by-side.ts': [1, 'the tasks before it, whose steps have a limit each'],
  'runner/trace-bytes.ts': [1, interrupt],
  'runner/watch.ts': [4, interrupt],
  'setup/debian-archive.ts': [2, 'flock’s own limit'],
  'setup/main.ts': [1, 'flock’s own limit, and the interrupt'],
  'setup/prune.ts': [1, 'flock’s own limit, and the interrupt'],
  'setup/run-tool.ts': [2, 'the interrupt, which kills the tool'],
  'vm/deadline.ts': [1, 'it is the limit itself'],
  'vm/keeper-client.ts': [10, 'the user, who looks around; the end of the keeper closes the socket'],
  'vm/keeper.ts': [
    7,
    '`vm down` or a signal, which is how a machine that stays ends; whoever asks closes the socket',
  ],
  'vm/qemu.ts': [5, '`within` for the greeting, races with a sleep for the rest'],
  'vm/qmp.ts': [5, '`within` for the greeting; commands are awaited within those of their callers'],
  'vm/snapshot.ts': [10, deadline],
  'vm/vm-rig.ts': [1, 'races with a sleep'],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixture' ? [] : sources(path);
    return /\.ts$/.test(entry.name) && !/test|testing/.test(entry.name) ? [path] : [];
  });
}

it('each wait has something that ends it', () => {
  const found = folders
    .flatMap((folder) => sources(join(root, folder)))
    .map((file): [string, number] => {
      const code = readFileSync(file, 'utf8').replace(/^import .*|\/\*[^]*?\*\/|\/\/.*/gm, '');
      return [relative(root, file), code.match(waits)?.length ?? 0];
    })
    .filter(([, count]) => count > 0);
  const listed = Object.entries(limits).map(([file, [count]]): [string, number] => [file, count]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(listed));
});
