/** Values that a resolved path never has: a file's path is where it really lies. */
import { argumentOf } from '../../policy/addressed.ts';
import type { ArgumentFilter } from '../../policy/schema/selector.ts';
import type { NodePath } from '../../source/spans.ts';
import type { LintContext } from '../subject.ts';
import { endsOf, pathOddity, whyNoPath } from './path-oddities.ts';
import type { Ends } from './path-oddities.ts';
import { pathTypes } from './path-values.ts';
import { isUsualLink } from './usual-links.ts';

/** Links were followed to these; others may be the link itself. */
const ofOpened: readonly string[] = ['file', 'linux_binprm', 'kiocb'];
const ofTexts: readonly string[] = ['string', 'filename'];

const socketName = /\/[^/]*\.sock(et)?$/;

export function resolvedPaths(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    for (const list of ['matchArgs', 'matchData', 'matchReturnArgs'] as const) {
      expanded.selector[list]?.forEach((filter, index) => {
        const type = argumentOf(entry, list, filter)?.type;
        const ends = endsOfOperator(filter.operator);
        if (type === undefined || ends === undefined) return;
        const at = [...expanded.listPath(list), index, 'values'];
        if (pathTypes.includes(type)) checkPaths(context, filter, type, ends, at);
        else if (ofTexts.includes(type)) checkTexts(context, filter, ends, at);
      });
    }
  }
}

function endsOfOperator(operator: string): Ends | undefined {
  const [, name] = /^(?:Not)?(Equal|Prefix|Postfix|SubString)/.exec(operator) ?? [];
  return name === undefined ? undefined : endsOf[name.toLowerCase() as keyof typeof endsOf];
}

function checkPaths(
  context: LintContext,
  { operator, values = [] }: ArgumentFilter,
  type: string,
  ends: Ends,
  at: NodePath,
): void {
  const warn = (index: number, message: string, help: string): void => {
    context.warning('TR-unresolved-path', [...at, index], message, help);
  };
  // A link is written for systems where it is none, if its target stands beside it.
  const found = values.map((value) =>
    hasTargetBeside(value, values) ? undefined : pathOddity(value, !ends.first),
  );
  // Where no value is one of a path, the filter as a whole is warned of.
  const some =
    found.some((oddity) => oddity !== undefined) ||
    values.some((value) => whyNoPath(value, ends) === undefined);
  values.forEach((value, index) => {
    const odd = found[index];
    const never = some ? whyNoPath(value, ends) : undefined;
    if (odd !== undefined) warn(index, `no resolved path has "${value}": ${odd.why}`, odd.cure);
    else if (never !== undefined)
      warn(index, `no resolved path has "${value}": ${never}`, 'Write the path as `realpath` prints it.');
    else if (type === 'file' && socketName.test(value))
      warn(
        index,
        `no opened file is "${value}": sockets are connected to, which opens nothing`,
        'Hook security_unix_stream_connect, or sys_connect with an argument of type sockaddr_un.',
      );
    else if (ofOpened.includes(type) && operator.endsWith('Equal') && isUsualLink(value, values))
      warn(
        index,
        `"${value}" is usually a symbolic link, and what it leads to is compared`,
        'Write the path as `realpath` prints it, beside this one.',
      );
  });
}

/** Folders that are links on current distributions, and were none before. */
const moved: readonly (readonly [RegExp, string])[] = [
  [/^\/(?=(bin|sbin|lib|lib32|lib64)(\/|$))/, '/usr/'],
  [/^\/var(?=\/run(\/|$))/, ''],
  [/^\/var(?=\/lock(\/|$))/, '/run'],
];

const hasTargetBeside = (value: string, values: readonly string[]): boolean =>
  moved.some(([from, to]) => from.test(value) && values.includes(value.replace(from, to)));

/** Of a text only what looks as if it were to be a path. */
const likePath = /^["'`\s^]*(~|\$|\*|\/)/;

function checkTexts(context: LintContext, { values = [] }: ArgumentFilter, ends: Ends, at: NodePath): void {
  values.forEach((value, index) => {
    const odd = likePath.test(value) ? pathOddity(value, !ends.first, 'text') : undefined;
    if (odd === undefined) return;
    context.warning(
      'TR-unresolved-path',
      [...at, index],
      `programs ask for no path with "${value}": ${odd.why}`,
      odd.cure,
    );
  });
}
