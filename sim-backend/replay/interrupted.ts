/** What a signal with a handler does to the call that it was raised in. Most calls just complete; some do not. */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';

export type Interruption =
  /** Without effect, with EINTR. */
  | 'interrupted'
  /** Without effect, and started again when the handler is done: the hook raises the signal again. */
  | 'loops'
  /** One of the above if it had to wait, which cannot be seen. */
  | 'waits';

const copies = new Set(['sendfile', 'copy_file_range', 'splice']);
const forks = new Set(['fork', 'vfork', 'clone', 'clone3']);
const reads = new Set(['read', 'readv', 'recvfrom', 'recvmsg', 'accept', 'accept4', 'wait4', 'waitid']);
/** These never start again after a handler. */
const sleeps = new Set([
  ...['nanosleep', 'clock_nanosleep', 'poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait'],
  ...['pause', 'rt_sigsuspend', 'rt_sigtimedwait'],
]);

/** @param restarts the handler was set with SA_RESTART */
export function interruption(
  call: Call,
  machine: Machine,
  raisedAt: string,
  restarts: boolean,
): Interruption | undefined {
  if (!call.ok) return undefined;
  const { name } = call;
  const stopped = restarts ? 'loops' : 'interrupted';
  // A child is not made while a signal is pending, and the call starts again whatever the handler says.
  if (forks.has(name)) return madeAlready(raisedAt) ? undefined : 'loops';
  if (sleeps.has(name)) return 'interrupted';
  const fileAt = (index: number): ReturnType<Machine['fileOf']> =>
    machine.fileOf(call.task, call.descriptor(index));
  if (copies.has(name)) {
    const out = fileAt(name === 'sendfile' ? 0 : 2);
    return out?.kind === 'pipe' || out?.kind === 'socket' ? undefined : stopped;
  }
  const file = fileAt(0);
  const terminal = /^\/dev\/(tty|pts\/)/.test(file?.path ?? '');
  if (name === 'write' || name === 'writev') return terminal ? stopped : undefined;
  if (!reads.has(name)) return undefined;
  if (name.startsWith('wait')) return 'waits';
  return terminal || file?.kind === 'pipe' || file?.kind === 'socket' ? 'waits' : undefined;
}

const madeAlready = (raisedAt: string): boolean =>
  raisedAt.startsWith('tp:') || raisedAt === 'wake_up_new_task';
