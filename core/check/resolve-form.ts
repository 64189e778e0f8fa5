/** Without a kernel's type information a `resolve` path is checked for its form only, which the check then says. */
import type { PolicyDocument } from '../policy/document.ts';
import { hooksOf } from '../policy/selectors.ts';
import { formatPath } from '../source/spans.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

/** One warning for each document, at its first path. */
export function formOnly(document: PolicyDocument): Diagnostic[] {
  for (const { section, hook, path } of hooksOf(document)) {
    // Types of user programs are in files that are not looked at.
    if (section === 'uprobes' || section === 'usdts') continue;
    const lists = { args: hook.args ?? [], data: 'data' in hook ? (hook.data ?? []) : [] };
    for (const [list, entries] of Object.entries(lists)) {
      const index = entries.findIndex(({ resolve, source }) => resolve !== '' && source !== 'pt_regs');
      if (index === -1) continue;
      const at = [...path, list, index, 'resolve'];
      return [
        {
          code: 'TR-arg-resolve',
          severity: 'warning',
          message: 'resolve is checked for its form only: there is no type information (BTF) of a kernel',
          span: document.headSpanAt(at),
          path: formatPath(at),
          help: 'Check on a machine with /sys/kernel/btf/vmlinux.',
        },
      ];
    }
  }
  return [];
}
