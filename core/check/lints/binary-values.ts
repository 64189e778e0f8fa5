/** Values of matchBinaries that no process has: the path compared is the resolved one, and a script's is its interpreter. */
import type { NodePath } from '../../source/spans.ts';
import type { BinaryFilter } from '../../policy/schema/selector.ts';
import type { LintContext } from '../subject.ts';
import { globs } from './resolved-paths.ts';

/** Directories that are symbolic links where /usr is merged, as in all current distributions. */
const mergedDirectory = /^\/(bin|sbin|lib|lib32|lib64)\//;
/** Names that are usually symbolic links. */
const usualLinks =
  /\/(sh|awk|vi|vim|view|editor|pager|nc|netcat|python|python3|perl5|ruby|java|javac|node|nodejs|cc|c\+\+|gcc|g\+\+|ld|iptables|ip6tables|ping6|pkill|reboot|shutdown|poweroff|halt|init|sudoedit|lzma|which)$/;
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

/** Programs that stand behind links of other names. */
const behind: Readonly<Record<string, RegExp>> = {
  sh: /\/(dash|bash|busybox)$/,
  awk: /\/(mawk|gawk|original-awk|busybox)$/,
  vi: /\/(vim(\.\w+)?|nvi|busybox)$/,
  view: /\/vim(\.\w+)?$/,
  editor: /\/(nano|vim(\.\w+)?)$/,
  pager: /\/less$/,
  nc: /\/(nc\.\w+|ncat|busybox)$/,
  netcat: /\/(nc\.\w+|ncat)$/,
  python: /\/python[23]\.\d+$/,
  pkill: /\/pgrep$/,
  init: /\/systemd$/,
  reboot: /\/systemctl$/,
  shutdown: /\/systemctl$/,
  poweroff: /\/systemctl$/,
  halt: /\/systemctl$/,
  sudoedit: /\/sudo$/,
};

/** The policy names the link and what it leads to: `/bin/bash` beside `/usr/bin/bash`, `python3` beside `python3.13`. */
function isLinkBesideTarget(value: string, values: readonly string[]): boolean {
  const name = value.slice(value.lastIndexOf('/') + 1);
  if (mergedDirectory.test(value) && !usualLinks.test(value)) return values.includes(`/usr${value}`);
  if (!usualLinks.test(value)) return false;
  const target = Object.hasOwn(behind, name) ? behind[name] : undefined;
  return values.some(
    (other) =>
      !mergedDirectory.test(other) &&
      !usualLinks.test(other) &&
      (target?.test(other) === true || versioned(name).test(other)),
  );
}

/** `python3.13` of `python3`, `perl5.36.0` of `perl5`, `gcc-12` or `x86_64-linux-gnu-gcc-12` of `gcc`. */
const versioned = (name: string): RegExp =>
  new RegExp(`[/-]${name.replace(/[+.]/g, '\\$&')}[.-]?\\d[\\w.-]*$`);

function checkValue(
  context: LintContext,
  operator: BinaryFilter['operator'],
  value: string,
  path: NodePath,
): void {
  const whole = operator === 'In' || operator === 'NotIn';
  const fromStart = whole || operator === 'Prefix' || operator === 'NotPrefix';
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
  } else if (!operator.includes('Prefix') && script.test(value)) {
    context.warning(
      'TR-binary-script',
      path,
      `"${value}" looks like a script; the binary of its process is the interpreter`,
      'Name the interpreter, or filter on arguments of execve.',
    );
  }
}
