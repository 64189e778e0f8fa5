/** The kernel model: its tables, looked up by system call and by hook. */
import { onKernel, type Step } from './row.ts';
import { credentialTables } from './tables/credentials.ts';
import { dataTables } from './tables/data.ts';
import { execTables } from './tables/exec.ts';
import { fileTables } from './tables/files.ts';
import { nameTables } from './tables/names.ts';
import { processTables } from './tables/process.ts';
import { releaseTables } from './tables/release.ts';
import { socketTables } from './tables/sockets.ts';
import { systemTables } from './tables/system.ts';

/** Order matters where a system call stands in several tables: that is the order of its hits. */
const tables = [
  ...systemTables.filter(({ syscalls }) => /module/.test(syscalls)),
  ...dataTables,
  ...socketTables,
  ...fileTables,
  ...nameTables,
  ...execTables,
  ...processTables,
  ...credentialTables,
  ...systemTables.filter(({ syscalls }) => !/module/.test(syscalls)),
  ...releaseTables,
];

/** Steps by system call, for the kernel release that is replayed. */
export function stepsByCall(kernel: string): ReadonlyMap<string, readonly Step[]> {
  const found = new Map<string, Step[]>();
  for (const { syscalls, steps } of tables) {
    for (const name of syscalls.split(' ')) {
      const list = found.get(name) ?? [];
      for (const step of steps) if (onKernel(step.kernels, kernel)) list.push(step);
      found.set(name, list);
    }
  }
  return found;
}

/** Hooks that some table holds, on this kernel. */
export function modelledHooks(kernel: string): ReadonlySet<string> {
  const hooks = new Set<string>();
  for (const { steps } of tables)
    for (const step of steps) if (onKernel(step.kernels, kernel)) hooks.add(step.hook);
  return hooks;
}
