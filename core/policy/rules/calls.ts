/** What kprobes and fentries hook. */
import { isGenerated, isSyscallList, listNamed, listReference } from '../lists.ts';
import { closest } from '../../values/closest.ts';
import type { Kprobe } from '../schema/hooks.ts';
import { hooksOf } from '../selectors.ts';
import { isSyscallEntry, parseSyscallName, syscallSymbol } from '../../names/syscall-name.ts';
import type { NodePath } from '../../source/spans.ts';
import { usesKprobeMulti } from './options.ts';
import type { RuleContext } from './rule.ts';

export function calls(context: RuleContext): void {
  const multi = usesKprobeMulti(context.document);
  const seen = new Map<string, string>();
  for (const entry of hooksOf(context.document)) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    const path = [...entry.path, 'call'];
    checkCall(context, entry.hook, path);
    if (!multi || entry.section !== 'kprobes') continue;
    for (const symbol of symbolsOf(context, entry.hook)) {
      const first = seen.get(symbol);
      if (first === undefined) seen.set(symbol, entry.hook.call);
      else {
        context.error(
          'TR-duplicate-call',
          path,
          `\`${symbol}\` is hooked twice, which kprobe_multi does not allow`,
          'Merge the selectors, or set the option disable-kprobe-multi to 1.',
        );
      }
    }
  }
}

function checkCall(context: RuleContext, hook: Kprobe, path: NodePath): void {
  const { call } = hook;
  const list = listReference(call);
  if (list !== undefined) {
    if (listNamed(context.document, list) !== undefined) return;
    const known = (context.document.spec.lists ?? []).map(({ name }) => name);
    context.error('TR-list', path, `there is no list \`${list}\``, 'Define it in spec.lists.', {
      didYouMean: closest(list, known),
    });
    return;
  }
  if (call === '') {
    context.error('TR-call', path, 'the hook names no function', 'Name a kernel function.');
    return;
  }
  if (!hook.syscall || isSyscallEntry(call)) return;
  const message = `\`${call}\` is no system call, so no kernel has \`${syscallSymbol(call)}\``;
  const help = 'Add `syscall: false`; true is the default.';
  if (hook.ignore?.callNotFound === true)
    context.warning('TR-call', path, `${message}; the hook is left out`, help);
  else context.error('TR-call', path, message, help);
}

/** The kernel functions of a hook as far as the policy itself names them. */
function symbolsOf(context: RuleContext, { call, syscall }: Kprobe): string[] {
  const name = listReference(call);
  if (name === undefined) return [syscall ? syscallSymbol(call) : call];
  const list = listNamed(context.document, name);
  if (list === undefined || isGenerated(list)) return [];
  const values = list.values ?? [];
  if (isSyscallList(list)) return values.flatMap((value) => parseSyscallName(value)?.symbol ?? []);
  return values;
}
