/** What a step lost: counted by the programs and the kernel from the load on, so what is new is what counts. */
import type { Problem } from '../../core/backend/problem.ts';
import type { EncodedPlans } from '../encode/plan.ts';
import { trHookLoss, trLoss } from '../layout/generated.ts';
import type { Rig } from '../rig.ts';

type Loss = Extract<Problem, { kind: 'lost-events' | 'failed-signals' | 'failed-overrides' }>;
type Cause =
  | Omit<Extract<Loss, { kind: 'lost-events' }>, 'count'>
  | { kind: 'failed-signals' | 'failed-overrides'; hook: string };

export class Losses {
  readonly #rig: Rig;
  readonly #encoded: EncodedPlans;
  readonly #objects: readonly number[];
  /** By object and what is counted there. */
  readonly #before = new Map<string, number>();

  /** @param objects handles of the encoded ones, the first of which has the records */
  constructor(rig: Rig, encoded: EncodedPlans, objects: readonly number[]) {
    this.#rig = rig;
    this.#encoded = encoded;
    this.#objects = objects;
  }

  /** Since the last call. `returns`: those that the records show to be missing, by hook. */
  async since(returns: ReadonlyMap<number, number>): Promise<Loss[]> {
    const losses: Loss[] = [];
    const add = (cause: Cause, count: number): void => {
      if (count > 0) losses.push({ ...cause, count });
    };
    for (const [index, object] of this.#objects.entries()) {
      const { skipped, counted } = (await this.#rig.call('losses', { object })).head;
      for (const [program, total] of Object.entries(skipped)) {
        const hook = this.#hooksOf(index, program);
        // A return that is not met is missing among the records, which tell of whom.
        if (hook !== 'return') add({ ...skippedCause, ...hook }, this.#new(`${index} ${program}`, total));
      }
      for (const [number, total] of Object.entries(counted))
        add(this.#causeOf(Number(number)), this.#new(`counted ${number}`, total));
    }
    for (const [hook, count] of returns)
      add({ kind: 'lost-events', why: 'no-return', hook: this.#nameOf(hook) }, count);
    return losses;
  }

  #new(what: string, total: number): number {
    const before = this.#before.get(what) ?? 0;
    this.#before.set(what, total);
    return total - before;
  }

  #causeOf(number: number): Cause {
    if (number === trLoss.LOST_RECORDS) return { kind: 'lost-events', why: 'no-room' };
    if (number === trLoss.LOST_PROCESSES) return { kind: 'lost-events', why: 'processes' };
    const place = number - trLoss.LOST_OF_HOOKS;
    const hook = this.#nameOf(Math.floor(place / trHookLoss.HOOK_LOSSES));
    switch (place % trHookLoss.HOOK_LOSSES) {
      case trHookLoss.HOOK_SIGNALS:
        return { kind: 'failed-signals', hook };
      case trHookLoss.HOOK_OVERRIDES:
        return { kind: 'failed-overrides', hook };
      case trHookLoss.HOOK_BUSY:
        return { ...skippedCause, hook };
      case trHookLoss.HOOK_RETURNS:
        return { kind: 'lost-events', why: 'no-return', hook };
      default:
        return { kind: 'lost-events', why: 'no-room', hook };
    }
  }

  /** What a program is attached to; 'return': to the returns of something. Those that follow processes have no hook. */
  #hooksOf(object: number, program: string): { hook?: string } | 'return' {
    const enforcer = this.#encoded.objects[object]?.enforced.find((one) => one.program === program);
    if (enforcer !== undefined) return { hook: `${enforcer.policy}: ${enforcer.target}` };
    for (const { program: entry, returns, override, hooks } of this.#encoded.objects[object]?.attach ?? []) {
      if (program === returns) return 'return';
      if (program === entry || program === override?.program)
        return { hook: hooks.map((hook) => this.#nameOf(hook)).join(', ') };
    }
    return {};
  }

  #nameOf(number: number): string {
    const hook = this.#encoded.hooks[number];
    return hook === undefined ? `hook ${number}` : `${hook.plan.policyName}: ${hook.hook.target}`;
  }
}

const skippedCause = { kind: 'lost-events', why: 'skipped' } as const;
