/** Selectors after one that matches all that they match. */
import type {
  ArgFilter,
  Comparison,
  HookPlan,
  Outside,
  ProcessFilter,
  SelectorPlan,
} from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';
import { passes, possibleValues } from './possible-values.ts';
import { areApart, textHits } from './text-match.ts';
import type { Bytes } from './text-match.ts';

export function unreachableSelectors(context: LintContext): void {
  for (const hook of context.planHooks) {
    hook.selectors.forEach((selector, index) => {
      const earlier = hook.selectors.slice(0, index).find((other) => covers(other, selector, hook));
      if (earlier === undefined) return;
      const all = earlier.process.length + earlier.args.length === 0;
      context.warningAt(
        'TR-unreachable-selector',
        selector.span,
        `this selector is never reached: ${all ? `selector ${earlier.index} has no filter, so it always matches` : `selector ${earlier.index} matches all that it matches`}`,
        'The first selector that matches decides. Put this one before it; a "- " too many splits one selector into two.',
      );
    });
  }
}

function covers(earlier: SelectorPlan, later: SelectorPlan, hook: HookPlan): boolean {
  // At return, the selectors from the entry's winner on are tried by their return filters, so a later one may still act.
  if (hook.returnArg !== undefined && (earlier.returnArgs.length > 0 || later.returnArgs.length > 0))
    return false;
  if (earlier.process.length + earlier.args.length === 0) return true;
  // Each filter of the earlier one lets everything through that some filter of the later one does.
  return (
    earlier.process.every((wide) =>
      later.process.some((narrow) => sameFilter(wide, narrow) || processWithin(narrow, wide)),
    ) &&
    earlier.args.every((wide) =>
      later.args.some((narrow) => sameFilter(wide, narrow) || argumentWithin(narrow, wide)),
    )
  );
}

const sameFilter = (a: object, b: object): boolean => textOf(a) === textOf(b);

/** Whether it is certain that what passes the narrow filter passes the wide one. */
function argumentWithin(narrow: ArgFilter, wide: ArgFilter): boolean {
  if (narrow.on !== wide.on || narrow.positions.join() !== wide.positions.join()) return false;
  for (const [what, answer] of Object.entries(narrow.outside) as [keyof Outside, string][])
    if (answer !== 'fails' && answer !== wide.outside[what]) return false;
  return comparisonWithin(narrow.comparison, wide.comparison);
}

function comparisonWithin(narrow: Comparison, wide: Comparison): boolean {
  if (narrow.kind === 'bytes' && wide.kind === 'bytes') return bytesWithin(narrow, wide);
  if (!('load' in narrow) || !('load' in wide) || narrow.load !== wide.load) return false;
  const values = possibleValues(narrow);
  if (values !== undefined) return values.every((value) => passes(wide, value) === true);
  if (narrow.kind === 'int-order' && wide.kind === 'int-order') return orderWithin(narrow, wide);
  if (narrow.kind === 'int-mask' && wide.kind === 'int-mask') {
    const all = wide.values.reduce((bits, value) => bits | value, 0n);
    return narrow.values.every((value) => (value & ~all) === 0n);
  }
  if (narrow.kind !== 'int-set' || wide.kind !== 'int-set') return false;
  return narrow.ranges.length + wide.ranges.length === 0 && setWithin(narrow, wide);
}

/** What is beyond one of the values passes: each of the narrow one lies beyond one of the wide one. */
const orderWithin = (narrow: IntOrder, wide: IntOrder): boolean =>
  narrow.order === wide.order &&
  narrow.values.every((value) =>
    wide.values.some((wanted) => (narrow.order === 'gt' ? value >= wanted : value <= wanted)),
  );

type IntOrder = Extract<Comparison, { kind: 'int-order' }>;

interface ValueSet<T> {
  readonly negated: boolean;
  readonly values: readonly T[];
}

/** `Equal 1` is within `Equal 1 or 2` and within `NotEqual 3`; `NotEqual 1 or 2` is within `NotEqual 1`. */
function setWithin<T>(narrow: ValueSet<T>, wide: ValueSet<T>): boolean {
  if (!narrow.negated && !wide.negated) return narrow.values.every((value) => wide.values.includes(value));
  if (!narrow.negated) return !narrow.values.some((value) => wide.values.includes(value));
  return wide.negated && wide.values.every((value) => narrow.values.includes(value));
}

function bytesWithin(narrow: Bytes, wide: Bytes): boolean {
  if (narrow.of !== wide.of) return false;
  if (narrow.match === 'equal' && wide.match === 'equal') return setWithin(narrow, wide);
  const fit = textHits[wide.match];
  if (narrow.negated || fit === undefined) return false;
  if (wide.negated && (narrow.match === 'prefix' || narrow.match === 'postfix')) {
    const { match } = narrow;
    // No text of the one is a text that the other rules out.
    const rulesOut = (text: string, wanted: string): boolean =>
      wide.match === 'equal' ? textHits[match]?.(wanted, text) === true : !areApart(match, text, wanted);
    if (wide.match !== 'equal' && wide.match !== match) return false;
    return narrow.values.every((text) => !wide.values.some((wanted) => rulesOut(text, wanted)));
  }
  // What is equal to a text, or begins or ends with it, has all of its parts at that end.
  const readable =
    narrow.match === 'equal' ||
    (!wide.negated && (narrow.match === wide.match || wide.match === 'substring'));
  if (!readable || narrow.match === 'substring-ignore-case') return false;
  const hits = (text: string): boolean => wide.values.some((wanted) => fit(text, wanted));
  return narrow.values.every((text) => hits(text) !== wide.negated);
}

function processWithin(narrow: ProcessFilter, wide: ProcessFilter): boolean {
  if (narrow.kind !== 'binary' || wide.kind !== 'binary') return false;
  const alike = narrow.of === wide.of && narrow.followChildren === wide.followChildren;
  if (!alike || narrow.match !== 'exact') return false;
  if (wide.match === 'exact') return setWithin(narrow, wide);
  const fit = textHits[wide.match];
  if (narrow.negated || fit === undefined) return false;
  return narrow.values.every((text) => wide.values.some((wanted) => fit(text, wanted)) !== wide.negated);
}

function textOf(filter: object): string {
  return JSON.stringify(filter, (key, value: unknown) =>
    key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );
}
