/** Any error as one of the run. */
import { BackendError } from '../core/backend/error.ts';
import type { RunError } from './result.ts';

/** An unforeseen error keeps its stack as the log: it is a bug of tracerig. */
export function asRunError(error: unknown): RunError {
  if (error instanceof BackendError) {
    const { code, message, kind, detail } = error;
    return { code, message, kind, ...detail };
  }
  const { code, message, file, line } = error as {
    code?: unknown;
    message?: string;
    file?: string;
    line?: number;
  };
  // Errors of input that is no trace at all name their file and line.
  if (typeof code === 'string' && file !== undefined) {
    const place = `${file}${line === undefined ? '' : `:${line}`}`;
    return { code, message: `${place}: ${message ?? 'cannot be read'}`, kind: 'usage' };
  }
  return {
    code: 'TR-internal',
    message: error instanceof Error ? error.message : String(error),
    kind: 'failed',
    ...(error instanceof Error && error.stack !== undefined ? { log: error.stack } : {}),
  };
}
