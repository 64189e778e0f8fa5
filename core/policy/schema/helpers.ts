/** Building blocks of the policy schema: zod with a description on every field, and the CRD's number formats. */
import * as z from 'zod/mini';

/** Attaches the field's documentation (shown by `tracerig explain`). */
export function about<T extends z.ZodMiniType>(text: string, schema: T): T {
  return schema.check(z.describe(text));
}

/** An optional field with its documentation. */
export function may<T extends z.ZodMiniType>(text: string, schema: T): z.ZodMiniOptional<T> {
  return about(text, z.optional(schema));
}

const int32Limits = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** A signed 32-bit number. */
export function int32(): z.ZodMiniNumberFormat {
  return z.int().check(z.minimum(int32Limits.minimum), z.maximum(int32Limits.maximum));
}

/** A 32-bit number from 0 on. */
export function unsigned(): z.ZodMiniNumberFormat {
  return z.int().check(z.minimum(0), z.maximum(int32Limits.maximum));
}

/** An address or offset: numbers beyond 2^53 come as bigint, so bigint is what readers get. */
export const int64 = z.pipe(
  z.custom<number | bigint>(
    (value) => typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)),
    { error: 'int64' },
  ),
  z.transform((value) => BigInt(value)),
);

/** A rule of the custom resource definition: CEL text that must be true of `self`, and what to say if it is not. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  /** Keys below the schema's place, one of which it is about: the last that is written is pointed at. */
  readonly keys: readonly (readonly string[])[];
  /** What to write. */
  readonly help: string;
}

/** The CEL rules of schemas; they are evaluated on the data as written, defaults filled in. */
export const celRules = z.registry<{ rules: readonly CelRule[] }>();

export function withRules<T extends z.ZodMiniType>(schema: T, ...rules: CelRule[]): T {
  celRules.add(schema, { rules });
  return schema;
}
