/** spec.selectorsMacros and their use in selectors. */
import { closest } from '../../values/closest.ts';
import { hooksOf, isFilled, macroNamed, selectorLists } from '../selectors.ts';
import type { NodePath } from '../../source/spans.ts';
import type { Selector } from '../schema/selector.ts';
import type { RuleContext } from './rule.ts';

export function macros(context: RuleContext): void {
  const { spec } = context.document;
  const used = new Set(
    hooksOf(context.document).flatMap(({ hook }) =>
      (hook.selectors ?? []).flatMap((selector) => selector.macros ?? []),
    ),
  );
  for (const [name, macro] of Object.entries(spec.selectorsMacros ?? {})) {
    const path = ['spec', 'selectorsMacros', name];
    if ((macro.macros?.length ?? 0) > 0) {
      const message = `the macro \`${name}\` uses macros itself`;
      const at = [...path, 'macros'];
      if (used.has(name)) context.error('TR-macro', at, message, 'Write their filters out.', { atKey: true });
      else
        context.warning('TR-macro', at, `${message}; it cannot be used`, 'Write their filters out.', {
          atKey: true,
        });
    }
    if (macro.matchWorkloads !== undefined) {
      context.warning(
        'TR-macro',
        [...path, 'matchWorkloads'],
        'matchWorkloads has no effect in a macro',
        'Put it into the selectors.',
        { atKey: true },
      );
    }
  }
  for (const { hook, path } of hooksOf(context.document)) {
    hook.selectors?.forEach((selector, index) => {
      checkUse(context, selector, [...path, 'selectors', index]);
    });
  }
}

function checkUse(context: RuleContext, selector: Selector, path: NodePath): void {
  const owners = new Map<string, string>();
  for (const list of selectorLists) if (isFilled(selector, list)) owners.set(list, 'the selector');
  selector.macros?.forEach((name, index) => {
    const at = [...path, 'macros', index];
    const macro = macroNamed(context.document, name);
    if (macro === undefined) {
      const known = Object.keys(context.document.spec.selectorsMacros ?? {});
      const help =
        known.length === 0 ? 'Define it in spec.selectorsMacros.' : `Defined are: ${known.join(', ')}.`;
      context.error('TR-macro', at, `there is no macro \`${name}\``, help, {
        didYouMean: closest(name, known),
      });
      return;
    }
    for (const list of selectorLists) {
      if (!isFilled(macro, list)) continue;
      const owner = owners.get(list);
      if (owner === undefined) owners.set(list, `the macro \`${name}\``);
      else {
        context.error(
          'TR-macro',
          at,
          `\`${list}\` comes from the macro \`${name}\` and from ${owner}`,
          'Define it in one of them.',
        );
      }
    }
  });
}
