/** Does a call still take effect when a fatal signal is raised inside it? Its row says. */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { rowOf } from '../syscalls/index.ts';
import type { KillRule } from '../syscalls/row.ts';

export function killEffect(call: Call, machine: Machine): KillRule['effect'] {
  const row = rowOf(call.name);
  if (row?.killed === undefined) return 'done';
  const { from, to = 'fd' } = row.data ?? {};
  const file = machine.fileAt(call, to);
  const source = from === undefined ? undefined : machine.fileAt(call, from);
  return row.killed.find(({ applies }) => applies?.(file, machine, source) ?? true)?.effect ?? 'done';
}
