/** Names of system calls, where no kernel is at hand. */
import { syscallParameters } from '../../kernels/syscall-parameters.ts';
import { syscallNumber } from '../../names/syscalls.ts';
import { isArgless, wantedFunctions } from '../../plan/kernel/functions.ts';
import { closest } from '../../values/closest.ts';
import type { LintContext } from '../subject.ts';

/** System calls that no kernel lets a policy hook, or that nobody knows: said also where no kernel is at hand. */
export function checkSyscallNames(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    for (const { symbol, path } of wantedFunctions(context, entry.hook, [...entry.path, 'call'])) {
      const name = /^__x64_sys_(\w+)$/.exec(symbol)?.[1];
      if (name === undefined || syscallParameters(name) !== undefined) continue;
      if (isArgless(symbol)) {
        context.warning(
          'TR-kernel-function',
          path,
          `Tetragon does not find the system call \`${name}\`, since it has no arguments`,
          'Hook a function that it calls.',
        );
      } else if (syscallNumber(name, 'x64') === undefined) {
        context.warning(
          'TR-kernel-function',
          path,
          `there is no system call \`${name}\``,
          'Check the name.',
          { didYouMean: closest(`sys_${name}`, []) },
        );
      }
    }
  }
}
