/** Paths as values of Prefix and of negated operators. */
import type { NodePath } from '../../source/spans.ts';
import type { LintContext, SelectorSite } from '../subject.ts';
import { isEnforcing } from '../../names/actions.ts';
import { argumentOf } from '../../policy/addressed.ts';

/** Types of arguments whose filters compare a path. */
export const pathTypes = ['file', 'path', 'fd', 'dentry', 'linux_binprm'];

export function pathValues(context: LintContext): void {
  for (const site of context.sites) {
    const { selector, listPath } = site.expanded;
    for (const list of ['matchArgs', 'matchData', 'matchReturnArgs'] as const) {
      selector[list]?.forEach((filter, index) => {
        const type = argumentOf(site.entry, list, filter)?.type;
        const path = [...listPath(list), index];
        const isPath = type !== undefined && pathTypes.includes(type);
        if (isPath || type === 'string') checkEnds(context, site, filter, path);
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

function checkBinaries(context: LintContext, site: SelectorSite): void {
  const { selector, listPath } = site.expanded;
  for (const list of ['matchBinaries', 'matchParentBinaries'] as const) {
    selector[list]?.forEach((filter, index) => {
      checkEnds(context, site, filter, [...listPath(list), index]);
    });
  }
}

/** What is known to be a file: programs, devices, and files that policies are about. */
const knownFile =
  /^\/(usr\/)?(local\/)?s?bin\/[^/]+$|^\/(dev|proc)\/|^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid|sudoers|hosts|hostname|fstab|crontab|profile|environment|machine-id|issue|services|ld\.so\.\w+)-?$|[_-]config$|\/(id_(rsa|dsa|ecdsa|ed25519)|authorized_keys|known_hosts|config|credentials|token|kubeconfig)$/;

/** A name without a dot, as programs and most folders have. */
const openPrefix = /^\/(.*\/)?[A-Za-z0-9_-]*[A-Za-z0-9]$/;
const openPostfix = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/**
 * `/etc` is a prefix of `/etcetera`, too, and `sh` an ending of `ssh`. Said once a filter, where an enforcing action or a negation
 * hangs on it: an event too many does no harm. A value whose last part has a dot or ends oddly is taken to be meant so.
 */
function checkEnds(
  context: LintContext,
  { expanded: { selector } }: SelectorSite,
  { operator, values = [] }: { readonly operator: string; readonly values?: readonly string[] | undefined },
  path: NodePath,
): void {
  const [, negated, end] = /^(Not)?(Prefix|Postfix)$/.exec(operator) ?? [];
  if (end === undefined) return;
  const actions = [...(selector.matchActions ?? []), ...(selector.matchReturnActions ?? [])];
  if (negated === undefined && !actions.some(({ action }) => isEnforcing(action))) return;
  const isPrefix = end === 'Prefix';
  const open = values.filter((value) =>
    isPrefix ? openPrefix.test(value) && !knownFile.test(value) : openPostfix.test(value),
  );
  const [first, ...others] = open;
  if (first === undefined) return;
  const more =
    others.length === 0
      ? ''
      : `, and so ${others.length === 1 ? 'does one more' : `do ${others.length} more`}`;
  context.warning(
    'TR-prefix-slash',
    [...path, 'values', values.indexOf(first)],
    isPrefix
      ? `the prefix "${first}" fits "${first}-other" as well as "${first}/…"${more}`
      : `the ending "${first}" fits "…/other-${first}" as well as "…/${first}"${more}`,
    isPrefix
      ? `Write "${first}/" if the directory is meant.`
      : `Write "/${first}" if the whole name is meant.`,
  );
}
