/**
 * Overlay file systems: their own operations call those of the layer below inside the same system call, so many hooked
 * functions run twice, the second time on the layer's file; and the first change copies a file up. Neither is modelled.
 */
import type { ProblemCause } from '../../core/backend/problem.ts';
import type { KernelValue } from '../kernel-model/kernel-value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { rowOf } from '../syscalls/index.ts';

/** Functions that run for the layer's file too; those on paths, mappings and descriptors do not. */
export const runsTwice = (hook: string): boolean =>
  /^security_(file_open$|file_permission$|inode_)/.test(hook) || hook === 'cap_capable';

function isOnOverlay(machine: Machine, path: string | undefined): boolean {
  return path !== undefined && path.startsWith('/') && machine.mountOf(path).fstype === 'overlay';
}

const hasOverlay = (machine: Machine): boolean => machine.mounts.some(({ fstype }) => fstype === 'overlay');

/** A hit that a policy took: it may come once more. */
export function secondPass(
  hook: string,
  subject: KernelValue | undefined,
  machine: Machine,
): ProblemCause | undefined {
  if (!runsTwice(hook) || !hasOverlay(machine)) return undefined;
  const path =
    subject?.kind === 'file' ? subject.file?.path : subject?.kind === 'path' ? subject.path : undefined;
  return isOnOverlay(machine, path)
    ? notModelled(hook, 'it runs once more for the file of the layer')
    : undefined;
}

/** A call that may have to copy its file up first. */
export function copyUp(call: Call, machine: Machine): ProblemCause | undefined {
  const may = rowOf(call.name)?.copiesUp;
  if (may === undefined || !hasOverlay(machine) || may.test(call, machine) === false) return undefined;
  const { target } = call.result;
  const path =
    target?.kind === 'path'
      ? target.text
      : call.has('path')
        ? machine.pathAt(call, 'path')
        : machine.fileAt(call, 'fd')?.path;
  return isOnOverlay(machine, path)
    ? notModelled(call.name, 'whether it copies the file up, which runs hooked functions, is not in a trace')
    : undefined;
}

const notModelled = (what: string, why: string): ProblemCause => ({
  kind: 'not-modelled',
  feature: `${what} on an overlay file system`,
  why,
});
