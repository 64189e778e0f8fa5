/** System calls that no x86-64 program makes: their functions are there for other programs, or for other architectures. */
import { isArgless } from '../../plan/kernel/functions.ts';
import { calledInstead } from '../../names/syscall-entry.ts';
import { hookedSyscalls } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

export function neverCalled(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    for (const name of hookedSyscalls(context.document, entry)) {
      const instead = calledInstead(name);
      if (instead === undefined) continue;
      const { by } = instead;
      context.warning(
        'TR-never-called',
        [...entry.path, 'call'],
        `sys_${name} never runs on x86-64: no program there makes this system call`,
        by === undefined
          ? 'Hook the calls that it stands for.'
          : isArgless(`__x64_sys_${by}`)
            ? `Programs call ${by}, which Tetragon cannot hook, since it has no arguments.`
            : `Use sys_${by}.`,
      );
    }
  }
}
