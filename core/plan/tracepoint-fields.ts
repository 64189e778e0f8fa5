/** What `type: auto` stands for at the fields of tracepoints: as the kernel declares them, or as all kernels do. */
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import { syscallParameters } from '../kernels/syscall-parameters.ts';
import { autoFieldType } from '../kernels/tracepoint-types.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';

/** The first fields are common to all tracepoints; those of an event begin here. */
const firstField = 4;

/** Fields of the process events whose C type Tetragon cannot name: pid_t and dynamic strings. */
const untypable: Readonly<Record<string, readonly number[]>> = {
  'sched/sched_process_exec': [4, 5, 6],
  'sched/sched_process_exit': [5],
  'sched/sched_process_fork': [5, 7],
  'sched/sched_process_free': [5],
  'sched/sched_process_wait': [5],
  'sched/sched_switch': [5, 9],
  'sched/sched_wakeup': [5],
  'sched/sched_wakeup_new': [5],
};

/**
 * What `type: auto` stands for at a field; `none` when it does not load there, undefined when only the kernel can tell.
 */
export function tracepointFieldType(
  kernel: KernelFacts,
  subsystem: string,
  event: string,
  field: number,
): ArgTypeName | 'none' | undefined {
  const declared = kernel.tracepointFields(subsystem, event)?.[field];
  if (declared === undefined) return commonType(subsystem, event, field);
  // Whether a buffer has its size is for others to say: here it is one.
  const auto = autoFieldType(declared, true);
  return 'type' in auto ? auto.type : 'none';
}

/** Of fields that are the same on every kernel. */
function commonType(subsystem: string, event: string, field: number): ArgTypeName | 'none' | undefined {
  // Common fields: a short and two chars, which have no type, then the process id, an int.
  if (field < firstField) return field === firstField - 1 ? 'int32' : 'none';
  if (untypable[`${subsystem}/${event}`]?.includes(field) === true) return 'none';
  if (subsystem === 'raw_syscalls') {
    if (field === firstField) return 'int64';
    if (field === firstField + 1) return event === 'sys_enter' ? 'const_buf' : 'int64';
    return undefined;
  }
  return subsystem === 'syscalls' ? syscallFieldType(event, field - firstField) : undefined;
}

/** The number of the call, then its result or its parameters, which are registers whatever their type. */
function syscallFieldType(event: string, place: number): ArgTypeName | 'none' | undefined {
  if (place === 0) return 'int32';
  if (event.startsWith('sys_exit_')) return place === 1 ? 'int64' : undefined;
  const parameter = syscallParameters(event.replace(/^sys_enter_/, ''))?.[place - 1];
  const auto = parameter && autoFieldType({ ...parameter, size: 8, signed: false }, true);
  return auto && ('type' in auto ? auto.type : 'none');
}
