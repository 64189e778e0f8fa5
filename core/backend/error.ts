/** What goes wrong with a machine, and whose fault it is. */
import type { DiagnosticCode } from '../source/codes.ts';

/**
 * `failed`: what was asked for went wrong while it ran. `usage`: a policy, scenario, trace or option cannot be used as it
 * is. `unavailable`: this machine cannot do it. What each is as an exit code is the runner's to say.
 */
export type FailureKind = 'failed' | 'usage' | 'unavailable';

/** What helps to mend it. */
export interface FailureDetail {
  /** Command that would enable what is lacking. */
  readonly enable?: string;
  /** Output of a tool or the kernel's verifier, for whoever looks into it. */
  readonly log?: string;
}

/**
 * A failure of the machine, not of an expectation. `code` is stable.
 *
 * @example
 * ```ts
 * import { BackendError } from 'tracerig/core';
 * import type { Backend, SessionRequest } from 'tracerig/core';
 *
 * export async function tryToOpen(backend: Backend, request: SessionRequest) {
 *   try {
 *     return await backend.open(request);
 *   } catch (error) {
 *     if (error instanceof BackendError) console.error(error.code, error.kind, error.message);
 *     throw error;
 *   }
 * }
 * ```
 */
export class BackendError extends Error {
  override readonly name = 'BackendError';

  constructor(
    readonly code: DiagnosticCode,
    message: string,
    readonly kind: FailureKind,
    readonly detail: FailureDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
