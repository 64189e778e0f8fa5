/** What the hooks of the policies posted in a step: all that a backend tells of them which does not replay. */
import type { TetragonEvent } from '../events/event.ts';
import { bodyOf } from '../events/parse.ts';
import type { Plan } from '../plan/plan.ts';
import type { Span } from '../source/diagnostic.ts';
import { isOf, type Sender } from './senders.ts';

/** Of one hook of one policy. Plain data. */
export interface PostedByHook {
  readonly policy: string;
  /** What is hooked, as in the plan. */
  readonly hook: string;
  readonly span: Span;
  readonly events: number;
  /** Actions that its events name, each once. */
  readonly actions: readonly string[];
}

/** To be told of all events of a step. */
export class Posted {
  readonly #rows: readonly { readonly sender: Sender; events: number; readonly actions: Set<string> }[];

  /** @param plans in load order */
  constructor(plans: readonly Plan[]) {
    this.#rows = plans.flatMap((plan) =>
      plan.hooks.map((hook) => ({ sender: { plan, hook }, events: 0, actions: new Set<string>() })),
    );
  }

  event(event: TetragonEvent): void {
    const { action } = bodyOf(event);
    for (const row of this.#rows) {
      if (!isOf(event, row.sender)) continue;
      row.events++;
      if (typeof action === 'string') row.actions.add(action);
    }
  }

  /** In load order, hooks in the order of their policy. */
  rows(): PostedByHook[] {
    return this.#rows.map(({ sender: { plan, hook }, events, actions }) => ({
      ...{ policy: plan.policyName, hook: hook.target, span: hook.span, events, actions: [...actions] },
    }));
  }
}
