/** Which actions a kind of hook takes, and what stands beside Post only. */
import type { NodePath } from '../../source/spans.ts';
import type { Action } from '../schema/action.ts';
import { isEnforcing } from '../../names/actions.ts';
import { isAssignment } from '../../names/registers.ts';
import { hooksOf, selectorsOf } from '../selectors.ts';
import type { HookSection } from '../schema/spec.ts';
import type { RuleContext } from './rule.ts';

const lsmActions: readonly string[] = ['Sigkill', 'Signal', 'NoPost', 'Override', 'Post'];
const agentActions: readonly string[] = ['GetUrl', 'DnsLookup'];

export function actions(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    for (const { selector, path: place, listPath } of selectorsOf(context.document, entry)) {
      const list = listPath('matchActions');
      // These are looked at before macros are put in.
      const own = list.length === place.length + 1;
      if (entry.section === 'uprobes') checkOverrides(context, selector.matchActions ?? [], list);
      for (const side of ['matchActions', 'matchReturnActions'] as const)
        selector[side]?.forEach((action, index) => {
          checkNumbers(context, action, [...listPath(side), index]);
        });
      // Tetragon looks at the entry side only.
      selector.matchActions?.forEach((action, index) => {
        const path = [...list, index];
        checkPlace(context, entry.section, action, path, own);
        checkStackTraces(context, entry.section, action, path, own);
      });
    }
  }
}

/** The schema lets negative numbers pass, and Tetragon reads these into types without a sign. */
const unsigned = ['argSig', 'argSock', 'argIndex', 'argValue'] as const;

function checkNumbers(context: RuleContext, action: Action, path: NodePath): void {
  for (const key of unsigned) {
    const number = action[key] ?? 0;
    if (number < 0)
      context.error(
        'TR-out-of-range',
        [...path, key],
        `\`${key}\` is ${number}; it must be at least 0`,
        'Write it without the sign.',
      );
  }
}

/** A uprobe's Override assigns registers, once a selector. */
function checkOverrides(context: RuleContext, actions: readonly Action[], list: NodePath): void {
  let first = true;
  actions.forEach((action, index) => {
    if (action.action !== 'Override') return;
    if (!first) {
      context.error(
        'TR-override',
        [...list, index],
        'a selector of a uprobe takes one Override',
        'Keep one of them.',
      );
    }
    first = false;
    action.argRegs?.forEach((text, position) => {
      if (isAssignment(text)) return;
      context.error(
        'TR-override',
        [...list, index, 'argRegs', position],
        `"${text}" assigns nothing to a register`,
        'Write `rax=0`, `rip=(%rsp)` or `rsp=8%rsp`.',
      );
    });
  });
}

function checkPlace(
  context: RuleContext,
  section: HookSection,
  { action }: Action,
  path: NodePath,
  own: boolean,
): void {
  const at = [...path, 'action'];
  if (section === 'fentries' && isEnforcing(action)) {
    const help = 'Use a kprobe.';
    if (own) {
      const message = `Tetragon does not enforce at fentries: ${action} is refused`;
      context.error('TR-fentry-enforcement', at, message, help);
    } else {
      const message = `Tetragon does not enforce at fentries, although it lets ${action} pass in a macro`;
      context.warning('TR-fentry-enforcement', at, message, help);
    }
  } else if (section === 'lsmhooks' && !lsmActions.includes(action)) {
    context.error(
      'TR-lsm-action',
      at,
      `an LSM hook takes no ${action}`,
      `Use one of ${lsmActions.join(', ')}.`,
    );
  } else if ((section === 'uprobes' || section === 'usdts') && agentActions.includes(action)) {
    context.error('TR-action-place', at, `${action} is for kprobes and tracepoints`, 'Remove it.');
  }
}

function checkStackTraces(
  context: RuleContext,
  section: HookSection,
  action: Action,
  path: NodePath,
  own: boolean,
): void {
  for (const field of ['kernelStackTrace', 'userStackTrace'] as const) {
    if (action[field] !== true) continue;
    const at = [...path, field];
    if (section === 'lsmhooks' && action.action === 'Post') {
      context.error('TR-stack-trace', at, `an LSM hook takes no ${field}`, 'Remove it, or use a kprobe.', {
        atKey: true,
      });
    } else if (action.action !== 'Post') {
      const message = `${field} is for the action Post, not for ${action.action}`;
      const help = 'Put it beside a Post.';
      if (own && (section === 'kprobes' || section === 'fentries'))
        context.error('TR-stack-trace', at, message, help, { atKey: true });
      else context.warning('TR-stack-trace', at, message, help, { atKey: true });
    }
  }
}
