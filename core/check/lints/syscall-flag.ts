/** `syscall: false` at the entry of a system call. */
import type { LintContext } from '../subject.ts';

export function syscallFlag(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    const { hook, path } = entry;
    if (hook.syscall || !/^(__(x64|ia32|arm64)_)?(compat_)?sys_\w+$/.test(hook.call)) continue;
    const prefixed = hook.call.startsWith('__');
    context.warning(
      'TR-syscall-flag',
      [...path, 'syscall'],
      prefixed
        ? `with \`syscall: false\` the arguments of \`${hook.call}\` are read from the wrong registers`
        : `with \`syscall: false\` the function \`${hook.call}\` is looked for without its prefix, and is not found`,
      'Write `syscall: true`, or remove the line.',
      { fix: 'true' },
    );
  }
}
