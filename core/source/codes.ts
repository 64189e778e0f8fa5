/**
 * Every code of tracerig, by the stage that raises it. Codes are stable: users filter and document by them. A new code is
 * added to the file of its stage in `codes/`.
 */
import { backends } from './codes/backends.ts';
import type { CodeEntry } from './codes/code.ts';
import { compiling } from './codes/compiling.ts';
import { envelope } from './codes/envelope.ts';
import { kernels } from './codes/kernels.ts';
import { lints } from './codes/lints.ts';
import { reading } from './codes/reading.ts';
import { recordings } from './codes/recordings.ts';
import { rules } from './codes/rules.ts';
import { scenarios } from './codes/scenarios.ts';
import { schema } from './codes/schema.ts';

/** In the order in which a policy passes them. */
export const codeStages = {
  'Reading the file': reading,
  'Envelope and object metadata': envelope,
  Schema: schema,
  'Rules beyond the schema': rules,
  'Filters, actions and modes': compiling,
  Lints: lints,
  Kernels: kernels,
  Scenarios: scenarios,
  Recordings: recordings,
  Backends: backends,
} as const;

type Stages = typeof codeStages;
type CodesOf<Stage> = Stage extends unknown ? keyof Stage : never;

/** A code that the table has: what a diagnostic, an error of a run or of a backend may be called. */
export type DiagnosticCode = CodesOf<Stages[keyof Stages]>;

/** What the table says of each code. */
export const codes = Object.assign({}, ...Object.values(codeStages)) as Readonly<
  Record<DiagnosticCode, CodeEntry>
>;

/** True if the table has the code. */
export function isCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(codes, text);
}
