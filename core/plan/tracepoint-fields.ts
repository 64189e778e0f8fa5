/** Types of tracepoint fields that are the same on every kernel; others come from the kernel's own format files. */
import type { ArgTypeName } from './arg-type-name.ts';

/** The first fields are common to all tracepoints; those of an event begin here. */
const firstField = 4;

/** Fields whose C type Tetragon cannot name: pid_t, int and dynamic strings. */
const untypable: Readonly<Record<string, readonly number[]>> = {
  'sched/sched_process_exec': [4, 5, 6],
  'sched/sched_process_exit': [5, 6],
  'sched/sched_process_fork': [5, 7],
  'sched/sched_process_free': [5, 6],
  'sched/sched_process_wait': [5, 6],
  'sched/sched_switch': [5, 6, 9, 10],
  'sched/sched_wakeup': [5, 6, 7],
  'sched/sched_wakeup_new': [5, 6, 7],
};

/**
 * What `type: auto` stands for at a field; `none` when it does not load there, undefined when only the kernel can tell.
 */
export function tracepointFieldType(
  subsystem: string,
  event: string,
  field: number,
): ArgTypeName | 'none' | undefined {
  // The last common field is an int, the process id.
  if (field === firstField - 1) return 'none';
  if (untypable[`${subsystem}/${event}`]?.includes(field) === true) return 'none';
  if (subsystem === 'raw_syscalls') {
    if (field === firstField) return 'int64';
    if (field === firstField + 1) return event === 'sys_enter' ? 'const_buf' : 'int64';
    return undefined;
  }
  if (subsystem === 'syscalls') {
    // Field 4 is the number of the call, an int.
    if (field === firstField) return 'none';
    if (field < firstField) return undefined;
    return event.startsWith('sys_exit_') ? 'int64' : 'uint64';
  }
  return undefined;
}
