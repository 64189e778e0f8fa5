/** Paths as values of Prefix and of negated operators. */
import type { NodePath } from '../../source/spans.ts';
import type { LintContext, SelectorSite } from '../subject.ts';
import { argumentOf } from '../../policy/addressed.ts';

/** Types of arguments whose filters compare a path. */
export const pathTypes = ['file', 'path', 'fd', 'dentry', 'linux_binprm'];
const prefixOperators = ['Prefix', 'NotPrefix'];

export function pathValues(context: LintContext): void {
  for (const site of context.sites) {
    const { selector, listPath } = site.expanded;
    for (const list of ['matchArgs', 'matchData', 'matchReturnArgs'] as const) {
      selector[list]?.forEach((filter, index) => {
        const type = argumentOf(site.entry, list, filter)?.type;
        const path = [...listPath(list), index];
        const isPath = type !== undefined && pathTypes.includes(type);
        if (prefixOperators.includes(filter.operator) && (isPath || type === 'string')) {
          checkPrefixes(context, filter.values ?? [], [...path, 'values']);
        }
        if (isPath && /^Not(Equal|Prefix|Postfix)$/.test(filter.operator)) {
          context.warning(
            'TR-negated-pathless',
            [...path, 'operator'],
            `${filter.operator} does not match what has no path: pipes, sockets and other objects without a name`,
            type === 'fd'
              ? 'A descriptor that cannot be resolved, such as AT_FDCWD, passes instead.'
              : 'Add a selector for them if they matter.',
            { atKey: true },
          );
        }
      });
    }
    checkBinaries(context, site);
  }
}

function checkBinaries(context: LintContext, { expanded: { selector, listPath } }: SelectorSite): void {
  for (const list of ['matchBinaries', 'matchParentBinaries'] as const) {
    selector[list]?.forEach(({ operator, values }, index) => {
      if (prefixOperators.includes(operator))
        checkPrefixes(context, values, [...listPath(list), index, 'values']);
    });
  }
}

/** `/etc` is a prefix of `/etcetera`, too. A value whose last part has a dot or ends oddly is taken to be meant so. */
function checkPrefixes(context: LintContext, values: readonly string[], path: NodePath): void {
  values.forEach((value, index) => {
    if (!/^\/(.*\/)?[A-Za-z0-9_-]*[A-Za-z0-9]$/.test(value)) return;
    context.warning(
      'TR-prefix-slash',
      [...path, index],
      `the prefix "${value}" fits "${value}-other" as well as "${value}/…"`,
      `Write "${value}/" if the directory is meant.`,
    );
  });
}
