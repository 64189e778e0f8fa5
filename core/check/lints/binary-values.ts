/** Values of matchBinaries that no process has: the path compared is the resolved one, and a script's is its interpreter. */
import type { NodePath } from '../../source/spans.ts';
import type { BinaryFilter } from '../../policy/schema/selector.ts';
import type { LintContext } from '../subject.ts';
import { endsOf, pathOddity, whyNoPath } from './path-oddities.ts';
import { isLinkBesideTarget, mergedDirectory, usualLinks } from './usual-links.ts';

const script = /\.(sh|bash|py|pl|rb|js|lua|php)$/;

export function binaryValues(context: LintContext): void {
  for (const { expanded } of context.sites) {
    const { selector, listPath } = expanded;
    for (const list of ['matchBinaries', 'matchParentBinaries'] as const) {
      selector[list]?.forEach((filter, index) => {
        filter.values.forEach((value, at) => {
          if (isLinkBesideTarget(value, filter.values)) return;
          checkValue(context, filter.operator, value, [...listPath(list), index, 'values', at]);
        });
      });
    }
  }
}

function checkValue(
  context: LintContext,
  operator: BinaryFilter['operator'],
  value: string,
  path: NodePath,
): void {
  const whole = operator === 'In' || operator === 'NotIn';
  const fromStart = whole || operator === 'Prefix' || operator === 'NotPrefix';
  const isMerged = fromStart && mergedDirectory.test(value);
  // What is odd about it beside that.
  const odd = pathOddity(isMerged ? `/usr${value}` : value, !fromStart, 'binary');
  const never = whyNoPath(value, whole ? endsOf.equal : fromStart ? endsOf.prefix : endsOf.postfix);
  if (odd !== undefined) {
    context.warning('TR-binary-path', path, `no binary has the path "${value}": ${odd.why}`, odd.cure);
  } else if (never !== undefined) {
    context.warning(
      'TR-binary-path',
      path,
      `no binary has the path "${value}": ${never}`,
      value.startsWith('/')
        ? 'Write the path as `realpath` prints it.'
        : 'Write the whole path, or use Postfix.',
    );
  } else if (isMerged) {
    context.warning(
      'TR-binary-symlink',
      path,
      `"${value}" is compared with resolved paths, and ${value.slice(0, value.indexOf('/', 1))} is a symbolic link to /usr${value.slice(0, value.indexOf('/', 1))} on current distributions`,
      usualLinks.test(value)
        ? `Write what \`realpath ${value}\` prints: below /usr the name is a link itself (sh is dash, bash or busybox).`
        : `Write "/usr${value}", or both.`,
    );
  } else if (whole && usualLinks.test(value)) {
    context.warning(
      'TR-binary-symlink',
      path,
      `"${value}" is usually a symbolic link, whose own path is never compared`,
      'Write the path as `realpath` prints it.',
    );
  } else if (!operator.includes('Prefix') && script.test(value)) {
    context.warning(
      'TR-binary-script',
      path,
      `"${value}" looks like a script; the binary of its process is the interpreter`,
      'Name the interpreter, or filter on arguments of execve.',
    );
  }
}
