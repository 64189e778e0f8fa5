/** Functions, tracepoints and LSM hooks that the kernel must have. */
import { syscallParameters } from '../../kernels/syscall-parameters.ts';
import { isGenerated, isSyscallList, listNamed, listReference } from '../../policy/lists.ts';
import type { Kprobe } from '../../policy/schema/hooks.ts';
import { parseSyscallName, syscallSymbol } from '../../names/syscall-name.ts';
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
      const ignored = entry.hook.ignore?.callNotFound === true;
      for (const wanted of wantedFunctions(context, entry.hook, [...path, 'call'])) {
        if (kernel.hasFunction(wanted.symbol) !== false && !isArgless(wanted.symbol)) {
          const [module, ...others] = kernel.modulesOf(wanted.symbol) ?? [];
          if (module !== undefined && !ignored) findings.push(ofModule(wanted, module, others));
          continue;
        }
        findings.push({
          code: 'TR-kernel-function',
          path: wanted.path,
          message: `there is no function \`${wanted.symbol}\` to hook`,
          help: ignored
            ? 'The policy loads without this hook, as ignore.callNotFound says.'
            : 'Check the name; functions may be inlined or renamed. `ignore: {callNotFound: true}` leaves the hook out.',
          refused: !ignored,
        });
      }
    } else if (entry.section === 'tracepoints') {
      const { subsystem, event } = entry.hook;
      if (kernel.hasTracepoint(subsystem, event) !== false) continue;
      findings.push({
        code: 'TR-kernel-tracepoint',
        path: [...path, 'event'],
        message: `there is no tracepoint \`${subsystem}/${event}\``,
        help: 'Check the name in /sys/kernel/tracing/events.',
        refused: true,
      });
    } else if (entry.section === 'lsmhooks') {
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
      });
    }
  }
  return findings;
};

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
  const at = context.document.spec.lists?.indexOf(list) ?? 0;
  return (list.values ?? []).flatMap((value, index) => {
    const place = ['spec', 'lists', at, 'values', index];
    // Members of a plain list are looked for as they are, and only then with the prefix of system calls.
    if (!isSyscallList(list)) {
      return [{ symbol: syscall && value.startsWith('sys_') ? syscallSymbol(value) : value, path: place }];
    }
    const symbol = parseSyscallName(value)?.symbol;
    return symbol === undefined ? [] : [{ symbol, path: place }];
  });
}
