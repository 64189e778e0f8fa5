/** Where in the kernel's memory the values of `resolve` and of registers lie. */
import type { ResolveStart, ResolveStep, TypeLookup } from '../../core/btf/resolve.ts';
import { registerPlace } from '../../core/names/registers.ts';
import { resolveStart, symbolOf } from '../../core/plan/resolve-start.ts';
import type { ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import { trFieldKind, type trArgPlan } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { unsupported } from './unsupported.ts';

/** The steps of a path by the kernel's types, or in words why there are none. */
export type StepsOf = (start: ResolveStart, path: string) => readonly ResolveStep[] | string;

/** A register of the probe's, or of the system call's. */
export function encodeRegister(
  { resolve = '', span }: ArgPlan,
  { kind }: HookPlan,
): Pick<Written<typeof trArgPlan>, 'field'> {
  // In programs of the other kinds Tetragon takes any register for 0.
  if (kind !== 'kprobe') throw unsupported(`registers at a hook of kind ${kind}`, span);
  const place = registerPlace(resolve);
  if (place === undefined) throw unsupported(`the register ${resolve}`, span);
  return { field: { kind: trFieldKind.FIELD_VALUE, bytes: place.size, offset: place.offset } };
}

export function encodeSteps(
  arg: ArgPlan,
  hook: HookPlan,
  stepsOf: StepsOf,
): Pick<Written<typeof trArgPlan>, 'step_count' | 'steps'> {
  const { resolve, span } = arg;
  if (resolve === undefined) return {};
  const steps = stepsOf(resolveStart(arg, symbolOf(hook)), resolve);
  if (typeof steps === 'string') throw unsupported(`resolve: ${resolve} (${steps})`, span);
  return {
    step_count: steps.length,
    steps: steps.map(({ offset, pointer }) => ({ offset, pointer: Number(pointer) })),
  };
}

/** The steps that type information tells. */
export function stepsIn(types: TypeLookup, ...[start, path]: Parameters<StepsOf>): ReturnType<StepsOf> {
  const resolved = types.resolve(start, path);
  if (resolved === undefined) return 'the type information has no such function';
  return 'error' in resolved ? resolved.error : resolved.steps;
}
