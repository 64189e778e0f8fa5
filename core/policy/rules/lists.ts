/** spec.lists: what each type of list takes. */
import { regexpProblem } from '../../go/go-regexp.ts';
import { isGenerated } from '../lists.ts';
import type { PolicyList } from '../schema/spec.ts';
import { parseSyscallName } from '../../names/syscall-name.ts';
import type { NodePath } from '../../source/spans.ts';
import type { RuleContext } from './rule.ts';

export function lists(context: RuleContext): void {
  const seen = new Set<string>();
  context.document.spec.lists?.forEach((list, index) => {
    const path = ['spec', 'lists', index];
    if (seen.has(list.name)) {
      context.warning(
        'TR-list',
        [...path, 'name'],
        `there are two lists \`${list.name}\`; the first counts`,
        'Rename one of the two.',
      );
    }
    seen.add(list.name);
    checkList(context, list, path);
  });
}

function checkList(context: RuleContext, list: PolicyList, path: NodePath): void {
  const values = list.values ?? [];
  if (isGenerated(list) && values.length > 0) {
    context.error(
      'TR-list',
      [...path, 'values'],
      `the list \`${list.name}\` is generated, so it takes no values`,
      'Remove the values, or use another type.',
      { atKey: true },
    );
  }
  if (list.type === 'generated_ftrace' && (list.pattern ?? '') === '') {
    context.error(
      'TR-list',
      path,
      `the generated ftrace list \`${list.name}\` needs a pattern`,
      'Add `pattern:` with a regular expression.',
    );
  }
  const problem = list.type === 'generated_ftrace' && list.pattern ? regexpProblem(list.pattern) : undefined;
  if (problem !== undefined) {
    context.error(
      'TR-list',
      [...path, 'pattern'],
      `the pattern "${list.pattern ?? ''}" ${problem}`,
      'Write a regular expression of Go (RE2).',
    );
  }
  if (list.pattern !== undefined && list.type !== 'generated_ftrace') {
    context.warning(
      'TR-list',
      [...path, 'pattern'],
      'a pattern has no effect on this type of list',
      'Remove it, or use the type generated_ftrace.',
      {
        atKey: true,
      },
    );
  }
  if (list.type !== 'syscalls') return;
  const hooked = isHooked(context, list.name);
  values.forEach((value, index) => {
    if (parseSyscallName(value) !== undefined) return;
    const at = [...path, 'values', index];
    const message = `\`${value}\` is no name of a system call`;
    const help = 'Write `sys_NAME`, or with an ABI such as `i386/sys_NAME`.';
    const extras = /^[a-z][a-z0-9_]*$/.test(value) ? { didYouMean: `sys_${value}` } : {};
    if (hooked) context.error('TR-list-syscall', at, message, help, extras);
    else context.warning('TR-list-syscall', at, message, help, extras);
  });
}

/** True if functions of the list are hooked: only then Tetragon looks up their names. */
function isHooked({ document: { spec } }: RuleContext, name: string): boolean {
  const reference = `list:${name}`;
  return (
    [...(spec.kprobes ?? []), ...(spec.fentries ?? [])].some(({ call }) => call === reference) ||
    (spec.enforcers ?? []).some(({ calls }) => calls.includes(reference))
  );
}
