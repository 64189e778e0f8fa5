/** Names of system calls as policies write them: `[abi/][__arch_]sys_name`. */

export type SyscallAbi = 'x64' | 'i386' | 'arm64' | 'arm32';

const abis: readonly SyscallAbi[] = ['x64', 'i386', 'arm64', 'arm32'];

/** Prefixes of the kernel's entry functions and the ABI that each belongs to. */
const prefixes: Readonly<Record<string, SyscallAbi>> = {
  __x64_: 'x64',
  __ia32_: 'i386',
  __arm64_: 'arm64',
  __arm_: 'arm32',
};
const prefixOf: Readonly<Record<SyscallAbi, string>> = {
  x64: '__x64_',
  i386: '__ia32_',
  arm64: '__arm64_',
  arm32: '__arm_',
};

export interface SyscallName {
  /** Without `sys_`: `openat`. */
  readonly name: string;
  readonly abi: SyscallAbi;
  /** The kernel function: `__x64_sys_openat`. */
  readonly symbol: string;
}

/** Undefined if the text is no name of a system call. */
export function parseSyscallName(text: string, defaultAbi: SyscallAbi = 'x64'): SyscallName | undefined {
  const match = /^(?:([^/]*)\/)?(__[a-z0-9]+_)?sys_([A-Za-z0-9_]+)$/.exec(text);
  if (match === null) return undefined;
  const [, abiText, prefix, name = ''] = match;
  if (abiText !== undefined && !abis.includes(abiText as SyscallAbi)) return undefined;
  const prefixAbi = prefix === undefined ? undefined : prefixes[prefix];
  if (prefix !== undefined && prefixAbi === undefined) return undefined;
  const abi = (abiText as SyscallAbi | undefined) ?? prefixAbi ?? defaultAbi;
  return { name, abi, symbol: `${prefix ?? prefixOf[abi]}sys_${name}` };
}

/** The kernel function that `call` with `syscall: true` hooks: the prefix is added where it is absent. */
export function syscallSymbol(call: string): string {
  return /^__(x64|ia32|arm64|arm)_/.test(call) ? call : `__x64_${call}`;
}

/** True if a function of this name can be the entry of a system call. */
export function isSyscallEntry(call: string): boolean {
  return /^(__(x64|ia32|arm64|arm)_)?(compat_)?sys_\w+$/.test(call);
}
