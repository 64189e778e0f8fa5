/** What the calls' heads are made of. */
import * as z from 'zod/mini';
import type { ByteString } from '../../../core/values/value.ts';

/** Bytes of the kernel's (paths, arguments) as Latin-1: one code unit a byte. */
export const byteString = z.custom<ByteString>((value) => typeof value === 'string');
export const whole = z.int().check(z.nonnegative());
/** Numbers that can be beyond 2^53. Of these only the upper bits may be wrong. */
export const wide = z.number().check(z.nonnegative());
/** Nanoseconds, as decimal text in JSON. */
export const nanoseconds = z.pipe(
  z.string().check(z.regex(/^-?\d+$/)),
  z.transform((text) => BigInt(text)),
);
/** Says nothing. */
export const nothing = z.object({});

/** Of what is made; default: the core's own. */
export const owner = { uid: z.optional(whole), gid: z.optional(whole) };
export const made = z.object({ made: z.readonly(z.array(byteString)) });
