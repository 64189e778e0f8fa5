/** matchCapabilities and matchCapabilityChanges: a single entry counts; with a second one nothing ever matches. */
import type { CapabilityFilter } from '../../policy/schema/selector.ts';
import type { NodePath } from '../../source/spans.ts';
import { capabilityHelp, policyCapabilityBit } from '../../names/capabilities.ts';
import type { ProcessFilter } from '../plan.ts';
import type { Reporter } from '../reporter.ts';
import type { Part } from '../selector-parts.ts';

export function compileCapabilities(
  { items, path }: Part<CapabilityFilter>,
  kind: 'capability' | 'capability-change',
  reporter: Reporter,
): ProcessFilter[] {
  const filters = items.map((item, index): ProcessFilter => {
    const at = [...path, index];
    const base = {
      set: item.type,
      negated: item.operator === 'NotIn',
      mask: capabilityMask(item.values, [...at, 'values'], reporter),
      span: reporter.span(at),
    };
    return kind === 'capability'
      ? { kind, ...base, namespaceCapability: item.isNamespaceCapability }
      : { kind, ...base };
  });
  if (filters.length < 2) return filters;
  const name = kind === 'capability' ? 'matchCapabilities' : 'matchCapabilityChanges';
  return [
    {
      kind: 'constant',
      of: name,
      result: false,
      why: `with more than one ${name} entry a selector never matches`,
      span: reporter.span(path),
    },
  ];
}

function capabilityMask(values: readonly string[], path: NodePath, reporter: Reporter): bigint {
  let mask = 0n;
  values.forEach((text, position) => {
    const bit = policyCapabilityBit(text);
    if (bit === undefined) {
      reporter.error(
        'TR-capability',
        [...path, position],
        `value ${JSON.stringify(text)} names no capability`,
        capabilityHelp(text),
      );
    } else mask |= bit;
  });
  return mask;
}
