/** What kprobes and fentries hook. */
import { listNamed, listReference } from '../lists.ts';
import { closest } from '../../values/closest.ts';
import type { Kprobe } from '../schema/hooks.ts';
import { hooksOf } from '../selectors.ts';
import { syscallParameters } from '../../kernels/syscall-parameters.ts';
import { syscallNames, syscallNumber } from '../../names/syscalls.ts';
import { isSyscallEntry, syscallSymbol } from '../../names/syscall-name.ts';
import type { NodePath } from '../../source/spans.ts';
import type { RuleContext } from './rule.ts';

export function calls(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    const path = [...entry.path, 'call'];
    checkCall(context, entry.hook, path);
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
  const isList = listNamed(context.document, call) !== undefined;
  const meant = callMeant(call);
  // It would be refused under its right name as well.
  const argless = meant !== undefined && syscallParameters(meant.replace('sys_', '')) === undefined;
  const help = isList
    ? `Write \`list:${call}\` for the members of the list.`
    : argless
      ? `Tetragon does not find \`${meant}\` either, since it has no arguments: hook a function that it calls, with \`syscall: false\`.`
      : meant === undefined
        ? 'Add `syscall: false`; true is the default.'
        : `Write \`${meant}\`; a function of the kernel needs \`syscall: false\`.`;
  if (hook.ignore?.callNotFound === true)
    context.warning('TR-call', path, `${message}; the hook is left out`, help);
  else context.error('TR-call', path, message, help);
}

/** The system call that somebody meant who left `sys_` out, or wrote it as programs do. */
function callMeant(call: string): string | undefined {
  const name = call
    .trim()
    .toLowerCase()
    .replace(/^(__nr_|__x64_|sys_)+/, '');
  if (syscallNumber(name, 'x64') !== undefined) return `sys_${name}`;
  // A misspelt one is near to one that exists; a function of the kernel has its own way of being named.
  const near = /^[a-z0-9]{4,}$/.test(name) ? closest(name, syscallNames('x64')) : undefined;
  return near === undefined ? undefined : `sys_${near}`;
}
