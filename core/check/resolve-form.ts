/** Without a kernel's type information a `resolve` path is checked for its form only, which the check then says. */
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { hooksOf } from '../policy/selectors.ts';
import { formatPath } from '../source/spans.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

/** One warning for each document, at its first path, unless all of the kernels have type information. */
export function formOnly(document: PolicyDocument, kernels: readonly KernelFacts[]): Diagnostic[] {
  for (const { section, hook, path } of hooksOf(document)) {
    // Types of user programs are in files that are not looked at.
    if (section === 'uprobes' || section === 'usdts') continue;
    const lists = { args: hook.args ?? [], data: 'data' in hook ? (hook.data ?? []) : [] };
    for (const [list, entries] of Object.entries(lists)) {
      const index = entries.findIndex(({ resolve, source }) => resolve !== '' && source !== 'pt_regs');
      if (index === -1) continue;
      const without = kernels.filter((kernel) => kernel.types() === undefined);
      if (kernels.length > 0 && without.length === 0) return [];
      const which = kernels.length > 1 ? ` (${without.map(({ version }) => version).join(', ')})` : '';
      const at = [...path, list, index, 'resolve'];
      return [
        {
          code: 'TR-arg-resolve',
          severity: 'warning',
          message: `resolve is checked for its form only: there is no type information (BTF) of a kernel${which}`,
          span: document.headSpanAt(at),
          path: formatPath(at),
          help: 'Check on a machine with /sys/kernel/btf/vmlinux.',
        },
      ];
    }
  }
  return [];
}
