/** What a call changes in the machine, as its row says. */
import type { Machine } from '../machine/machine.ts';
import type { Call } from '../machine/call.ts';
import { rowOf } from '../syscalls/index.ts';
import type { EffectContext, State } from '../syscalls/row.ts';

export function applyEffects(context: EffectContext): void {
  const { call, machine } = context;
  const row = rowOf(call.name);
  for (const { evenFailed, apply } of row?.effects ?? []) if (call.ok || evenFailed === true) apply(context);
  if (row?.showsAbsence === true) noteAbsence(call, machine);
}

/** A name that was looked up in vain is known not to exist. */
function noteAbsence(call: Call, machine: Machine): void {
  if (!call.failed('ENOENT')) return;
  const path = machine.pathAt(call, 'path');
  if (path === undefined || call.path('path') === '') return;
  if (machine.inodes.exists(path) === undefined) machine.inodes.learn(path, { exists: false });
}

/** The call may change one of these parts of the machine's state. */
export const changesAny = (name: string, needed: (state: State) => boolean): boolean => {
  const row = rowOf(name);
  return row?.showsAbsence === true || (row?.effects ?? []).some(({ on }) => needed(on));
};
