/** System calls by name and number. */
import type { SyscallAbi } from './syscall-name.ts';
import { i386Syscalls, x64Syscalls } from './syscall-tables.ts';
import type { SyscallRuns } from './syscall-tables.ts';

/** Tables of the ABIs that an x86-64 kernel has. */
const tables: Readonly<Partial<Record<SyscallAbi, SyscallRuns>>> = { x64: x64Syscalls, i386: i386Syscalls };
const byName = new Map<SyscallAbi, Map<string, number>>();

/** Bit that marks the number of a 32-bit system call in a `syscall64` value. */
export const compatBit = 0x8000_0000;

function numbers(abi: SyscallAbi): Map<string, number> {
  let names = byName.get(abi);
  if (names === undefined) {
    names = new Map();
    for (const [first, text] of tables[abi] ?? []) {
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

/** Names of all system calls of the ABI. */
export const syscallNames = (abi: SyscallAbi): readonly string[] => [...numbers(abi).keys()];

/** The name of a system call number. */
export function syscallName(number: number, abi: SyscallAbi): string | undefined {
  for (const [name, value] of numbers(abi)) if (value === number) return name;
  return undefined;
}
