/**
 * Tracepoints that a kernel has types of, but that do not exist: what the shipped data were read from has a structure for each
 * SYSCALL_DEFINE, while init_syscall_trace (kernel/trace/trace_syscalls.c) makes an event only for those that stand in the
 * table of the kernel's own ABI. The others are entries of 32-bit programs, or are in no table at all.
 */

import { calledInstead, entryName, isWithoutEntry } from '../names/syscall-entry.ts';

/** True of what no kernel of the architecture (as `uname -m` says it) has, whatever its types suggest. */
export function isBogusTracepoint(architecture: string, subsystem: string, event: string): boolean {
  // A parameter of a macro that was taken for the name of a subsystem.
  if (subsystem === 'int') return true;
  if (subsystem !== 'syscalls' || architecture !== 'x86_64') return false;
  const name = /^sys_(?:enter|exit)_(\w+)$/.exec(event)?.[1];
  return name !== undefined && isWithoutEntry(name);
}

/** The tracepoint of a system call whose kernel function bears another name than the call: `sys_enter_newstat` for stat. */
export function tracepointOfCall(event: string): string | undefined {
  const [, prefix = '', name = ''] = /^(sys_(?:enter|exit)_)(\w+)$/.exec(event) ?? [];
  const other = calledInstead(name)?.by ?? entryName(name);
  return prefix === '' || other === name ? undefined : `${prefix}${other}`;
}
