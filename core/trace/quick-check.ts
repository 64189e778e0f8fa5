/**
 * Tells at once that a value fits a schema, as most do. A snapshot names some hundred files, and reading it with the
 * schema itself takes longer than the replay of a short trace: the library wraps each value that it meets.
 */
import type * as z from 'zod/mini';

/** True only for what the schema takes as it is, and returns unchanged; false says nothing. */
export type QuickCheck = (value: unknown) => boolean;

type Definition = z.core.$ZodTypes['_zod']['def'];
type CheckDefinition = z.core.$ZodChecks['_zod']['def'];

const never: QuickCheck = () => false;

/** The check of a schema; of one that holds parts of a kind that is not known here it never says yes. */
export function quickCheck(schema: z.core.$ZodType): QuickCheck {
  const { def } = schema._zod as { readonly def: Definition };
  const kind = kinds[def.type] as ((def: Definition) => QuickCheck) | undefined;
  const own = kind?.(def) ?? never;
  const more = (def.checks ?? []).map((check) => {
    const checked = check._zod.def as CheckDefinition;
    return (
      (checkKinds[checked.check] as ((def: CheckDefinition) => QuickCheck) | undefined)?.(checked) ?? never
    );
  });
  return more.length === 0 ? own : (value) => own(value) && more.every((check) => check(value));
}

/** Kinds of schemas, each with what makes its check. */
const kinds: { readonly [T in Definition['type']]?: (def: Extract<Definition, { type: T }>) => QuickCheck } =
  {
    string: () => (value) => typeof value === 'string',
    boolean: () => (value) => typeof value === 'boolean',
    // A format is a check of its own kind: that of integers is the only one in use.
    number: (def) =>
      !('format' in def) ? Number.isFinite : def.format === 'safeint' ? Number.isSafeInteger : never,
    literal: ({ values }) => {
      const all: readonly unknown[] = values;
      return (value) => all.includes(value);
    },
    optional: ({ innerType }) => orElse(undefined, quickCheck(innerType)),
    nullable: ({ innerType }) => orElse(null, quickCheck(innerType)),
    union: (def) => {
      const options = def.options.map(quickCheck);
      return (value) => options.some((option) => option(value));
    },
    array: ({ element }) => {
      const item = quickCheck(element);
      return (value) => Array.isArray(value) && value.every(item);
    },
    record: ({ keyType, valueType }) => ofRecord(quickCheck(keyType), quickCheck(valueType)),
    object: ({ catchall, shape }) => (catchall === undefined ? ofObject(shape) : never),
  };

const orElse =
  (other: null | undefined, inner: QuickCheck): QuickCheck =>
  (value) =>
    value === other || inner(value);

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function ofRecord(key: QuickCheck, item: QuickCheck): QuickCheck {
  return (value) => isPlain(value) && Object.keys(value).every((name) => key(name) && item(value[name]));
}

/** Keys beside those of the shape are taken out by the schema. */
function ofObject(shape: Readonly<Record<string, z.core.$ZodType>>): QuickCheck {
  const members = new Map(Object.entries(shape).map(([name, schema]) => [name, quickCheck(schema)]));
  const needed = [...members].filter(([, check]) => !check(undefined)).map(([name]) => name);
  return (value) =>
    isPlain(value) &&
    Object.keys(value).every((name) => members.get(name)?.(value[name]) === true) &&
    needed.every((name) => Object.hasOwn(value, name));
}

/** Kinds of checks beside that of the type. */
const checkKinds: {
  readonly [C in CheckDefinition['check']]?: (def: Extract<CheckDefinition, { check: C }>) => QuickCheck;
} & { readonly describe: () => QuickCheck } = {
  // A description asks for nothing.
  describe: () => () => true,
  greater_than: ({ inclusive, value: least }) =>
    inclusive ? (value) => (value as number) >= (least as number) : never,
  less_than: ({ inclusive, value: most }) =>
    inclusive ? (value) => (value as number) <= (most as number) : never,
  string_format: ({ pattern }) =>
    pattern === undefined || pattern.global || pattern.sticky
      ? never
      : (value) => pattern.test(value as string),
};
