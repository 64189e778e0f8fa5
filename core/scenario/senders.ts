/** Which hooks send which events: what of an event the policy alone decides. */
import type { EventKind, TetragonEvent } from '../events/event.ts';
import { bodyOf, kindOf } from '../events/parse.ts';
import type { HookKind, HookPlan, Plan } from '../plan/plan.ts';

/** Kinds of hooks by the kind of their events. */
export const sends: Partial<Record<EventKind, readonly HookKind[]>> = {
  process_kprobe: ['kprobe', 'fentry'],
  process_tracepoint: ['tracepoint', 'raw_tracepoint'],
  process_lsm: ['lsm'],
  process_uprobe: ['uprobe'],
  process_usdt: ['usdt'],
};

/** A hook of a policy. */
export interface Sender {
  readonly plan: Plan;
  readonly hook: HookPlan;
}

/** Keys that the policy alone decides, as far as it does. `undefined`: it does not. */
export function fixedKeys({ plan, hook }: Sender): Readonly<Record<string, unknown>> {
  const [first, second] = hook.target.split('/');
  const shared = { policy_name: plan.policyName, message: hook.message, tags: hook.tags };
  switch (hook.kind) {
    case 'kprobe':
    case 'fentry':
    case 'lsm':
      return hook.generated === undefined ? { ...shared, function_name: hook.target } : shared;
    case 'tracepoint':
    case 'raw_tracepoint':
      return { ...shared, subsys: first, event: second };
    case 'usdt':
      return { ...shared, provider: first, name: second };
    case 'uprobe':
      return shared;
  }
}

/** The event is of this hook, as far as it shows: two hooks of a policy may be on the same function. */
export function isOf(event: TetragonEvent, sender: Sender): boolean {
  if (sends[kindOf(event)]?.includes(sender.hook.kind) !== true) return false;
  const body = bodyOf(event);
  return Object.entries(fixedKeys(sender)).every(
    ([key, value]) => JSON.stringify(body[key] ?? []) === JSON.stringify(value ?? []),
  );
}
