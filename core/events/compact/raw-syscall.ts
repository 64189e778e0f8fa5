/** The system call of a `raw_syscalls/sys_enter` event, as compact output words it. */
import { syscallName } from '../../names/syscalls.ts';
import { syscallParametersInTetragon } from '../../kernels/syscall-parameters.ts';
import type { ArgJson, ProcessTracepoint } from '../event.ts';

/** `mkdir(const char * pathname=?, umode_t mode=?)`: a value is shown where the policy reads it as size_arg. */
export function rawSyscallText(event: ProcessTracepoint): string {
  const args = event.args ?? [];
  const { id, abi } = callOf(args[0]);
  const name = abi === 'x64' || abi === 'i386' ? syscallName(id, abi) : undefined;
  if (name === undefined) return 'unknown';
  if (abi !== 'x64') return `${abi}/${name}`;
  const parameters = syscallParametersInTetragon(name);
  if (!parameters) return name;
  return `${name}(${parameters.map((parameter, i) => shown(parameter, args[i + 1])).join(', ')})`;
}

function callOf(arg: ArgJson | undefined): { id: number; abi: string } {
  if (typeof arg?.['long_arg'] === 'string') return { id: Number(arg['long_arg']), abi: 'x64' };
  const call = arg?.['syscall_id'] as { id?: number; abi?: string } | undefined;
  return call ? { id: call.id ?? 0, abi: call.abi ?? '' } : { id: -1, abi: 'x64' };
}

function shown(parameter: { type: string; name: string }, arg: ArgJson | undefined): string {
  const value = arg?.['size_arg'];
  if (typeof value !== 'string') return `${parameter.type} ${parameter.name}=?`;
  return parameter.type.endsWith('*')
    ? `${parameter.type}${parameter.name}=0x${BigInt(value).toString(16)}`
    : `${parameter.type} ${parameter.name}=${value}`;
}
