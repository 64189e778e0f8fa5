/** podSelector, containerSelector and hostSelector, of a policy and of a selector. */
import type { LabelSelector, Workload } from '../../policy/schema/workload.ts';
import type { LabelRequirement, WorkloadSelector } from '../plan.ts';

/** Undefined when nothing is selected: every process is meant then. */
export function compileWorkload(selectors: Workload): WorkloadSelector | undefined {
  const { podSelector, containerSelector, hostSelector } = selectors;
  if (podSelector === undefined && containerSelector === undefined && hostSelector === undefined)
    return undefined;
  return {
    ...(podSelector === undefined ? {} : { pod: requirements(podSelector) }),
    ...(containerSelector === undefined ? {} : { container: requirements(containerSelector) }),
    host: hostSelector !== undefined,
  };
}

/** The matchLabels are conditions like any other: the label is one of a single value. */
function requirements(selector: LabelSelector): LabelRequirement[] {
  return [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]): LabelRequirement => ({
      key,
      operator: 'In',
      values: [value],
    })),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values }): LabelRequirement => ({
      key,
      operator,
      values: values ?? [],
    })),
  ];
}
