/** spec.enforcers and the NotifyEnforcer action. */
import { listNamed, listReference } from '../lists.ts';
import { closest } from '../schema-issues.ts';
import { hooksOf, selectorsOf } from '../selectors.ts';
import { optionValue } from './options.ts';
import type { NodePath } from '../document.ts';
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
    if (listNamed(context.document, name) !== undefined) return;
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

function checkNotify(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    for (const { selector, listPath } of selectorsOf(context.document, entry)) {
      for (const list of ['matchActions', 'matchReturnActions'] as const) {
        selector[list]?.forEach(({ action }, index) => {
          if (action !== 'NotifyEnforcer') return;
          context.error(
            'TR-notify-enforcer',
            [...listPath(list), index, 'action'],
            'NotifyEnforcer has nobody to notify: the policy has no enforcers',
            'Add spec.enforcers with the calls to act on.',
          );
        });
      }
    }
  }
}
