/** What /proc shows of processes: the modes and owners of its files (fs/proc/base.c, task_dump_owner). */
import type { ByteString } from '../../core/values/value.ts';
import { fileType } from './inodes.ts';
import type { Machine } from './machine.ts';

const folder = 0o555;
const files = (mode: number, names: string): readonly (readonly [string, number])[] =>
  names.split(' ').map((name) => [name, fileType.regular | mode]);
const folders = (mode: number, names: string): readonly (readonly [string, number])[] =>
  names.split(' ').map((name) => [name, fileType.directory | mode]);

/** By the name below /proc/PID, or below /proc/PID/task/TID. */
const modes: ReadonlyMap<string, number> = new Map([
  ...folders(folder, 'attr net task'),
  ...folders(0o500, 'fd map_files'),
  ...folders(0o511, 'ns'),
  ...files(0o400, 'auxv environ io mountstats pagemap patch_state personality stack syscall'),
  ...files(
    0o444,
    'cgroup cmdline cpuset limits maps mountinfo mounts numa_maps oom_score schedstat sessionid smaps ' +
      'smaps_rollup stat statm status timers wchan',
  ),
  ...files(
    0o644,
    'autogroup comm coredump_filter gid_map loginuid oom_adj oom_score_adj projid_map sched setgroups uid_map',
  ),
  ...files(0o600, 'mem'),
  ...files(0o666, 'timerslack_ns'),
  ...files(0o200, 'clear_refs'),
]);

const place = /^\/proc\/(\d+)(?:\/task\/(\d+))?(?:\/([^/]+))?$/;

export interface ProcNode {
  /** With the type's bits. */
  readonly mode: number;
  /** undefined: the process is not in the trace, or may have given up being looked at. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** undefined: it is no such file, or one that differs from kernel to kernel. */
export function procNode(machine: Machine, path: ByteString): ProcNode | undefined {
  const [, pid, tid, name] = place.exec(path) ?? [];
  if (pid === undefined) return undefined;
  const mode = name === undefined ? fileType.directory | folder : modes.get(name);
  if (mode === undefined) return undefined;
  const task = machine.tasks.get(Number(tid ?? pid));
  const { cred, process } = task ?? {};
  // Folders that everybody may read are their process's, whatever it lets others see.
  const own = mode === (fileType.directory | folder) ? true : process?.memory.dumpable;
  if (cred === undefined || own === undefined) return { mode, owner: undefined };
  return { mode, owner: own ? { uid: cred.euid, gid: cred.egid } : { uid: 0, gid: 0 } };
}
