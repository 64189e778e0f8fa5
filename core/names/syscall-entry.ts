/** System calls of x86-64 whose kernel function bears another name, and functions that no program of x86-64 reaches. */

/** What the kernel calls them; `stat` is `__x64_sys_newstat`. */
const entryNames: Readonly<Record<string, string>> = {
  stat: 'newstat',
  fstat: 'newfstat',
  lstat: 'newlstat',
  uname: 'newuname',
  sendfile: 'sendfile64',
  umount2: 'umount',
};

/** The name of the kernel's function for a system call, without `__x64_sys_`. */
export const entryName = (syscall: string): string =>
  Object.hasOwn(entryNames, syscall) ? (entryNames[syscall] ?? syscall) : syscall;

/** Calls of other architectures, or of another time, and what programs make instead; none: nothing does the like. */
const others: Readonly<Record<string, string | undefined>> = {
  olduname: 'newuname',
  send: 'sendto',
  recv: 'recvfrom',
  waitpid: 'wait4',
  nice: 'setpriority',
  signal: 'rt_sigaction',
  sgetmask: 'rt_sigprocmask',
  ssetmask: 'rt_sigprocmask',
  stime: 'settimeofday',
  oldumount: 'umount',
  old_readdir: 'getdents64',
  llseek: 'lseek',
  socketcall: undefined,
};

/** Of `sys_NAME` as a function: what programs really run. Undefined if they run that very function. */
export function calledInstead(name: string): { readonly by: string | undefined } | undefined {
  // `sys_umount` is umount2's function, and there is no other.
  if (name !== 'umount2' && entryName(name) !== name) return { by: entryName(name) };
  return Object.hasOwn(others, name) ? { by: others[name] } : undefined;
}
