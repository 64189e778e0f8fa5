/** System calls that no x86-64 program makes: their functions are there for other architectures, or for old programs. */
import { calledInstead } from '../../names/syscall-entry.ts';
import { calledFunctions } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

export function neverCalled(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    for (const name of calledFunctions(context.document, entry)) {
      const call = /^(?:__x64_)?sys_(\w+)$/.exec(name)?.[1];
      const instead = call === undefined ? undefined : calledInstead(call);
      if (call === undefined || instead === undefined) continue;
      context.warning(
        'TR-never-called',
        [...entry.path, 'call'],
        `sys_${call} never runs on x86-64: no program there makes this system call`,
        instead.by === undefined ? 'Hook the calls that it stands for.' : `Use sys_${instead.by}.`,
      );
    }
  }
}
