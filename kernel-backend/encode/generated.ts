/** Hooks on lists that the kernel fills: one for each function of them. */
import type { HookPlan } from '../../core/plan/plan.ts';
import { syscallName } from '../../core/names/syscalls.ts';
import { syscallSymbol } from '../../core/names/syscall-name.ts';
import { syscallParametersInTetragon } from '../../core/kernels/syscall-parameters.ts';
import { unsupported } from './unsupported.ts';

const mostCalls = 1024;

export function expandGenerated(hook: HookPlan): HookPlan[] {
  if (hook.generated === undefined) return [hook];
  if (hook.generated.kind === 'ftrace') throw unsupported('lists of type generated_ftrace', hook.span);
  const hooks: HookPlan[] = [];
  for (let number = 0; number < mostCalls; number++) {
    const name = syscallName(number, 'x64');
    // Tetragon knows no place for those without arguments. What a kernel lacks is passed over.
    if (name === undefined || syscallParametersInTetragon(name) === undefined) continue;
    hooks.push({ ...hook, target: syscallSymbol(`sys_${name}`), ignoreCallNotFound: true });
  }
  return hooks;
}
