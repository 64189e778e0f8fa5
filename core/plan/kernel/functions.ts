/** Functions, tracepoints and LSM hooks that the kernel must have. */
import { tracepointOfCall } from '../../kernels/bogus-tracepoints.ts';
import type { Attachment, KernelFacts } from '../../kernels/kernel-facts.ts';
import { syscallParameters } from '../../kernels/syscall-parameters.ts';
import { isGenerated, isSyscallList, listNamed, listReference } from '../../policy/lists.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import type { PolicyList } from '../../policy/schema/spec.ts';
import { usesKprobeMulti } from '../../policy/rules/options.ts';
import type { Kprobe } from '../../policy/schema/hooks.ts';
import { isSyscallEntry, parseSyscallName, syscallSymbol } from '../../names/syscall-name.ts';
import type { NodePath } from '../../source/spans.ts';
import { syscallNumber } from '../../names/syscalls.ts';
import type { KernelFinding, KernelRule } from './finding.ts';
import type { PolicySites } from '../../policy/selectors.ts';

export interface Wanted {
  readonly symbol: string;
  readonly path: NodePath;
}

export const functions: KernelRule = (context, kernel) => {
  const findings: KernelFinding[] = [];
  for (const entry of context.hooks) {
    const { path } = entry;
    if (entry.section === 'kprobes' || entry.section === 'fentries') {
      const { call, syscall, ignore } = entry.hook;
      // That it is no system call is said where names are checked.
      if (syscall && listReference(call) === undefined && !isSyscallEntry(call)) continue;
      const ignored = ignore?.callNotFound === true;
      for (const wanted of wantedFunctions(context, entry.hook, [...path, 'call'])) {
        if (kernel.hasFunction(wanted.symbol) !== false && !isArgless(wanted.symbol)) {
          const [module, ...others] = kernel.modulesOf(wanted.symbol) ?? [];
          if (module !== undefined && !ignored) findings.push(ofModule(wanted, module, others));
          findings.push(...unattachable(wanted, kernel, byKprobe(context, kernel, entry.section)));
          continue;
        }
        if (!syscall && /^sys_\w+$/.test(call)) {
          findings.push(
            withoutPrefix(
              call,
              context.document.has([...path, 'syscall']) ? [...path, 'syscall'] : wanted.path,
              ignored,
            ),
          );
          continue;
        }
        const argless = isArgless(wanted.symbol);
        findings.push({
          code: 'TR-kernel-function',
          path: wanted.path,
          message: argless
            ? `Tetragon does not find the system call \`${bareCall(wanted.symbol)}\`, since it has no arguments`
            : `there is no function \`${wanted.symbol}\` to hook`,
          help: ignored
            ? 'The hook is left out, as ignore.callNotFound says.'
            : argless
              ? 'Hook a function that it calls, or the tracepoint of its entry.'
              : wanted.symbol.startsWith('__arm64_')
                ? `That is the entry of arm64: write \`${wanted.symbol.replace('__arm64_', '')}\`, which Tetragon completes for the machine that it runs on.`
                : 'Check the name; functions may be inlined or renamed. `ignore: {callNotFound: true}` leaves the hook out.',
          refused: !ignored,
          ...(argless
            ? { everywhere: true }
            : { missing: { kind: 'function', name: wanted.symbol } as const }),
        });
      }
    } else if (entry.section === 'tracepoints') {
      const { subsystem, event } = entry.hook;
      // That one is empty is said where names are checked.
      if (subsystem === '' || event === '' || kernel.hasTracepoint(subsystem, event) !== false) continue;
      const called = subsystem === 'syscalls' ? tracepointOfCall(event) : undefined;
      findings.push({
        code: 'TR-kernel-tracepoint',
        path: [...path, 'event'],
        message: `there is no tracepoint \`${subsystem}/${event}\``,
        help:
          called === undefined
            ? 'Check the name in /sys/kernel/tracing/events.'
            : `Write \`${called}\`, which is what the kernel calls it.`,
        refused: true,
        missing: { kind: 'tracepoint', name: `${subsystem}/${event}` },
      });
    } else if (entry.section === 'lsmhooks') {
      // Said where names are checked.
      if (/^(bpf_lsm_|security_|$)/.test(entry.hook.hook)) continue;
      const missing = kernel.hasLsmHook(entry.hook.hook) === false;
      if (!missing && kernel.has('bpf-lsm') !== false) continue;
      findings.push({
        code: 'TR-kernel-lsm',
        path: [...path, 'hook'],
        message: missing ? `there is no LSM hook \`${entry.hook.hook}\`` : 'the kernel has no BPF LSM',
        help: missing
          ? 'Check the name in include/linux/lsm_hook_defs.h.'
          : 'It needs CONFIG_BPF_LSM, and `bpf` in lsm=.',
        refused: true,
        ...(missing ? { missing: { kind: 'lsm', name: entry.hook.hook } as const } : {}),
      });
    }
  }
  findings.push(...enforced(context, kernel));
  return findings;
};

