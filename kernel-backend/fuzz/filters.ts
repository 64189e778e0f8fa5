/** Filters on arguments: every operator on every type that loads, and that the programs can do. */
import fc from 'fast-check';
import { addressText } from '../../core/go/go-netip.ts';
import { compileFilter, operatorFamilies, operatorSupport } from '../../core/plan/operators/index.ts';
import { argType } from '../../core/plan/types/index.ts';
import { anyKernel } from '../../core/kernels/kernel-facts.ts';
import { outsideOf } from '../../core/plan/outside.ts';
import type { Span } from '../../core/source/diagnostic.ts';
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import { encodeFilter } from '../encode/filter.ts';
import { ValueSets } from '../encode/sets.ts';
import { UnsupportedError } from '../encode/unsupported.ts';
import type { Section } from './case.ts';
import { address, fileTypes, port, shortText, smallNumber } from './values.ts';

/** The letter `a`, as integers of 8, 16, 32 and 64 bits: what is found behind a long text of it. */
const letters = ['97', '24929', '1633771873', '7016996765293437281'];

const number = fc.oneof(
  { weight: 4, arbitrary: smallNumber.map(String) },
  { weight: 1, arbitrary: fc.constantFrom('-1', '-3', '0x10', '2147483648', '18446744073709551615') },
  { weight: 1, arbitrary: fc.constantFrom(...letters) },
);
const range = fc
  .tuple(smallNumber, smallNumber)
  .map(([a, b]) => `${Math.min(a, b, 255)}:${Math.min(Math.max(a, b), 255)}`);
const block = fc
  .tuple(address, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bytes, part]) =>
    part > 0.6 ? addressText(bytes) : `${addressText(bytes)}/${Math.round((part / 0.6) * bytes.length * 8)}`,
  );
const portRange = fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}:${Math.max(a, b)}`);

/** Values that the operators are given; which of them load with a type is found out. */
const pools: Readonly<Record<string, fc.Arbitrary<string>>> = {
  number,
  range,
  text: shortText.map((value) => value.slice(0, 100)),
  longText: shortText.map((value) => value.repeat(3)),
  fileType: fc.constantFrom(...Object.keys(fileTypes)),
  block,
  port: port.map(String),
  portRange,
  family: fc.constantFrom('AF_INET', 'AF_INET6', 'AF_UNIX', '3:16'),
  protocol: fc.constantFrom('IPPROTO_TCP', 'IPPROTO_UDP', '0:5'),
  state: fc.constantFrom('TCP_LISTEN', 'TCP_CLOSE', '1', '2:4'),
  capability: fc.constantFrom('CAP_CHOWN', 'CAP_SYS_ADMIN'),
  flag: fc.constantFrom('1', '0'),
};

/** All operators that the policy language has. CelExpr takes no values of a kind, and has tests of its own. */
const operators = operatorFamilies
  .flatMap((family) => Object.keys(family.operators))
  .filter((one) => one !== 'CelExpr');

interface Filter {
  readonly index?: number;
  readonly args?: readonly number[];
  readonly operator: string;
  readonly values?: readonly string[];
}

/** An operator on a type, with the values that it takes. */
export interface Combination {
  readonly operator: string;
  readonly values: fc.Arbitrary<string> | undefined;
}

const known = new Map<string, readonly Combination[]>();

/** Those that load at hooks of the section, and that the programs can do. */
export function combinationsOf(section: Section, type: ArgTypeName): readonly Combination[] {
  const key = `${section} ${type}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = operators
    .filter((operator) => loadsWith(operator, type))
    .flatMap((operator): Combination[] => {
      const takes = (...some: string[]): boolean => isTaken(section, type, operator, some);
      // What some of a pool do not load with is drawn again.
      const taken = Object.values(pools).filter((pool) =>
        fc.sample(pool, { numRuns: 8, seed: 1 }).some((value) => takes(value)),
      );
      return [
        ...taken.map((pool) => ({ operator, values: pool.filter((value) => takes(value)) })),
        ...(takes() ? [{ operator, values: undefined }] : []),
      ];
    });
  known.set(key, found);
  return found;
}

/** A policy has room for one substring only: it is kept for types that it can be found in. */
function loadsWith(operator: string, type: ArgTypeName): boolean {
  const support = operatorSupport(operator, argType(type));
  return operator.startsWith('SubString') ? support === 'works' : support !== 'refused';
}

const nowhere: Span = {
  file: '',
  start: { line: 1, column: 1, offset: 0 },
  end: { line: 1, column: 1, offset: 0 },
};

function isTaken(section: Section, type: ArgTypeName, operator: string, values: readonly string[]): boolean {
  const comparison = compileFilter({
    ...{ operator, values, type: argType(type), kernel: anyKernel, argTypes: [type], positions: 1 },
    hook: section === 'lsmhooks' ? 'lsm' : 'kprobe',
    list: (name) => `there is no list ${name}`,
    warn: () => undefined,
    fail: () => undefined,
  });
  if (comparison === undefined) return false;
  const filter = {
    on: 'args',
    positions: [0],
    operator,
    written: values,
    comparison,
    span: nowhere,
  } as const;
  try {
    encodeFilter(
      { ...filter, outside: outsideOf(comparison, []) },
      { sets: new ValueSets(), hook: { args: [] } },
    );
    return true;
  } catch (error) {
    if (error instanceof UnsupportedError) return false;
    throw error;
  }
}

/** A filter on the argument at the position; undefined where the type takes none. */
export function filterOn(
  section: Section,
  index: number,
  type: ArgTypeName,
): fc.Arbitrary<Filter> | undefined {
  const combinations = combinationsOf(section, type);
  if (combinations.length === 0) return undefined;
  return fc.constantFrom(...combinations).chain(({ operator, values }) => {
    if (values === undefined) return fc.constant({ index, operator });
    const list = { minLength: 1, maxLength: /^(GT|LT|SubString.*)$/.test(operator) ? 1 : 4 };
    return fc.uniqueArray(values, list).map((some) => ({ index, operator, values: some }));
  });
}

/** Two sets of capabilities, one of which may have what the other lacks. */
export function gainedFilter(types: readonly ArgTypeName[]): fc.Arbitrary<Filter> | undefined {
  const sets = types.flatMap((type, index) => (argType(type).family === 'caps' ? [index] : []));
  const [first, second] = sets;
  if (first === undefined || second === undefined) return undefined;
  return fc
    .constantFrom([first, second], [second, first])
    .map((args) => ({ args, operator: 'CapabilitiesGained' }));
}
