/** Types of tracepoint fields that are the same on every kernel; others come from the kernel's own format files. */
import type { ArgTypeName } from './arg-type-name.ts';

/** The first fields are common to all tracepoints; those of an event begin here. */
const firstField = 4;

/** What `type: auto` stands for at a field; undefined when only the kernel can tell. */
export function tracepointFieldType(
  subsystem: string,
  event: string,
  field: number,
): ArgTypeName | undefined {
  if (subsystem === 'raw_syscalls') {
    if (field === firstField) return 'int64';
    if (field === firstField + 1) return event === 'sys_enter' ? 'const_buf' : 'int64';
    return undefined;
  }
  if (subsystem === 'syscalls') {
    // Field 4 is the number of the call, an int that Tetragon cannot type.
    if (field <= firstField) return undefined;
    return event.startsWith('sys_exit_') ? 'int64' : 'uint64';
  }
  return undefined;
}