/** An enforcer stands on each of its calls: one that there is not keeps it from loading. */
function enforced({ document }: PolicySites, kernel: KernelFacts): KernelFinding[] {
  const places = (document.spec.enforcers ?? []).flatMap(({ calls }, index) =>
    calls.flatMap((call, at): Wanted[] => {
      const name = listReference(call);
      if (name === undefined) return [{ symbol: call, path: ['spec', 'enforcers', index, 'calls', at] }];
      const list = listNamed(document, name);
      return list === undefined || isGenerated(list) ? [] : membersOf(document, list);
    }),
  );
  return places.flatMap(({ symbol: written, path }): KernelFinding[] => {
    const symbol = isSyscallEntry(written) ? (parseSyscallName(written)?.symbol ?? written) : written;
    if (!/^(__\w+_sys_|security_)/.test(symbol) || kernel.hasFunction(symbol) !== false) return [];
    return [
      {
        code: 'TR-kernel-function',
        path,
        message: `there is no function \`${symbol}\` to enforce`,
        help: 'Check the name.',
        refused: true,
        missing: { kind: 'function', name: symbol },
      },
    ];
  });
}

const membersOf = ({ spec }: PolicyDocument, list: PolicyList): Wanted[] =>
  (list.values ?? []).map((symbol, index) => ({
    symbol,
    path: ['spec', 'lists', spec.lists?.indexOf(list) ?? 0, 'values', index],
  }));

/** Since 4.17 every architecture that Tetragon runs on has its own prefix. */
const withoutPrefix = (call: string, path: NodePath, ignored: boolean): KernelFinding => ({
  code: 'TR-kernel-function',
  path,
  message: `no kernel has a function \`${call}\`: with \`syscall: false\` it is looked for without its prefix`,
  help: ignored
    ? 'The hook is left out, as ignore.callNotFound says; `syscall: true` is what finds it.'
    : 'Write `syscall: true`, or remove the line.',
  refused: !ignored,
  everywhere: true,
  ...(path.at(-1) === 'syscall' && { fix: 'true' }),
});

function ofModule({ symbol, path }: Wanted, module: string, others: readonly string[]): KernelFinding {
  const words =
    others.length === 0 ? `the module ${module}` : `the modules ${[module, ...others].join(', ')}`;
  return {
    code: 'TR-kernel-function',
    path,
    message: `\`${symbol}\` is a function of ${words}: the policy loads only while that is loaded`,
    help: 'Load the module before the policy; `ignore: {callNotFound: true}` leaves the hook out where it is not.',
    refused: false,
  };
}

/** Why nothing can be put on a function that the kernel has types of, which is all that Tetragon asks for before it tries. */
const obstacles: Readonly<Record<Exclude<Attachment, 'any' | 'no kprobe' | 'several'>, string>> = {
  untraced: 'it is compiled without a place for hooks (notrace)',
  copies: 'there are only forms of it that the compiler changed (.isra, .constprop, .part)',
  'boot only': 'it is gone after the boot',
  'no symbol': 'nothing of that name is left in the kernel',
};

/** Where it is not known how kprobes attach, nor is it that this one does not. */
const byKprobe = ({ document }: PolicySites, kernel: KernelFacts, section: string): boolean =>
  section === 'kprobes' && (kernel.has('kprobe-multi') === false || !usesKprobeMulti(document));

function unattachable({ symbol, path }: Wanted, kernel: KernelFacts, single: boolean): KernelFinding[] {
  const attachment = kernel.attachment(symbol) ?? 'any';
  if (attachment === 'any') return [];
  if (attachment === 'several' && !single) return [firstOfSeveral({ symbol, path })];
  if (attachment === 'no kprobe' && !single) return [];
  const why =
    attachment === 'several'
      ? 'the kernel has several of that name, and puts no kprobe on any of them'
      : attachment === 'no kprobe'
        ? 'the kernel lets no kprobe stand on it'
        : obstacles[attachment];
  return [
    {
      code: 'TR-kernel-function',
      path,
      message: `no hook can be put on the function \`${symbol}\`: ${why}`,
      help: 'Hook a function that calls it, or that it calls: `ignore.callNotFound` is no help, as its name is found.',
      refused: true,
    },
  ];
}

const firstOfSeveral = ({ symbol, path }: Wanted): KernelFinding => ({
  code: 'TR-kernel-function',
  path,
  message: `the kernel has several functions \`${symbol}\`: only the first of them is hooked, which need not be the one that is meant`,
  help: 'Hook a function whose name is unique: one that calls it, or that it calls.',
  refused: false,
});

const bareCall = (symbol: string): string => symbol.replace('__x64_', '');

/** A system call without arguments: Tetragon's table of prototypes has none of these, so the hook is not found. */
export function isArgless(symbol: string): boolean {
  const name = /^__x64_sys_(\w+)$/.exec(symbol)?.[1];
  return (
    name !== undefined && syscallNumber(name, 'x64') !== undefined && syscallParameters(name) === undefined
  );
}

/** The kernel functions that a kprobe names, with the prefix of system calls, and where. */
export function wantedFunctions(context: PolicySites, { call, syscall }: Kprobe, path: NodePath): Wanted[] {
  const name = listReference(call);
  if (name === undefined) return [{ symbol: syscall ? syscallSymbol(call) : call, path }];
  const list = listNamed(context.document, name);
  if (list === undefined || isGenerated(list)) return [];
  return membersOf(context.document, list).flatMap(({ symbol: value, path: place }) => {
    // Members of a plain list are looked for as they are, and only then with the prefix of system calls.
    if (!isSyscallList(list)) {
      return [{ symbol: syscall && value.startsWith('sys_') ? syscallSymbol(value) : value, path: place }];
    }
    const symbol = parseSyscallName(value)?.symbol;
    return symbol === undefined ? [] : [{ symbol, path: place }];
  });
}
