/** Numbers that arguments never have, or that do not mean what they look like. */
import type { ArgFilter, HookPlan } from '../../plan/plan.ts';
import { argumentOf } from '../../policy/addressed.ts';
import { firstSyscallField, hookedFunctions } from '../../policy/call-names.ts';
import { syscallParameters } from '../../kernels/syscall-parameters.ts';
import { plainFunction } from '../../names/hook-context.ts';
import type { LintContext } from '../subject.ts';
import { passingNumbers } from './number-sets.ts';

const lastPort = 65535;

/** Arguments that are sets of flags, by function: their bits are looked at one by one. */
const flagArguments: Readonly<Record<string, readonly number[]>> = {
  open: [1],
  openat: [2],
  clone: [0],
  unshare: [0],
  setns: [1],
  mmap: [2, 3],
  mprotect: [2],
  mount: [3],
  umount2: [1],
  unlinkat: [2],
  renameat2: [4],
  linkat: [4],
  execveat: [4],
  memfd_create: [1],
  accept4: [3],
  sendto: [3],
  recvfrom: [3],
  sendmsg: [2],
  recvmsg: [2],
  fchmodat2: [3],
  statx: [2],
  security_mmap_file: [1, 2, 3],
  security_file_mprotect: [1, 2],
  security_sb_mount: [3],
  do_mmap: [3, 4],
};

export function numberValues(context: LintContext): void {
  ports(context);
  flags(context);
  modes(context);
  for (const hook of context.planHooks)
    for (const { returnArgs } of hook.selectors) errors(returnArgs, hook, context);
}

function ports(context: LintContext): void {
  for (const { expanded } of context.sites) {
    for (const list of ['matchArgs', 'matchData', 'matchReturnArgs'] as const) {
      expanded.selector[list]?.forEach(({ operator, values }, index) => {
        if (!/^(Not)?[SD]Port$/.test(operator)) return;
        values?.forEach((value, at) => {
          const high = value
            .split(':')
            .map(Number)
            .find((port) => port > lastPort);
          if (high === undefined) return;
          context.warning(
            'TR-number-value',
            [...expanded.listPath(list), index, 'values', at],
            `there is no port ${high}`,
            `Ports end at ${lastPort}.`,
          );
        });
      });
    }
  }
}

/** Whoever opens with O_WRONLY sets O_CLOEXEC or O_LARGEFILE, too. */
function flags(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    const names = hookedFunctions(context.document, entry);
    expanded.selector.matchArgs?.forEach((filter, index) => {
      if (!/^(Equal|In|InMap)$/.test(filter.operator)) return;
      const argument = argumentOf(entry, 'matchArgs', filter);
      if (argument === undefined) return;
      const place = entry.section === 'tracepoints' ? argument.index - firstSyscallField : argument.index;
      if (!names.some((name) => flagArguments[name.replace(/^sys_/, '')]?.includes(place))) return;
      context.warning(
        'TR-number-value',
        [...expanded.listPath('matchArgs'), index, 'operator'],
        `argument ${argument.index} is a set of flags: ${filter.operator} matches calls with just these bits and no other`,
        filter.values?.every((value) => Number(value) === 0) === true
          ? 'No operator asks for bits that are not set: leave the filter out, or look at the flags in the events.'
          : 'Use Mask, which asks for any of the bits.',
        { atKey: true },
      );
    });
  }
}

/** Of functions that are no system calls, whose parameters are looked up. */
const modeArguments: Readonly<Record<string, number>> = {
  security_path_chmod: 1,
  security_path_mkdir: 2,
  security_path_mknod: 2,
  security_inode_mkdir: 2,
  security_inode_create: 2,
};

/** A set-id or sticky bit alone, or one before rights of which owners have no less than their group, and that no less than others. */
function looksOctal(value: string): boolean {
  const [, rights = ''] = /^[1-7]?([4-7][04-7]{2})$/.exec(value) ?? [];
  return /^[1-7]000$/.test(value) || (rights !== '' && rights === [...rights].sort().reverse().join(''));
}

/** Modes of files are written in octal everywhere else; 420 may well be meant, which is 0644. */
function modes(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    const names = hookedFunctions(context.document, entry);
    expanded.selector.matchArgs?.forEach((filter, index) => {
      const argument = argumentOf(entry, 'matchArgs', filter);
      if (argument === undefined || !/^(Not)?Equal$|^Mask$/.test(filter.operator)) return;
      const place = entry.section === 'tracepoints' ? argument.index - firstSyscallField : argument.index;
      const isMode = names.some(
        (name) =>
          modeArguments[name] === place ||
          /^umode_t$/.test(syscallParameters(name.replace(/^sys_/, ''))?.[place]?.type ?? ''),
      );
      if (!isMode) return;
      filter.values?.forEach((value, at) => {
        if (!looksOctal(value)) return;
        context.warning(
          'TR-number-value',
          [...expanded.listPath('matchArgs'), index, 'values', at],
          `"${value}" is a decimal number here: as a mode it is 0${Number(value).toString(8)}`,
          `Write "0${value}" if the octal mode is meant.`,
        );
      });
    });
  }
}

/** System calls and security_ functions return errors as negative numbers. */
function errors(filters: readonly ArgFilter[], hook: HookPlan, context: LintContext): void {
  for (const { comparison, operator, written, span } of filters) {
    const numbers = passingNumbers(comparison);
    const least = numbers?.ranges[0]?.from;
    if (numbers === undefined || least === undefined) continue;
    // Without a sign the negative ones are those of the upper half.
    const isPositive = numbers.ranges.every(({ from, to }) => from > 0n && to <= numbers.domain.to >> 1n);
    const isError =
      comparison.kind === 'int-set' && comparison.values.some((value) => usualErrors.has(value));
    const name = plainFunction(hook.target);
    if (!isPositive || !(returnsZero.test(name) || (isError && returnsFiles.test(name)))) continue;
    context.warningAt(
      'TR-number-value',
      span,
      `${hook.target} returns 0 or an error, and errors are negative numbers: ${operator} ${written.join(', ')} is none of them`,
      operator === 'Equal' || operator === 'InMap'
        ? `Write -${least} if the error is meant.`
        : 'Write LT "0" for all errors, or Equal "0" for success.',
    );
  }
}

/** EPERM, ENOENT, EACCES, EEXIST, EINVAL. */
const usualErrors: ReadonlySet<bigint> = new Set([1n, 2n, 13n, 17n, 22n]);

const returnsFiles = /^sys_(open|openat2?|creat)$/;

/** Those that return no descriptor, count or id. Some security_ functions return a length, or yes and no. */
const returnsZero =
  /^(sys_(f?chmod|f?chmodat2?|[fl]?chown|fchownat|mkdir|mkdirat|rmdir|unlink|unlinkat|rename|renameat2?|link|linkat|symlink|symlinkat|mount|umount2?|move_mount|f?truncate|chroot|pivot_root|set(re|res)?[ug]id|connect|bind|listen|kill|tkill|tgkill|execve|execveat|unshare|setns|init_module|finit_module|delete_module|[fl]?setxattr|[fl]?removexattr)|security_(?!.*(getsecurity|listsecurity|getprocattr|setprocattr|getpeersec|xattr|secid|ismaclabel|key_getsecurity|killpriv|flow_match))\w+)$/;
