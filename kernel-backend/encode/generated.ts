/** Hooks on lists that the kernel fills: one for each function of them. */
import type { HookPlan } from '../../core/plan/plan.ts';
import { syscallName } from '../../core/names/syscalls.ts';
import { syscallSymbol } from '../../core/names/syscall-name.ts';
import { syscallParametersInTetragon } from '../../core/kernels/syscall-parameters.ts';

const mostCalls = 1024;

/** Functions of the kernel's own that it can trace and whose names match a pattern. */
export type FunctionsLike = (pattern: string) => readonly string[];

export function expandGenerated(hook: HookPlan, functionsLike: FunctionsLike): HookPlan[] {
  const { generated } = hook;
  if (generated === undefined) return [hook];
  const names = generated.kind === 'ftrace' ? functionsLike(generated.pattern) : systemCalls();
  // What a kernel lacks is passed over.
  return names.map((target) => ({ ...hook, target, ignoreCallNotFound: true }));
}

function systemCalls(): string[] {
  const symbols: string[] = [];
  for (let number = 0; number < mostCalls; number++) {
    const name = syscallName(number, 'x64');
    // Tetragon knows no place for those without arguments.
    if (name === undefined || syscallParametersInTetragon(name) === undefined) continue;
    symbols.push(syscallSymbol(`sys_${name}`));
  }
  return symbols;
}
