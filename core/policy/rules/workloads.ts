/** Label selectors of pods, containers and nodes. */
import type { NodePath } from '../../source/spans.ts';
import type { LabelSelector } from '../schema/workload.ts';
import { hooksOf } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

const containerKeys: readonly string[] = ['name', 'repo'];

export function workloads(context: RuleContext): void {
  const { spec } = context.document;
  for (const field of ['podSelector', 'containerSelector', 'nodeSelector'] as const) {
    const selector = spec[field];
    if (selector !== undefined)
      checkSelector(context, selector, ['spec', field], field === 'containerSelector');
  }
  for (const { hook, path } of hooksOf(context.document)) {
    hook.selectors?.forEach(({ matchWorkloads }, index) => {
      for (const field of ['podSelector', 'containerSelector'] as const) {
        const selector = matchWorkloads?.[field];
        const at = [...path, 'selectors', index, 'matchWorkloads', field];
        if (selector !== undefined) checkSelector(context, selector, at, field === 'containerSelector');
      }
    });
  }
}

function checkSelector(
  context: RuleContext,
  selector: LabelSelector,
  path: NodePath,
  container: boolean,
): void {
  selector.matchExpressions?.forEach(({ operator, values = [], key }, index) => {
    const at = [...path, 'matchExpressions', index];
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (needsValues && values.length === 0) {
      context.error('TR-workload', at, `${operator} needs values`, 'Add the label values to compare with.');
    } else if (!needsValues && values.length > 0) {
      context.error('TR-workload', [...at, 'values'], `${operator} takes no values`, 'Remove them.', {
        atKey: true,
      });
    }
    if (container) checkContainerKey(context, key, [...at, 'key']);
  });
  if (!container) return;
  for (const key of Object.keys(selector.matchLabels ?? {}))
    checkContainerKey(context, key, [...path, 'matchLabels', key]);
}

function checkContainerKey(context: RuleContext, key: string, path: NodePath): void {
  if (containerKeys.includes(key)) return;
  context.error(
    'TR-workload',
    path,
    `containers have no key \`${key}\``,
    `Use ${containerKeys.join(' or ')}.`,
  );
}
