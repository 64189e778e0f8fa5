/** System call names and numbers, and the names of the kernel functions behind them. */
import { i386Syscalls, x64Syscalls } from './syscall-tables.ts';
import type { SyscallRuns } from './syscall-tables.ts';

/** Application binary interfaces that a list of system calls may name; others do not exist on an x86-64 kernel. */
export type SyscallAbi = 'x64' | 'i386';

const tables: Readonly<Record<SyscallAbi, SyscallRuns>> = { x64: x64Syscalls, i386: i386Syscalls };
const byName = new Map<SyscallAbi, Map<string, number>>();

/** Bit that marks the number of a 32-bit system call in a `syscall64` value. */
export const compatBit = 0x8000_0000;

function numbers(abi: SyscallAbi): Map<string, number> {
  let names = byName.get(abi);
  if (names === undefined) {
    names = new Map();
    for (const [first, text] of tables[abi]) {
      text.split(/\s+/).forEach((name, offset) => names?.set(name, first + offset));
    }
    byName.set(abi, names);
  }
  return names;
}

/** The system call's number, undefined when the ABI has none of this name. Names are those of user space (`openat`). */
export function syscallNumber(name: string, abi: SyscallAbi): number | undefined {
  return numbers(abi).get(name);
}

/** The name of a system call number. */
export function syscallName(number: number, abi: SyscallAbi): string | undefined {
  for (const [name, value] of numbers(abi)) if (value === number) return name;
  return undefined;
}

export interface SyscallReference {
  readonly abi: SyscallAbi;
  /** `openat`. */
  readonly name: string;
  /** `__x64_sys_openat`. */
  readonly symbol: string;
}

const prefixes: Readonly<Record<SyscallAbi, string>> = { x64: '__x64_', i386: '__ia32_' };

/** Reads a member of a syscall list: `[abi/][__arch_]sys_name`. */
export function parseSyscallReference(text: string): SyscallReference | undefined {
  const match = /^(?:(\w+)\/)?(?:__(x64|ia32)_)?sys_(\w+)$/.exec(text);
  if (match === null) return undefined;
  const [, written, arch, name] = match;
  if (name === undefined || (written !== undefined && written !== 'x64' && written !== 'i386'))
    return undefined;
  const abi = written ?? (arch === 'ia32' ? 'i386' : 'x64');
  return { abi, name, symbol: `${prefixes[abi]}sys_${name}` };
}

/** The kernel function that a kprobe's `call` names: system calls get the architecture's prefix if they have none. */
export function kernelSymbol(call: string, syscall: boolean): string {
  return !syscall || /^__(x64|ia32|arm64|arm)_/.test(call) ? call : `__x64_${call}`;
}
