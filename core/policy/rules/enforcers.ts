/** spec.enforcers and the NotifyEnforcer action. */
import { listNamed, listReference } from '../lists.ts';
import { closest } from '../../values/closest.ts';
import { hooksOf, selectorsOf } from '../selectors.ts';
import { optionValue } from './options.ts';
import type { NodePath } from '../../source/spans.ts';
import type { RuleContext } from './rule.ts';

export function enforcers(context: RuleContext): void {
  const { spec } = context.document;
  const entries = spec.enforcers ?? [];
  if (entries.length > 1) {
    context.error(
      'TR-enforcer',
      ['spec', 'enforcers', 1],
      `a policy takes one enforcer (${entries.length} given)`,
      'Put all calls into the first.',
    );
  }
  entries.forEach(({ calls }, index) => {
    const path = ['spec', 'enforcers', index, 'calls'];
    if (calls.length === 0)
      context.warning('TR-enforcer', path, 'the enforcer has no calls', 'Name system calls.', {
        atKey: true,
      });
    calls.forEach((call, callIndex) => {
      checkCall(context, call, [...path, callIndex]);
    });
  });
  if (entries.length === 0) checkNotify(context);
}

function checkCall(context: RuleContext, call: string, path: NodePath): void {
  const name = listReference(call);
  if (name !== undefined) {
    const list = listNamed(context.document, name);
    // Members of a plain list are looked at one by one, like calls.
    if (list !== undefined && list.type === undefined) {
      const at = context.document.spec.lists?.indexOf(list) ?? 0;
      list.values?.forEach((value, index) => {
        checkCall(context, value, ['spec', 'lists', at, 'values', index]);
      });
    }
    if (list !== undefined) return;
    const known = (context.document.spec.lists ?? []).map((list) => list.name);
    context.error('TR-list', path, `there is no list \`${name}\``, 'Define it in spec.lists.', {
      didYouMean: closest(name, known),
    });
  } else if (call.startsWith('security_')) {
    if (optionValue(context.document, 'override-method') === 'override-return') {
      context.error(
        'TR-enforcer',
        path,
        `\`${call}\` cannot be enforced by override-return`,
        'Drop the option override-method.',
      );
    }
  } else if (!/^(__[a-z0-9]+_)?sys_/.test(call)) {
    context.error(
      'TR-enforcer',
      path,
      `\`${call}\` cannot be enforced`,
      'Use system calls (`sys_…`), `security_…` functions or lists.',
    );
  }
}

/** Kprobes and tracepoints are refused; other hooks load, and the action does nothing. */
function checkNotify(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    for (const { selector, path: place, listPath } of selectorsOf(context.document, entry)) {
      // Kprobes are looked at before macros are put in, tracepoints again after.
      const own = listPath('matchActions').length === place.length + 1;
      const refused =
        entry.section === 'tracepoints' || (own && ['kprobes', 'fentries'].includes(entry.section));
      for (const list of ['matchActions', 'matchReturnActions'] as const) {
        selector[list]?.forEach(({ action }, index) => {
          if (action !== 'NotifyEnforcer') return;
          const at = [...listPath(list), index, 'action'];
          const message = 'NotifyEnforcer has nobody to notify: the policy has no enforcers';
          const help = 'Add spec.enforcers with the calls to act on.';
          if (refused && list === 'matchActions') context.error('TR-notify-enforcer', at, message, help);
          else context.warning('TR-notify-enforcer', at, message, help);
        });
      }
    }
  }
}
