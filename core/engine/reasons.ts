/** Why each selector matched or not: the filters are run again, one by one, and put into words. */
import type { ArgFilter, HookPlan } from '../plan/plan.ts';
import type { ProbeHit } from './hit.ts';
import type { PreparedSelector } from './selector.ts';
import { FAILED, PASSED } from './tri.ts';
import type { Tri } from './tri.ts';
import type { FilterReason, SelectorReason } from './verdict.ts';
import { argFilterWords, processFilterWords } from './words.ts';

/** At the entry process and argument filters count, at the return those on the returned value. */
export function reasonsFor(
  selectors: readonly PreparedSelector[],
  hook: HookPlan,
  hit: ProbeHit,
  side: 'entry' | 'return' = 'entry',
): SelectorReason[] {
  return selectors.map((selector): SelectorReason => {
    const { plan } = selector;
    const filters: FilterReason[] = [];
    let failed = false;
    const add = (span: FilterReason['span'], run: () => Tri, words: (result: Tri) => string): void => {
      if (failed) {
        filters.push({ span, result: 'not-tried', words: () => 'not tried' });
        return;
      }
      const result = run();
      failed = result === FAILED;
      filters.push({ span, result: resultName(result), words: () => words(result) });
    };
    if (side === 'entry') {
      plan.process.forEach((filter, index) => {
        add(
          filter.span,
          () => (selector.process[index]?.(hit.task) === true ? PASSED : FAILED),
          (result) => processFilterWords(filter, hit.task, result === PASSED),
        );
      });
    }
    const [plans, tests] =
      side === 'entry' ? [plan.args, selector.args] : [plan.returnArgs, selector.returnArgs];
    plans.forEach((filter: ArgFilter, index) => {
      add(
        filter.span,
        () => tests[index]?.(hit) ?? FAILED,
        (result) => argFilterWords(filter, hook, hit, result),
      );
    });
    return {
      index: plan.index,
      span: plan.span,
      matched: filters.every(({ result }) => result === 'passed'),
      filters,
    };
  });
}

function resultName(result: Tri): FilterReason['result'] {
  return result === PASSED ? 'passed' : result === FAILED ? 'failed' : 'unknown';
}
