/** Where Override can be used: system calls, security_ functions, LSM hooks and uprobes. */
import { listReference } from '../policy/lists.ts';
import type { NodePath } from '../source/spans.ts';
import type { ActionContext } from './action-context.ts';
import type { Reporter } from './reporter.ts';

/** Reports an Override that Tetragon refuses whatever the kernel is. */
export function checkOverride(path: NodePath, context: ActionContext, reporter: Reporter): void {
  if (context.kind !== 'kprobe') return;
  for (const { name, syscall } of context.calls) {
    // What a generated list holds, only a kernel can tell.
    if (listReference(name) !== undefined) continue;
    if (!name.startsWith('security_')) {
      if (syscall) continue;
      reporter.error(
        'TR-override',
        path,
        `${name} cannot be overridden: only system calls and security_ functions can`,
        'Hook the system call (syscall: true) or a security_ function on its way.',
      );
      return;
    }
    if (!context.singleAttach) {
      reporter.error(
        'TR-override',
        path,
        `${name} cannot be overridden while the policy attaches with kprobe_multi`,
        'Add the option disable-kprobe-multi with value "1" to spec.options.',
      );
      return;
    }
  }
}
