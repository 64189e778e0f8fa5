/** Override and enforcers where no kernel is named: whether they load depends on the kernel's configuration. */
import { overrideReturn, overrides, syscallEnforcer } from '../../plan/kernel/override.ts';
import type { LintContext } from '../subject.ts';

export function warnOfOverride(context: LintContext): void {
  for (const { path, kind } of overrides(context)) {
    if (kind !== 'syscall') continue;
    context.warning(
      'TR-kernel-override',
      path,
      `Override of a system call loads only on kernels with ${overrideReturn}`,
      'Check your kernels with --kernel; Debian’s cloud kernels do not have it.',
    );
  }
  const path = syscallEnforcer(context);
  if (path !== undefined) {
    context.warning(
      'TR-kernel-enforcer',
      path,
      `enforcers of system calls load only on kernels with ${overrideReturn}`,
      'Check your kernels with --kernel; Debian’s cloud kernels do not have it.',
    );
  }
}
