/** System calls that no x86-64 program makes: their functions are there for other architectures, or for old programs. */
import { calledFunctions } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

/** What programs run instead; `undefined`: nothing does the like. */
const instead: Readonly<Record<string, string | undefined>> = {
  stat: 'newstat',
  fstat: 'newfstat',
  lstat: 'newlstat',
  uname: 'newuname',
  olduname: 'newuname',
  send: 'sendto',
  recv: 'recvfrom',
  sendfile: 'sendfile64',
  waitpid: 'wait4',
  nice: 'setpriority',
  signal: 'rt_sigaction',
  sgetmask: 'rt_sigprocmask',
  ssetmask: 'rt_sigprocmask',
  stime: 'settimeofday',
  oldumount: 'umount',
  old_readdir: 'getdents64',
  old_select: 'select',
  old_mmap: 'mmap',
  llseek: 'lseek',
  socketcall: undefined,
  ipc: undefined,
};

export function neverCalled(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    for (const name of calledFunctions(context.document, entry)) {
      const call = /^(?:__x64_)?sys_(\w+)$/.exec(name)?.[1];
      if (call === undefined || !Object.hasOwn(instead, call)) continue;
      const other = instead[call];
      context.warning(
        'TR-never-called',
        [...entry.path, 'call'],
        `sys_${call} never runs on x86-64: no program there makes this system call`,
        other === undefined ? 'Hook the calls that it stands for.' : `Use sys_${other}.`,
      );
    }
  }
}
