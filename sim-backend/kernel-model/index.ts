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

/** What the tables hold for one kernel; a run replays many traces of the same few. */
interface Model {
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  readonly hooks: ReadonlySet<string>;
}
const models = new Map<string, Model>();
const mostModels = 16;

function modelOf(kernel: string): Model {
  const known = models.get(kernel);
  if (known) return known;
  const model = { steps: readSteps(kernel), hooks: readHooks(kernel) };
  // Start states may name any release.
  if (models.size < mostModels) models.set(kernel, model);
  return model;
}

/** Steps by system call, for the kernel release that is replayed. */
export function stepsByCall(kernel: string): ReadonlyMap<string, readonly Step[]> {
  return modelOf(kernel).steps;
}

/** Hooks that some table holds, on this kernel. */
export function modelledHooks(kernel: string): ReadonlySet<string> {
  return modelOf(kernel).hooks;
}

function readSteps(kernel: string): ReadonlyMap<string, readonly Step[]> {
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

function readHooks(kernel: string): ReadonlySet<string> {
  const hooks = new Set<string>();
  for (const { steps } of tables)
    for (const step of steps) if (onKernel(step.kernels, kernel)) hooks.add(step.hook);
  return hooks;
}
