/** Which actions a kind of hook takes, and what stands beside Post only. */
import type { NodePath } from '../document.ts';
import type { Action } from '../schema/action.ts';
import { hooksOf, selectorsOf } from '../selectors.ts';
import type { HookSection } from '../schema/spec.ts';
import type { RuleContext } from './rule.ts';

const lsmActions: readonly string[] = ['Sigkill', 'Signal', 'NoPost', 'Override', 'Post'];
const enforcing: readonly string[] = ['Sigkill', 'Signal', 'Override', 'NotifyEnforcer'];
const agentActions: readonly string[] = ['GetUrl', 'DnsLookup'];

export function actions(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    for (const { selector, listPath } of selectorsOf(context.document, entry)) {
      for (const list of ['matchActions', 'matchReturnActions'] as const) {
        selector[list]?.forEach((action, index) => {
          const path = [...listPath(list), index];
          checkPlace(context, entry.section, action, path);
          checkPostOnly(context, entry.section, action, path);
        });
      }
    }
  }
}

function checkPlace(context: RuleContext, section: HookSection, { action }: Action, path: NodePath): void {
  const at = [...path, 'action'];
  if (section === 'fentries' && enforcing.includes(action)) {
    context.error(
      'TR-fentry-enforcement',
      at,
      `Tetragon does not enforce at fentries: ${action} is refused`,
      'Use a kprobe.',
    );
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

function checkPostOnly(context: RuleContext, section: HookSection, action: Action, path: NodePath): void {
  for (const field of ['kernelStackTrace', 'userStackTrace'] as const) {
    if (action[field] !== true) continue;
    if (action.action !== 'Post') {
      context.error(
        'TR-stack-trace',
        [...path, field],
        `${field} is for the action Post, not for ${action.action}`,
        'Put it beside a Post.',
        {
          atKey: true,
        },
      );
    } else if (section === 'lsmhooks') {
      context.error(
        'TR-stack-trace',
        [...path, field],
        `an LSM hook takes no ${field}`,
        'Remove it, or use a kprobe.',
        { atKey: true },
      );
    }
  }
}
