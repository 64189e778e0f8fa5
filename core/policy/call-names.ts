/** Names under which a hook is known, as far as the policy says them. */
import type { PolicyDocument } from './document.ts';
import { isGenerated, isSyscallList, listNamed, listReference } from './lists.ts';
import type { HookEntry } from './selectors.ts';
import { parseSyscallName } from '../names/syscall-name.ts';

/** What a user calls the hook. */
export function hookName({ section, hook }: HookEntry): string {
  switch (section) {
    case 'kprobes':
    case 'fentries':
      return hook.call;
    case 'tracepoints':
      return `${hook.subsystem}/${hook.event}`;
    case 'lsmhooks':
      return hook.hook;
    case 'uprobes':
      return hook.symbols?.join(', ') ?? hook.path;
    case 'usdts':
      return `${hook.provider}/${hook.name}`;
  }
}

/** The kernel functions that a kprobe or fentry names, without x86-64's prefix of system calls: `sys_openat`, `fd_install`. */
export function calledFunctions(document: PolicyDocument, entry: HookEntry): string[] {
  if (entry.section !== 'kprobes' && entry.section !== 'fentries') return [];
  const { call } = entry.hook;
  const name = listReference(call);
  if (name === undefined) return [bareSyscall(call)];
  const list = listNamed(document, name);
  return list === undefined || isGenerated(list) ? [] : (list.values ?? []).map(bareSyscall);
}

/** Names of the system calls that the hook sees at their entry, from programs of x86-64: `openat`. */
export function hookedSyscalls(document: PolicyDocument, entry: HookEntry): string[] {
  if (entry.section === 'tracepoints') {
    const match = /^sys_enter_(\w+)$/.exec(entry.hook.event);
    return entry.hook.subsystem === 'syscalls' && match?.[1] !== undefined ? [match[1]] : [];
  }
  return calledFunctions(document, entry).flatMap((call) => /^sys_(\w+)$/.exec(call)?.[1] ?? []);
}

/** The kernel functions that the hook stands at: those it names, `sys_openat` for a tracepoint of one, `security_file_open`. */
export function hookedFunctions(document: PolicyDocument, entry: HookEntry): string[] {
  if (entry.section === 'lsmhooks') return [`security_${entry.hook.hook}`];
  if (entry.section === 'tracepoints') return hookedSyscalls(document, entry).map((name) => `sys_${name}`);
  return calledFunctions(document, entry);
}

/** Of the tracepoint of a system call: its arguments stand behind the common_ fields and the number of the call. */
export const firstSyscallField = 5;

/** True if the hook stands at the entry of system calls, where arguments are the caller's own memory. */
export function isSyscallHook(document: PolicyDocument, entry: HookEntry): boolean {
  if (entry.section === 'kprobes' || entry.section === 'fentries') {
    const name = listReference(entry.hook.call);
    const list = name === undefined ? undefined : listNamed(document, name);
    return entry.hook.syscall || (list !== undefined && isSyscallList(list));
  }
  return entry.section === 'tracepoints' && /^(raw_)?syscalls$/.test(entry.hook.subsystem);
}

/** Entries of other programs than those of x86-64 keep their prefix: what goes for the one does not go for the other. */
function bareSyscall(call: string): string {
  const syscall = parseSyscallName(call);
  if (syscall === undefined) return call;
  return syscall.abi === 'x64' ? `sys_${syscall.name}` : syscall.symbol;
}
