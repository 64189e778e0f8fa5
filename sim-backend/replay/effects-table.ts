/**
 * Does a call still take effect when a fatal signal is raised inside it? Measured by call and file system (kill from the
 * sys_ entry to the last inner hook; kernels 5.10 to 7.2).
 */
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';

export type KillEffect =
  | 'done'
  /** A check for signals stops the call before its effect. */
  | 'stopped';

/** The first rule that fits a call decides. */
export interface KillRule {
  readonly calls: readonly string[];
  /** In words: the objects that the rule is about. */
  readonly where: string;
  readonly effect: KillEffect;
  /** Is the rule about this object, read from that one? undefined: one that nothing is known of. Default: it is about all. */
  readonly applies?: (file: OpenFile | undefined, machine: Machine, from: OpenFile | undefined) => boolean;
}

const toFile = ['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'];
const copies = ['sendfile', 'copy_file_range', 'splice'];

const onFileSystem =
  (...types: string[]) =>
  (file: OpenFile | undefined, machine: Machine): boolean =>
    file !== undefined && types.includes(machine.mountOf(file.path).fstype);
const carries = (file: OpenFile | undefined): boolean =>
  !file || file.kind === 'pipe' || file.kind === 'socket';

export const killRules: readonly KillRule[] = [
  {
    calls: [
      ...['nanosleep', 'clock_nanosleep', 'poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait'],
      ...['futex', 'wait4', 'waitid', 'pause', 'rt_sigsuspend', 'rt_sigtimedwait', 'accept', 'accept4'],
    ],
    where: 'always',
    effect: 'stopped',
  },
  { calls: ['fallocate'], where: 'tmpfs, xfs', effect: 'stopped', applies: onFileSystem('tmpfs', 'xfs') },
  { calls: toFile, where: 'pipe, socket', effect: 'done', applies: carries },
  {
    calls: ['splice'],
    where: 'from a file on tmpfs to a pipe',
    effect: 'done',
    applies: (file, machine, from) =>
      file?.kind === 'pipe' && from?.kind === 'file' && onFileSystem('tmpfs')(from, machine),
  },
  { calls: copies, where: 'to a pipe or socket', effect: 'stopped', applies: carries },
  {
    calls: [...toFile, ...copies],
    where: 'terminal',
    effect: 'stopped',
    applies: (file) => /^\/dev\/(tty|pts\/)/.test(file?.path ?? ''),
  },
  {
    calls: [...toFile, ...copies],
    where: 'other device, /proc',
    effect: 'done',
    applies: (file) => /^\/(dev|proc)\//.test(file?.path ?? ''),
  },
  {
    calls: toFile,
    where: 'file on btrfs; file opened with O_DIRECT on ext4 or xfs',
    effect: 'done',
    applies: (file, machine) =>
      onFileSystem('btrfs')(file, machine) ||
      (((file?.flags ?? 0) & 0o40000) !== 0 && onFileSystem('ext4', 'xfs')(file, machine)),
  },
  { calls: [...toFile, ...copies], where: 'other file', effect: 'stopped' },
];

const rulesOf = new Map<string, KillRule[]>();
for (const rule of killRules) {
  for (const name of rule.calls) rulesOf.set(name, [...(rulesOf.get(name) ?? []), rule]);
}

/** Descriptor argument that a call writes to. */
const writtenAt = (name: string): number => (name === 'copy_file_range' || name === 'splice' ? 2 : 0);

/** Calls that no rule names take effect. */
export function killEffect(call: Call, machine: Machine): KillEffect {
  const rules = rulesOf.get(call.name);
  if (!rules) return 'done';
  const file = machine.fileOf(call.task, call.descriptor(writtenAt(call.name)));
  const from = call.name === 'splice' ? machine.fileOf(call.task, call.descriptor(0)) : undefined;
  return rules.find(({ applies }) => applies?.(file, machine, from) ?? true)?.effect ?? 'done';
}
