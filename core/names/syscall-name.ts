/** Names of system calls as policies write them: `[abi/][__arch_]sys_name`. */

export type SyscallAbi = 'x64' | 'i386' | 'arm64' | 'arm32';

/** Prefixes of the kernel's entry functions, and the ABIs that may be named with each; the first is meant if none is. */
const abisOf: Readonly<Record<string, readonly SyscallAbi[]>> = {
  '': ['x64', 'i386', 'arm64', 'arm32'],
  __x64_: ['x64', 'i386'],
  __ia32_: ['i386'],
  __arm64_: ['arm64', 'arm32'],
};
/** 32-bit system calls of arm64 run the same functions. */
const prefixOf: Readonly<Record<SyscallAbi, string>> = {
  x64: '__x64_',
  i386: '__ia32_',
  arm64: '__arm64_',
  arm32: '__arm64_',
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
  const match = /^(?:([^/]*)\/)?(__[a-z0-9]+_)?sys_(\w+)$/.exec(text);
  if (match === null) return undefined;
  const [, abiText, prefix = '', name = ''] = match;
  const allowed = Object.hasOwn(abisOf, prefix) ? abisOf[prefix] : undefined;
  if (allowed === undefined) return undefined;
  const abi =
    abiText === undefined
      ? prefix === ''
        ? defaultAbi
        : allowed[0]
      : allowed.find((known) => known === abiText);
  return abi === undefined ? undefined : { name, abi, symbol: `${prefixOf[abi]}sys_${name}` };
}

/** The kernel function that `call` with `syscall: true` hooks: the prefix is added where it is absent. */
export function syscallSymbol(call: string): string {
  return /^__(x64|ia32|arm64)_/.test(call) ? call : `__x64_${call}`;
}

/** True if a function of this name can be the entry of a system call. */
export function isSyscallEntry(call: string): boolean {
  return /^(__(x64|ia32|arm64)_)?(compat_)?sys_\w+$/.test(call);
}
