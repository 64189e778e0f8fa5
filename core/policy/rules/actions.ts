/** Which actions a kind of hook takes, and what stands beside Post only. */
import type { NodePath } from '../document.ts';
import type { Action } from '../schema/action.ts';
import { hooksOf, selectorsOf } from '../selectors.ts';
import type { HookSection } from '../schema/spec.ts';
import type { RuleContext } from './rule.ts';

const lsmActions: readonly string[] = ['Sigkill', 'Signal', 'NoPost', 'Override', 'Post'];
const enforcing: readonly string[] = ['Sigkill', 'Signal', 'Override', 'NotifyEnforcer', 'Set'];
const agentActions: readonly string[] = ['GetUrl', 'DnsLookup'];

export function actions(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    for (const { selector, listPath } of selectorsOf(context.document, entry)) {
      // Tetragon looks at the entry side only.
      selector.matchActions?.forEach((action, index) => {
        const path = [...listPath('matchActions'), index];
        checkPlace(context, entry.section, action, path);
        checkStackTraces(context, entry.section, action, path);
      });
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

function checkStackTraces(context: RuleContext, section: HookSection, action: Action, path: NodePath): void {
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
      if (section === 'kprobes' || section === 'fentries')
        context.error('TR-stack-trace', at, message, help, { atKey: true });
      else context.warning('TR-stack-trace', at, message, help, { atKey: true });
    }
  }
}
