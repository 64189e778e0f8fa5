/** Any error as one of the run. */
import { BackendError } from '../core/backend/error.ts';
import type { RunError } from './result.ts';

/** An unforeseen error keeps its stack as the log: it is a bug of tracerig. */
export function asRunError(error: unknown): RunError {
  if (error instanceof BackendError) {
    const { code, message, kind, detail } = error;
    return { code, message, kind, ...detail };
  }
  return {
    code: 'TR-internal',
    message: error instanceof Error ? error.message : String(error),
    kind: 'failed',
    ...(error instanceof Error && error.stack !== undefined ? { log: error.stack } : {}),
  };
}
