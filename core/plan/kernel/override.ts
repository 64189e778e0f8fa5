/** Override and enforcers: what they need of a kernel. */
import { listNamed, listReference } from '../../policy/lists.ts';
import { isSyscallHook } from '../call-names.ts';
import { isBelow } from './finding.ts';
import type { KernelFinding, KernelRule } from './finding.ts';
import type { LintContext } from '../subject.ts';

const overrideReturn = 'bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE)';

export const override: KernelRule = (context, kernel) => {
  const findings: KernelFinding[] = [];
  for (const { path, kind } of overrides(context)) {
    if (kind === 'syscall' && kernel.has('override-return') === false) {
      findings.push({
        code: 'TR-kernel-override',
        path,
        message: `system calls cannot be overridden: the kernel has no ${overrideReturn}`,
        help: 'Hook a security_ function instead, with the option disable-kprobe-multi.',
        refused: true,
      });
    } else if (kind === 'security' && (kernel.has('fmod-ret') === false || isBelow(kernel, 5, 7))) {
      findings.push({
        code: 'TR-kernel-override',
        path,
        message: 'security_ functions cannot be overridden: the kernel has no fmod_ret programs',
        help: 'They came with 5.7.',
        refused: true,
      });
    } else if (kind === 'uprobe' && isBelow(kernel, 6, 18)) {
      findings.push({
        code: 'TR-kernel-override',
        path,
        message: 'uprobes cannot be overridden before 6.18',
        help: 'Use another action.',
        refused: true,
      });
    }
  }
  const path = syscallEnforcer(context);
  if (path !== undefined && kernel.has('override-return') === false) {
    findings.push({
      code: 'TR-kernel-enforcer',
      path,
      message: `enforcers of system calls do not load: the kernel has no ${overrideReturn}`,
      help: 'Enforce security_ functions instead.',
      refused: true,
    });
  }
  return findings;
};

/** The same where no kernel is named: whether it loads depends on the kernel's configuration. */
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

interface OverrideSite {
  readonly kind: 'syscall' | 'security' | 'uprobe';
  readonly path: readonly (string | number)[];
}

function overrides(context: LintContext): OverrideSite[] {
  return context.sites.flatMap(({ entry, expanded: { selector, listPath } }) => {
    const kind =
      entry.section === 'uprobes'
        ? 'uprobe'
        : entry.section !== 'kprobes'
          ? undefined
          : isSyscallHook(context.document, entry)
            ? 'syscall'
            : 'security';
    if (kind === undefined) return [];
    return (selector.matchActions ?? []).flatMap(({ action }, index) =>
      action === 'Override' ? [{ kind, path: [...listPath('matchActions'), index] } as const] : [],
    );
  });
}

/** Where an enforcer names system calls. */
function syscallEnforcer({ document }: LintContext): readonly (string | number)[] | undefined {
  const calls = document.spec.enforcers?.[0]?.calls ?? [];
  const index = calls.findIndex((call) => {
    const name = listReference(call);
    if (name === undefined) return !call.startsWith('security_');
    const list = listNamed(document, name);
    if (list === undefined) return false;
    return list.type !== undefined || (list.values ?? []).some((value) => !value.startsWith('security_'));
  });
  return index === -1 ? undefined : ['spec', 'enforcers', 0, 'calls', index];
}
