/** Values of matchBinaries that no process has: the path compared is the resolved one, and a script's is its interpreter. */
import type { NodePath } from '../../source/spans.ts';
import type { BinaryFilter } from '../../policy/schema/selector.ts';
import type { LintContext } from '../subject.ts';
import { globs, pathOddity } from './resolved-paths.ts';
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
  const odd = pathOddity(value, !fromStart);
  if (globs.test(value)) {
    context.warning(
      'TR-binary-path',
      path,
      `no binary has the path "${value}": "*", "?" and "[…]" are compared as they stand`,
      'Use Prefix or Postfix, or list the paths.',
    );
  } else if (fromStart && !value.startsWith('/') && value !== '') {
    context.warning(
      'TR-binary-path',
      path,
      `no binary has the path "${value}": paths are absolute`,
      'Write the whole path, or use Postfix.',
    );
  } else if (value.includes('//') || /\/\.\.?\//.test(value) || (whole && value.endsWith('/'))) {
    context.warning(
      'TR-binary-path',
      path,
      `no binary has the path "${value}": paths are resolved`,
      'Write the path as `realpath` prints it.',
    );
  } else if (fromStart && mergedDirectory.test(value)) {
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
  } else if (odd !== undefined) {
    context.warning('TR-binary-path', path, `no binary has the path "${value}": ${odd.why}`, odd.cure);
  } else if (!operator.includes('Prefix') && script.test(value)) {
    context.warning(
      'TR-binary-script',
      path,
      `"${value}" looks like a script; the binary of its process is the interpreter`,
      'Name the interpreter, or filter on arguments of execve.',
    );
  }
}
