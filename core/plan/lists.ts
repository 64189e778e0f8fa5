/** `list:NAME`: what it stands for as a hooked call, as an enforcer's call and as a value of InMap. */
import { listReference } from '../policy/lists.ts';
import type { PolicyList, PolicySpec } from '../policy/schema/spec.ts';
import { parseSyscallName, syscallSymbol } from '../names/syscall-name.ts';
import { compatBit, syscallNumber } from '../names/syscalls.ts';
import type { HookPlan, ListPlan } from './plan.ts';

function findList(spec: PolicySpec, name: string): PolicyList | undefined {
  return spec.lists?.find((list) => list.name === name);
}

export function compileLists(spec: PolicySpec): ListPlan[] {
  return (spec.lists ?? []).map((list) => ({
    name: list.name,
    kind: list.type ?? 'plain',
    values: list.values ?? [],
    ...(list.pattern === undefined ? {} : { pattern: list.pattern }),
  }));
}

/** One function to hook. */
export interface CallTarget {
  readonly target: string;
  readonly syscall: boolean;
  readonly list?: string;
  readonly generated?: NonNullable<HookPlan['generated']>;
}

/** The kernel function that a name stands for: system calls get the architecture's prefix if they have none. */
function symbolOf(name: string, syscall: boolean): string {
  return syscall ? syscallSymbol(name) : name;
}

/** Functions that a `call` names. An unknown list gives none: it is reported where the document is checked. */
export function callTargets(call: string, syscall: boolean, spec: PolicySpec): CallTarget[] {
  const name = listReference(call);
  if (name === undefined) return [{ target: symbolOf(call, syscall), syscall }];
  const list = findList(spec, name);
  switch (list?.type) {
    case undefined:
      // Members of a plain list are taken as they are written.
      return (list?.values ?? []).map((value) => ({
        target: value.startsWith('sys_') ? symbolOf(value, syscall) : value,
        syscall,
        list: name,
      }));
    case 'syscalls':
      return (list?.values ?? []).map((value) => ({
        target: parseSyscallName(value)?.symbol ?? value,
        syscall: true,
        list: name,
      }));
    case 'generated_syscalls':
      return [{ target: call, syscall: true, list: name, generated: { kind: 'syscalls' } }];
    case 'generated_ftrace':
      return [
        { target: call, syscall, list: name, generated: { kind: 'ftrace', pattern: list?.pattern ?? '' } },
      ];
  }
}

/** Numbers of a list's system calls, 32-bit ones marked; or why there are none. */
export function listNumbers(spec: PolicySpec, name: string): readonly number[] | string {
  const list = findList(spec, name);
  if (list === undefined) return `there is no list ${JSON.stringify(name)}`;
  if (list.type !== 'syscalls') return `list ${JSON.stringify(name)} is not one of system calls`;
  const numbers: number[] = [];
  for (const value of list.values ?? []) {
    const reference = parseSyscallName(value);
    const number = reference && syscallNumber(reference.name, reference.abi);
    if (reference === undefined || number === undefined) {
      return `list ${JSON.stringify(name)} holds ${JSON.stringify(value)}, which is no system call`;
    }
    numbers.push(reference.abi === 'i386' ? number + compatBit : number);
  }
  return numbers;
}

/** Symbols that enforcers act on. Generated lists stay as `list:NAME`. */
export function enforcerTargets(spec: PolicySpec): string[] {
  return (spec.enforcers ?? []).flatMap(({ calls }) =>
    calls.flatMap((call) =>
      callTargets(call, !call.startsWith('security_'), spec).map(({ target }) => target),
    ),
  );
}
