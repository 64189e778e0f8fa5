/** An input that is no trace at all, or a start snapshot that is none. */

/** `code` is stable; `line` counts from 1 and is absent when the whole file is meant. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  constructor(
    readonly code: 'TR-trace-empty' | 'TR-trace-unreadable' | 'TR-start-invalid',
    message: string,
    readonly file: string,
    readonly line?: number,
  ) {
    super(message);
  }
}
