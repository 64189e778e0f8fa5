/**
 * Does a call still take effect when a fatal signal is raised inside it? Measured by call and file system (kill from the
 * sys_ entry to the last inner hook; kernels 5.10 to 7.2).
 */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';

export type KillEffect =
  | 'done'
  /** A check for signals stops the call before its effect. */
  | 'stopped';

const toFile = new Set(['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2']);
const copies = new Set(['sendfile', 'copy_file_range', 'splice']);
const waits = new Set([
  ...[
    'nanosleep',
    'clock_nanosleep',
    'poll',
    'ppoll',
    'select',
    'pselect6',
    'epoll_wait',
    'epoll_pwait',
    'futex',
  ],
  ...['wait4', 'waitid', 'pause', 'rt_sigsuspend', 'rt_sigtimedwait', 'accept', 'accept4'],
]);

export function killEffect(call: Call, machine: Machine): KillEffect {
  if (waits.has(call.name)) return 'stopped';
  const written = toFile.has(call.name)
    ? 0
    : copies.has(call.name)
      ? call.name === 'sendfile'
        ? 0
        : 2
      : undefined;
  if (written === undefined) {
    if (call.name !== 'fallocate') return 'done';
    const file = machine.fileOf(call.task, call.descriptor(0));
    return file && ['tmpfs', 'xfs'].includes(machine.mountOf(file.path).fstype) ? 'stopped' : 'done';
  }
  const file = machine.fileOf(call.task, call.descriptor(written));
  if (!file || file.kind === 'pipe' || file.kind === 'socket')
    return copies.has(call.name) ? 'stopped' : 'done';
  if (/^\/dev\/(tty|pts\/)/.test(file.path)) return 'stopped';
  if (file.path.startsWith('/dev/') || file.path.startsWith('/proc/')) return 'done';
  if (toFile.has(call.name)) {
    const direct = (file.flags & 0o40000) !== 0;
    const fstype = machine.mountOf(file.path).fstype;
    if (fstype === 'btrfs' || (direct && (fstype === 'ext4' || fstype === 'xfs'))) return 'done';
  }
  return 'stopped';
}
