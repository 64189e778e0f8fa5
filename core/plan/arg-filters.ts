/** matchArgs, matchData and matchReturnArgs: which argument an entry means, and what it compares. */
import type { NodePath } from '../source/spans.ts';
import type { ArgumentFilter } from '../policy/schema/selector.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import { celArguments } from './cel/arguments.ts';
import { compileFilter } from './operators/index.ts';
import { outsideOf } from './outside.ts';
import type { ArgFilter, ArgPlan, Comparison, HookKind } from './plan.ts';
import type { Reporter } from './reporter.ts';
import type { Part } from './selector-parts.ts';
import { argType } from './types/index.ts';

/** What a filter is compiled against. */
export interface FilterContext {
  readonly kind: HookKind;
  readonly kernel: KernelFacts;
  readonly args: readonly ArgPlan[];
  readonly data: readonly ArgPlan[];
  readonly returnArg: ArgPlan | undefined;
  list(name: string): readonly number[] | string;
}

export function compileArgFilters(
  { items, path }: Part<ArgumentFilter>,
  on: ArgFilter['on'],
  context: FilterContext,
  reporter: Reporter,
): ArgFilter[] {
  return items.flatMap((item, index): ArgFilter[] => {
    const at = [...path, index];
    // An expression names its arguments itself; the index of its filter is never looked at.
    const free = item.operator === 'CelExpr';
    const targets = free ? declaredOf(on, context).slice(0, 1) : addressed(item, on, at, context, reporter);
    const [first] = targets;
    if (first === undefined && !free) return [];
    const comparison = compileFilter({
      operator: item.operator,
      values: item.values ?? [],
      type: argType(first?.type ?? 'int'),
      hook: context.kind,
      kernel: context.kernel,
      argTypes: context.args.map(({ type }) => type),
      positions: targets.length,
      list: (name) => context.list(name),
      warn: (code, message, help) => reporter.warn(code, [...at, 'operator'], message, help),
      fail(code, message, help, value) {
        const place =
          value === undefined
            ? code === 'TR-operator-type'
              ? [...at, 'operator']
              : at
            : [...at, 'values', value];
        reporter.error(code, place, message, help);
        return undefined;
      },
    });
    if (comparison === undefined) return [];
    const positions =
      item.operator === 'CapabilitiesGained'
        ? targets.map(({ position }) => position)
        : [first?.position ?? 0];
    return [
      {
        on,
        positions,
        operator: item.operator,
        written: item.values ?? [],
        comparison,
        outside: outsideOf(comparison, typesBefore(on, lastRead(comparison, positions), context)),
        span: reporter.span(at),
      },
    ];
  });
}

/** The last argument that the filter looks at. */
function lastRead(comparison: Comparison, positions: readonly number[]): number {
  return Math.max(...(comparison.kind === 'cel' ? celArguments(comparison.program) : positions), 0);
}

/** Types of what stands before an argument in the record; the returned value has a place of its own. */
function typesBefore(
  on: ArgFilter['on'],
  position: number,
  { args, data }: FilterContext,
): readonly ArgTypeName[] {
  if (on === 'return') return [];
  const before = on === 'args' ? args.slice(0, position) : [...args, ...data.slice(0, position)];
  return before.map(({ type }) => type);
}

const declaredOf = (on: ArgFilter['on'], { args, data, returnArg }: FilterContext): readonly ArgPlan[] =>
  on === 'args' ? args : on === 'data' ? data : [returnArg ?? []].flat();

/** The arguments that an entry means; none when that was reported. */
function addressed(
  item: ArgumentFilter,
  on: ArgFilter['on'],
  path: NodePath,
  context: FilterContext,
  reporter: Reporter,
): ArgPlan[] {
  const declared = declaredOf(on, context);
  const where = on === 'return' ? 'returnArg' : on;
  if (item.args !== undefined && item.args.length > 0) {
    return item.args.flatMap((position, entry) => {
      const arg = declared[position];
      if (arg !== undefined) return [arg];
      reporter.error(
        'TR-filter-index',
        [...path, 'args', entry],
        `there is no position ${position} in ${where}, which has ${declared.length === 1 ? '1 entry' : `${declared.length} entries`}`,
        'args counts positions in the list, from 0.',
      );
      return [];
    });
  }
  const index = item.index ?? 0;
  const byIndex = on === 'data' ? declared[index] : declared.find((arg) => arg.index === index);
  // A tracepoint's filters may name the field or the position; the field goes first.
  const found = byIndex ?? (context.kind === 'tracepoint' && on === 'args' ? declared[index] : undefined);
  if (found !== undefined) return [found];
  reporter.error(
    'TR-filter-index',
    item.index === undefined ? path : [...path, 'index'],
    declared.length === 0
      ? `the filter is on index ${index}, but the hook has no ${where}`
      : `index ${index} is none of ${where} (${declared.map((arg) => (on === 'data' ? arg.position : arg.index)).join(', ')})`,
    on === 'args' ? 'A filter can only look at an argument that is listed under args.' : undefined,
  );
  return [];
}
