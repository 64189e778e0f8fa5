/**
 * What of a plan the BPF programs cannot do. The encoder is the only one who knows, so it is asked part by part: the plan
 * as it is, then each hook, selector, filter and action on its own, so that everything is named and not only the first.
 */
import type { Unsupported } from '../core/backend/backend.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { namespaceNames } from '../core/names/namespaces.ts';
import type { HookPlan, NamespaceName, Plan } from '../core/plan/plan.ts';
import { encodePlans, type TargetKernel } from './encode/plan.ts';
import { stepsIn } from './encode/resolve.ts';
import { UnsupportedError } from './encode/unsupported.ts';

export function unsupportedIn(plan: Plan, facts: KernelFacts): Unsupported[] {
  const kernel = targetOf(facts);
  const found = new Map<string, Unsupported>();
  const ask = (part: Plan): boolean => {
    try {
      encodePlans([part], kernel);
      return true;
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      const { feature, span } = error.unsupported;
      found.set(`${feature} ${span.start.offset}`, error.unsupported);
      return false;
    }
  };
  if (ask(plan)) return [];
  // What the whole plan says is found by the first question; here it would hide what its hooks say.
  const bare: Plan = { ...plan, enforcers: [], loader: false };
  for (const hook of plan.hooks) for (const part of partsOf(hook)) ask({ ...bare, hooks: [part] });
  return [...found.values()].sort((a, b) => a.span.start.offset - b.span.start.offset);
}

function* partsOf(hook: HookPlan): Iterable<HookPlan> {
  const { returnArg: _, returnArgAction: __, ...rest } = hook;
  const bare: HookPlan = { ...rest, args: [], data: [], selectors: [] };
  yield bare;
  if (hook.returnArg !== undefined) yield { ...bare, returnArg: hook.returnArg };
  if (hook.returnArgAction !== undefined) yield { ...bare, returnArgAction: hook.returnArgAction };
  for (const item of hook.data) yield { ...bare, data: [item] };
  for (const arg of hook.args) yield { ...bare, args: [arg] };
  const whole: HookPlan = { ...bare, args: hook.args, data: hook.data };
  for (const selector of hook.selectors) {
    const empty = { ...selector, process: [], args: [], returnArgs: [], actions: [], returnActions: [] };
    yield { ...bare, selectors: [selector] };
    for (const filter of selector.process) yield { ...bare, selectors: [{ ...empty, process: [filter] }] };
    for (const filter of selector.args) yield { ...whole, selectors: [{ ...empty, args: [filter] }] };
    for (const filter of selector.returnArgs)
      yield { ...whole, selectors: [{ ...empty, returnArgs: [filter] }] };
    for (const action of selector.actions) yield { ...bare, selectors: [{ ...empty, actions: [action] }] };
    for (const action of selector.returnActions)
      yield { ...bare, selectors: [{ ...empty, returnActions: [action] }] };
  }
}

/** The encoder's questions, answered before there is a machine: what is not known is taken as there, and the load tells. */
function targetOf(facts: KernelFacts): TargetKernel {
  return {
    hostNamespaces: Object.fromEntries(namespaceNames.map((name) => [name, 1])) as Record<
      NamespaceName,
      number
    >,
    cookies: true,
    override: facts.has('override-return') !== false,
    exitArgument: 0,
    fieldsOf: () => undefined,
    functionsLike: () => [],
    stepsOf: (start, path) => {
      const types = facts.types();
      return types === undefined ? [] : stepsIn(types, start, path);
    },
  };
}
