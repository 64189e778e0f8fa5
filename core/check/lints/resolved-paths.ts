/** Values that a resolved path never has: a file's path is where it really lies. */
import { argumentOf } from '../../policy/addressed.ts';
import type { LintContext } from '../subject.ts';
import { pathTypes } from './path-values.ts';
import { isUsualLink } from './usual-links.ts';

/** What shells fill in, and nothing else does. */
export const globs = /[*?]|\[[^\]]+\]/;

/** What is wrong with a value, and what to write. The first that fits counts. */
const oddities: readonly (readonly [RegExp, string, string])[] = [
  [
    /^~|\$[A-Z{]/,
    'no shell puts a home or a variable in its place here',
    'Write the home as it is, such as /home/ or /root/.',
  ],
  [globs, '"*", "?" and "[…]" are compared as they stand', 'Use Prefix, Postfix or SubString.'],
  [
    /^\^|\$$|\.\+|\\\\/,
    'it is no regular expression, but compared as it stands',
    'Use Prefix, Postfix or SubString.',
  ],
  [/^\s|\s$/, 'the blanks at its ends are compared, too', 'Remove them.'],
  [
    /^\/proc\/(self|thread-self)(\/|$)/,
    '/proc/self is a link to the folder of the process, whose number stands in the path',
    'Use Prefix /proc/ together with Postfix.',
  ],
  [/^\/var\/run(\/|$)/, '/var/run is a link to /run', 'Write it with /run.'],
  [/^\/var\/lock(\/|$)/, '/var/lock is a link to /run/lock', 'Write it with /run/lock.'],
  [
    /^\/dev\/(stdin|stdout|stderr|fd)(\/|$)/,
    'it is a link into /proc',
    'Name what the descriptor refers to.',
  ],
  [
    /^\/etc\/(mtab|localtime|resolv\.conf|os-release|rc\.local)$/,
    'on most distributions it is a link, and the path behind it is compared',
    'Write the path as `realpath` prints it, beside this one.',
  ],
  [
    /^\/(bin|sbin|lib|lib32|lib64)(\/|$)/,
    'that folder is a link to the one below /usr on current distributions',
    'Write it with /usr in front; where that is a link itself, as sh and python3 are, the path as `realpath` prints it.',
  ],
];

/** Why no resolved path is, begins or ends so, and what to write. */
export function pathOddity(
  value: string,
  ends: boolean,
): { readonly why: string; readonly cure: string } | undefined {
  // The end of a path may look like the begin of another.
  const [, why, cure] = oddities.find(([odd]) => !(ends && value.startsWith('/')) && odd.test(value)) ?? [];
  return why === undefined || cure === undefined ? undefined : { why, cure };
}

/** Links were followed to these; others may be the link itself. */
const ofOpened: readonly string[] = ['file', 'linux_binprm', 'kiocb'];

export function resolvedPaths(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    for (const list of ['matchArgs', 'matchData', 'matchReturnArgs'] as const) {
      expanded.selector[list]?.forEach((filter, index) => {
        const type = argumentOf(entry, list, filter)?.type;
        if (type === undefined || !pathTypes.includes(type)) return;
        if (!/^(Not)?(Equal|Prefix|Postfix)$/.test(filter.operator)) return;
        filter.values?.forEach((value, at) => {
          const path = [...expanded.listPath(list), index, 'values', at];
          const odd = pathOddity(value, filter.operator.endsWith('Postfix'));
          if (odd !== undefined)
            context.warning(
              'TR-unresolved-path',
              path,
              `no resolved path has "${value}": ${odd.why}`,
              odd.cure,
            );
          else if (
            ofOpened.includes(type) &&
            filter.operator.endsWith('Equal') &&
            isUsualLink(value, filter.values ?? [])
          )
            context.warning(
              'TR-unresolved-path',
              path,
              `"${value}" is usually a symbolic link, and what it leads to is compared`,
              'Write the path as `realpath` prints it, beside this one.',
            );
        });
      });
    }
  }
}
