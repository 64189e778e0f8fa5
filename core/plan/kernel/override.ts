/** Override and enforcers: what they need of a kernel. */
import { kernelName } from '../../kernels/kernel-facts.ts';
import { isBefore } from '../../kernels/release.ts';
import { isSyscallHook } from '../../policy/call-names.ts';
import { listNamed, listReference } from '../../policy/lists.ts';
import type { HookEntry, PolicySites } from '../../policy/selectors.ts';
import type { NodePath } from '../../source/spans.ts';
import { callTargets, enforcerTargets } from '../lists.ts';
import type { KernelFinding, KernelRule } from './finding.ts';

export const overrideReturn = 'bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE)';

export const override: KernelRule = (context, kernel) => {
  const findings: KernelFinding[] = [];
  for (const { path, kind, entry } of overrides(context)) {
    if (kind === 'syscall' && kernel.has('override-return') === false) {
      findings.push({
        code: 'TR-kernel-override',
        path,
        message: `system calls cannot be overridden: the kernel has no ${overrideReturn}`,
        help: 'Hook a security_ function instead, with the option disable-kprobe-multi.',
        refused: true,
        said: `override action not supported on syscalls, bpf_override_return helper not available (for ${targetOf(context, entry)})`,
      });
    } else if (kind === 'security' && kernel.has('fmod-ret') === false) {
      findings.push({
        code: 'TR-kernel-override',
        path,
        message: 'security_ functions cannot be overridden: the kernel has no fmod_ret programs',
        help: 'They came with 5.7.',
        refused: true,
      });
    } else if (kind === 'uprobe' && isBefore(kernelName(kernel), '6.18') === true) {
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
      said: `no override helper or mod_ret support: cannot load enforcer (of ${enforcedSyscall(context)})`,
    });
  }
  return findings;
};

/** The first function that the hook stands on. */
function targetOf({ document }: PolicySites, entry: HookEntry): string {
  if (entry.section !== 'kprobes') return '';
  const { call, syscall } = entry.hook;
  return callTargets(call, syscall, document.spec)[0]?.target ?? call;
}

function enforcedSyscall({ document }: PolicySites): string {
  return enforcerTargets(document.spec).find((name) => !name.startsWith('security_')) ?? '';
}

export interface OverrideSite {
  readonly entry: HookEntry;
  readonly kind: 'syscall' | 'security' | 'uprobe';
  readonly path: NodePath;
}

/** Where a policy overrides what depends on the kernel. */
export function overrides(context: PolicySites): OverrideSite[] {
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
      action === 'Override' ? [{ entry, kind, path: [...listPath('matchActions'), index] } as const] : [],
    );
  });
}

/** Where an enforcer names system calls. */
export function syscallEnforcer({ document }: PolicySites): NodePath | undefined {
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
