/** The table of operators: one file a family. */
import type { Comparison } from '../plan.ts';
import type { ArgType } from '../types/index.ts';
import { address } from './address.ts';
import { affix } from './affix.ts';
import { capabilitiesGained } from './capabilities-gained.ts';
import { celExpr } from './cel-expr.ts';
import { equal } from './equal.ts';
import { fileType } from './file-type.ts';
import { inMap } from './in-map.ts';
import { inRange } from './in-range.ts';
import { mask } from './mask.ts';
import type { FilterInput, OperatorFamily, Support } from './operator.ts';
import { order } from './order.ts';
import { port } from './port.ts';
import { socketNumber } from './socket-number.ts';
import { substring } from './substring.ts';

export type { FilterInput, OperatorFamily, Support } from './operator.ts';

/** In the order of the documentation. */
export const operatorFamilies: readonly OperatorFamily[] = [
  equal,
  order,
  mask,
  inMap,
  inRange,
  affix,
  substring,
  address,
  port,
  socketNumber,
  fileType,
  capabilitiesGained,
  celExpr,
];

const families = new Map<string, OperatorFamily>(
  operatorFamilies.flatMap((family) => Object.keys(family.operators).map((name) => [name, family] as const)),
);

/** What an operator means, in words. */
export function operatorWords(operator: string): string | undefined {
  return families.get(operator)?.operators[operator];
}

/** What becomes of an operator on a type. */
export function operatorSupport(operator: string, type: ArgType): Support {
  return families.get(operator)?.support(operator, type) ?? 'refused';
}

/** Operators whose type Tetragon looks at only when it reads a value: without values they load with every type. */
const judgedByValues: ReadonlySet<string> = new Set([
  ...Object.keys(equal.operators),
  ...Object.keys(order.operators),
  ...Object.keys(mask.operators),
  ...Object.keys(inMap.operators),
  ...Object.keys(inRange.operators),
]);

/** The comparison that a filter makes; undefined when something was reported. */
export function compileFilter(input: FilterInput): Comparison | undefined {
  const { operator, type } = input;
  const family = families.get(operator);
  const support = operatorSupport(operator, type);
  if (support === 'refused' && input.values.length === 0 && judgedByValues.has(operator)) {
    return {
      kind: 'constant',
      result: type.family === 'opaque',
      why: `${operator} has no values, and does not take type ${type.name}`,
    };
  }
  if (family === undefined || support === 'refused') {
    return input.fail(
      'TR-operator-type',
      `operator ${operator} does not take arguments of type ${type.name}`,
      usableWith(type),
    );
  }
  const comparison = family.compile(input);
  if (comparison === undefined || support === 'works') return comparison;
  return {
    kind: 'constant',
    result: support === 'always',
    why: `${operator} loads with type ${type.name}, but ${support === 'always' ? 'lets every value pass' : 'never matches'}`,
  };
}

function usableWith(type: ArgType): string {
  const usable = [...families.keys()].filter(
    (operator) => operator !== 'CelExpr' && operatorSupport(operator, type) === 'works',
  );
  return usable.length === 0
    ? `Arguments of type ${type.name} cannot be compared; read a member of it with resolve, if it has any.`
    : `Operators for type ${type.name}: ${usable.join(', ')}.`;
}
