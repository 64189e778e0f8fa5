/** What an operator family has to say to the compiler: which types it takes, and what becomes of its values. */
import type { DiagnosticCode } from '../../source/codes.ts';
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { Comparison, HookKind } from '../plan.ts';
import type { ArgType } from '../types/index.ts';

/**
 * `works`: compares. `never`, `always`: loads, and whatever the argument is, the filter fails or passes (oddities of
 * Tetragon). `refused`: the policy does not load.
 */
export type Support = 'works' | 'never' | 'always' | 'refused';

/** One entry of matchArgs, matchData or matchReturnArgs, addressed and typed. */
export interface FilterInput {
  readonly operator: string;
  readonly values: readonly string[];
  readonly type: ArgType;
  readonly hook: HookKind;
  /** The kernel that is compiled for. */
  readonly kernel: KernelFacts;
  /** Types of the hook's arguments by position, for CEL. */
  readonly argTypes: readonly ArgTypeName[];
  /** How many arguments the entry addresses. */
  readonly positions: number;
  /** Numbers of the system calls of a list, or why there are none. */
  list(name: string): readonly number[] | string;
  /** Reports what may be otherwise than it is compiled. */
  warn(code: DiagnosticCode, message: string, help: string): void;
  /** Reports; `value` is the position of the value in question. */
  fail(code: DiagnosticCode, message: string, help?: string, value?: number): undefined;
}

export interface OperatorFamily {
  /** Spellings in policies, each with what it means in words. */
  readonly operators: Readonly<Record<string, string>>;
  support(operator: string, type: ArgType): Support;
  /** Parses the values. Undefined when something was reported. Called for refused types never. */
  compile(input: FilterInput): Comparison | undefined;
}

/** Most values of an operator that stores them in the selector itself. */
const inlineValues = 4;

/** Reports more values than the selector has room for. */
export function checkInlineValues(input: FilterInput, help?: string): boolean {
  if (input.values.length <= inlineValues) return true;
  input.fail(
    'TR-filter-values',
    `${input.operator} takes at most ${inlineValues} values (${input.values.length} given)`,
    help,
    inlineValues,
  );
  return false;
}
