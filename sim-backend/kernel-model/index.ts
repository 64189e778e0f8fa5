/** The kernel model: its tables, looked up by system call and by hook. */
import { onKernel, type HookSite } from './row.ts';
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
  readonly sites: ReadonlyMap<string, readonly HookSite[]>;
  readonly hooks: ReadonlySet<string>;
}
const models = new Map<string, Model>();
const mostModels = 16;

function modelOf(kernel: string): Model {
  const known = models.get(kernel);
  if (known) return known;
  const model = { sites: readSites(kernel), hooks: readHooks(kernel) };
  // Start states may name any release.
  if (models.size < mostModels) models.set(kernel, model);
  return model;
}

/** Sites by system call, for the kernel release that is replayed. */
export function sitesByCall(kernel: string): ReadonlyMap<string, readonly HookSite[]> {
  return modelOf(kernel).sites;
}

/** Hooks that some table holds, on this kernel. */
export function modelledHooks(kernel: string): ReadonlySet<string> {
  return modelOf(kernel).hooks;
}

function readSites(kernel: string): ReadonlyMap<string, readonly HookSite[]> {
  const found = new Map<string, HookSite[]>();
  for (const { syscalls, sites } of tables) {
    for (const name of syscalls.split(' ')) {
      const list = found.get(name) ?? [];
      for (const site of sites) if (onKernel(site.kernels, kernel)) list.push(site);
      found.set(name, list);
    }
  }
  return found;
}

function readHooks(kernel: string): ReadonlySet<string> {
  const hooks = new Set<string>();
  for (const { sites } of tables)
    for (const site of sites) if (onKernel(site.kernels, kernel)) hooks.add(site.hook);
  return hooks;
}
