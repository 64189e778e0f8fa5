/** One function, hooked twice in a policy: kprobe_multi attaches all of them with one link, which takes each once. */
import { parseSyscallName, syscallSymbol } from '../names/syscall-name.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { isGenerated, isSyscallList, listNamed, listReference } from '../policy/lists.ts';
import type { Kprobe } from '../policy/schema/hooks.ts';
import type { Reporter } from './reporter.ts';

/** Reports each further hook of a function. For policies that attach with kprobe_multi. */
export function checkDuplicateCalls(document: PolicyDocument, reporter: Reporter): void {
  const seen = new Set<string>();
  document.spec.kprobes?.forEach((hook, index) => {
    for (const symbol of symbolsOf(document, hook)) {
      if (!seen.has(symbol)) seen.add(symbol);
      else {
        reporter.error(
          'TR-duplicate-call',
          ['spec', 'kprobes', index, 'call'],
          `\`${symbol}\` is hooked twice, which kprobe_multi does not allow`,
          'Merge the selectors, or set the option disable-kprobe-multi to 1.',
        );
      }
    }
  });
}

/** The kernel functions of a hook as far as the policy itself names them. */
function symbolsOf(document: PolicyDocument, { call, syscall }: Kprobe): readonly string[] {
  const name = listReference(call);
  if (name === undefined) return [syscall ? syscallSymbol(call) : call];
  const list = listNamed(document, name);
  if (list === undefined || isGenerated(list)) return [];
  const values = list.values ?? [];
  if (isSyscallList(list)) return values.flatMap((value) => parseSyscallName(value)?.symbol ?? []);
  return values;
}
