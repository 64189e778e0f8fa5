/** An input that cannot be read as a trace. */

export type TraceErrorCode =
  /** The file or stream gives no bytes. */
  | 'TR-trace-file'
  /** Compressed, and cut, corrupt or of a kind that is not read. */
  | 'TR-trace-compressed'
  | 'TR-trace-empty'
  | 'TR-trace-unreadable';

/**
 * `code` is stable; `line` counts from 1 and is absent when the whole file is meant.
 *
 * @example
 * ```ts
 * import { TraceError } from 'tracerig/core';
 *
 * export const placeOf = (error: unknown) =>
 *   error instanceof TraceError ? `${error.file}:${error.line ?? 1}` : undefined;
 * ```
 */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  constructor(
    readonly code: TraceErrorCode,
    message: string,
    readonly file: string,
    readonly line?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
