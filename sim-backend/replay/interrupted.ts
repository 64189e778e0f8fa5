/** What a signal with a handler does to the call that it was raised in. */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { rowOf } from '../syscalls/index.ts';

export type Course =
  /** Without effect, with EINTR. */
  | 'interrupted'
  /** Without effect, and started again when the handler is done: the hook raises the signal again. */
  | 'loops'
  /** One of the above if it had to wait, which cannot be seen. */
  | 'waits';

/**
 * @param raisedAt function in which the signal was raised, or `entry`
 * @param restarts the handler was set with SA_RESTART
 */
export function courseAfter(
  call: Call,
  machine: Machine,
  raisedAt: string,
  restarts: boolean,
): Course | undefined {
  if (!call.ok) return undefined;
  const how = rowOf(call.name)?.interruption?.(call, machine, raisedAt);
  switch (how) {
    case 'restarted':
      return restarts ? 'loops' : 'interrupted';
    // The kernel starts these again whatever the handler says.
    case 'always-restarted':
      return 'loops';
    case 'interrupted':
    case 'waits':
    case undefined:
      return how;
  }
}
