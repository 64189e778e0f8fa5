/** Which backend an outcome, a result or a report is of. Two kernels, or two ways to run one, are two backends. */

export interface BackendId {
  /** `sim`, `kernel` (this host), `vm`; other backends bring their own. */
  readonly kind: string;
  /** Kernel that was asked for or is run, as users name it (`6.12`); absent where it is whatever is found. */
  readonly kernel?: string;
  /** What provides the machine, where there is more than one: `vagrant`. */
  readonly provider?: string;
}

/**
 * A stable text, by which results are keyed: `sim`, `sim@5.10`, `vm@6.12`, `vm@6.12/vagrant`.
 *
 * @example
 * ```ts
 * import { backendText } from 'tracerig/core';
 *
 * console.log(backendText({ kind: 'vm', kernel: '6.12' })); // vm@6.12
 * ```
 */
export function backendText({ kind, kernel, provider }: BackendId): string {
  return `${kind}${kernel === undefined ? '' : `@${kernel}`}${provider === undefined ? '' : `/${provider}`}`;
}
