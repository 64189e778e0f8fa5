/** Where Override can be used: system calls, security_ functions, LSM hooks and uprobes. */
import type { NodePath } from '../policy/document.ts';
import type { ActionContext } from './actions.ts';
import type { Reporter } from './reporter.ts';

/** Reports an Override that Tetragon refuses whatever the kernel is. */
export function checkOverride(path: NodePath, context: ActionContext, reporter: Reporter): void {
  if (context.kind !== 'kprobe' || context.syscall) return;
  const name = context.call;
  if (/^(__\w+?_)?sys_/.test(name)) return;
  if (!name.startsWith('security_')) {
    reporter.error(
      'TR-override',
      path,
      `${name} cannot be overridden: only system calls and security_ functions can`,
      'Hook the system call (syscall: true) or a security_ function on its way.',
    );
  } else if (!context.singleAttach) {
    reporter.error(
      'TR-override',
      path,
      `${name} cannot be overridden while the policy attaches with kprobe_multi`,
      'Add the option disable-kprobe-multi with value "1" to spec.options.',
    );
  }
}
