/** Numbers that arguments never have, or that do not mean what they look like. */
import type { ArgFilter, HookPlan } from '../../plan/plan.ts';
import { argumentOf } from '../../policy/addressed.ts';
import { hookedSyscalls } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

const lastPort = 65535;

/** Arguments that are sets of flags, by system call: their bits are looked at one by one. */
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
};

export function numberValues(context: LintContext): void {
  ports(context);
  flags(context);
  for (const hook of context.planHooks)
    for (const { args, returnArgs } of hook.selectors) {
      for (const filters of [args, returnArgs]) orders(filters, context);
      errors(returnArgs, hook, context);
    }
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
    const calls = hookedSyscalls(context.document, entry);
    expanded.selector.matchArgs?.forEach((filter, index) => {
      if (!/^(Equal|In|InMap)$/.test(filter.operator)) return;
      const argument = argumentOf(entry, 'matchArgs', filter);
      const place = argument?.index;
      if (place === undefined || entry.section === 'tracepoints') return;
      if (!calls.some((call) => flagArguments[call]?.includes(place))) return;
      context.warning(
        'TR-number-value',
        [...expanded.listPath('matchArgs'), index, 'operator'],
        `argument ${place} is a set of flags: ${filter.operator} matches calls with just these bits and no other`,
        'Use Mask, which asks for any of the bits.',
        { atKey: true },
      );
    });
  }
}

/** GT 5 with LT 3. */
function orders(filters: readonly ArgFilter[], context: LintContext): void {
  for (const high of filters) {
    for (const low of filters) {
      const [a, b] = [high.comparison, low.comparison];
      if (a.kind !== 'int-order' || b.kind !== 'int-order' || a.order !== 'gt' || b.order !== 'lt') continue;
      if (high.on !== low.on || high.positions.join() !== low.positions.join()) continue;
      // Of several values one is enough: the least bound above which a value lies, and the greatest below.
      const above = a.values.reduce((least, value) => (value < least ? value : least), a.values[0] ?? 0n);
      const below = b.values.reduce((most, value) => (value > most ? value : most), b.values[0] ?? 0n);
      if (below - above > 1n) continue;
      context.warningAt(
        'TR-never-matches',
        low.span,
        `no number is both greater than ${above} and less than ${below}, so the selector never matches`,
        'Filters of a selector are ANDed; put alternatives into selectors of their own.',
      );
    }
  }
}

/** System calls and security_ functions return errors as negative numbers. */
function errors(filters: readonly ArgFilter[], hook: HookPlan, context: LintContext): void {
  if (!hook.syscall && !hook.target.startsWith('security_')) return;
  for (const { comparison, span } of filters) {
    if (comparison.kind !== 'int-set' || comparison.ranges.length > 0) continue;
    const known = [1n, 2n, 13n, 17n, 22n];
    const positive = comparison.values.find((value) => known.includes(value));
    if (positive === undefined || (hook.syscall && !returnsZero.test(hook.target))) continue;
    context.warningAt(
      'TR-number-value',
      span,
      `${hook.target} returns errors as negative numbers: ${positive} is none of them`,
      `Write -${positive} if the error is meant.`,
    );
  }
}

/** System calls that return a descriptor, a count or an id may well return 1. */
const returnsZero =
  /_sys_(f?chmod|f?chmodat2?|[fl]?chown|fchownat|mkdir|mkdirat|rmdir|unlink|unlinkat|rename|renameat2?|link|linkat|symlink|symlinkat|mount|umount2?|f?truncate|chroot|pivot_root|set(re|res|fs)?[ug]id|connect|bind|listen|kill|tkill|tgkill|open|openat2?|creat|execve|execveat|ptrace|unshare|setns|init_module|finit_module|delete_module)$/;
