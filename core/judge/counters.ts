/** Counters and marks of judged hits, as rows: those with the same key add up (core/backend/sums.ts merges them). */
import type { ActionCounter, PolicyEvaluator } from '../engine/engine.ts';
import type { SideMarks, Sums } from '../engine/marks.ts';

/** How often an action of a selector ran, counted as Tetragon counts. */
export interface ActionCount {
  readonly policy: string;
  /** Hook of the policy by its position in the plan, and what it hooks. */
  readonly hook: number;
  readonly target: string;
  /** Position of the selector; `default` for a hook without selectors. */
  readonly selector: number | 'default';
  readonly action: ActionCounter;
  readonly count: number;
}

/** How often a selector won a hit, or a filter or value of it decided one. */
export interface CoverageMark {
  readonly policy: string;
  readonly hook: number;
  readonly selector: number | 'default';
  /** At the return of the function only filters on the returned value are asked. Absent: at its entry. */
  readonly side?: 'return';
  /**
   * Position among the selector's filters, process filters first (at the return: among those on the returned value);
   * absent: the mark is the selector's own.
   */
  readonly filter?: number;
  /** Position among the values of the filter's comparison, then its ranges: it is the one that matched. */
  readonly value?: number;
  /**
   * `failed`: this filter failed first. `matched`: the value is what the hit has, whether the filter asks for it or
   * against it. `not-reached`: an earlier selector had decided. `not-known`: it cannot be told.
   */
  readonly decided: 'won' | 'failed' | 'not-known' | 'matched' | 'not-reached';
  readonly count: number;
}

export function actionCounts(policies: readonly PolicyEvaluator[]): ActionCount[] {
  return policies.flatMap((policy) =>
    policy.counters().flatMap((selectors, hook) =>
      selectors.flatMap((counts, selector) =>
        Object.entries(counts).map(([action, count]) => ({
          ...{ policy: policy.plan.policyName, hook, target: policy.hooks[hook]?.hook.target ?? '' },
          // The last entry of a hook counts hits without selectors.
          selector: selector === selectors.length - 1 ? ('default' as const) : selector,
          action: action as ActionCounter,
          count,
        })),
      ),
    ),
  );
}

export function coverageMarks(policies: readonly PolicyEvaluator[]): CoverageMark[] {
  return policies.flatMap((policy) =>
    policy.marks().flatMap(({ selectors, withoutSelector }, hook) => {
      const at = { policy: policy.plan.policyName, hook };
      const whole = withoutSelector > 0 ? [{ won: withoutSelector }] : [];
      return [
        ...whole.map(({ won }): CoverageMark => ({ ...at, selector: 'default', decided: 'won', count: won })),
        ...selectors.flatMap((marked, selector) => [
          ...sideRows(marked.entry, { ...at, selector }),
          ...sideRows(marked.return, { ...at, selector, side: 'return' }),
        ]),
      ];
    }),
  );
}

type Place = Pick<CoverageMark, 'policy' | 'hook' | 'selector' | 'side'>;

/** What never happened has no row. */
function sideRows({ won, failed, notReached, undetermined, values }: SideMarks, at: Place): CoverageMark[] {
  const own = [
    ['won', won],
    ['not-reached', notReached],
    ['not-known', undetermined],
  ] as const;
  return [
    ...own.filter(([, count]) => count > 0).map(([decided, count]) => ({ ...at, decided, count })),
    ...numbered(failed).map(([filter, count]) => ({ ...at, filter, decided: 'failed' as const, count })),
    ...Object.entries(values).flatMap(([filter, sums]) =>
      numbered(sums).map(([value, count]) => ({
        ...{ ...at, filter: Number(filter), value },
        ...{ decided: 'matched' as const, count },
      })),
    ),
  ];
}

function numbered(sums: Sums): [number, number][] {
  return Object.entries(sums).map(([number, count]) => [Number(number), count]);
}
