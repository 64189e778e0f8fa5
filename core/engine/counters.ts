/** Counters of actions, by hook and selector, with Tetragon's rules of what counts. */
import type { ActionPlan, Plan } from '../plan/plan.ts';
import { isEnforcing } from '../names/actions.ts';
import type { ActionCounter } from './engine.ts';

type Counts = Partial<Record<ActionCounter, number>>;

const names: Readonly<
  Partial<Record<ActionPlan['kind'], 'signal' | 'override' | 'notify_enforcer' | 'set'>>
> = {
  Sigkill: 'signal',
  Signal: 'signal',
  Override: 'override',
  NotifyEnforcer: 'notify_enforcer',
  Set: 'set',
};

export class Counters {
  readonly #counts: Counts[][];
  /** Hits without selectors count only in a policy that has none at all. */
  readonly #countsDefault: boolean;

  constructor({ hooks }: Plan) {
    this.#counts = hooks.map(({ selectors }) => [...selectors.map((): Counts => ({})), {}]);
    this.#countsDefault = hooks.every(({ selectors }) => selectors.length === 0);
  }

  all(): readonly (readonly Counts[])[] {
    return this.#counts.map((hook) => hook.map((counts) => ({ ...counts })));
  }

  /** Counts a hit whose selector (undefined: there is none) ran these actions. */
  count(
    hook: number,
    selector: number | undefined,
    actions: readonly ActionPlan[],
    result: { readonly posted: boolean; readonly monitored: boolean },
  ): void {
    if (selector === undefined && !this.#countsDefault) return;
    const counters = this.#counts[hook];
    const counts = counters?.[selector ?? counters.length - 1];
    if (counts === undefined) return;
    const add = (name: ActionCounter): void => {
      counts[name] = (counts[name] ?? 0) + 1;
    };
    for (const { kind } of actions) {
      const name = names[kind];
      if (name !== undefined) add(result.monitored && isEnforcing(kind) ? `monitor_${name}` : name);
    }
    if (result.posted) add('post');
    else if (actions.some(({ kind }) => kind === 'NoPost')) add('nopost');
  }
}
