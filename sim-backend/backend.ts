/** The simulator as a backend. */
import type { Backend, Session, SessionRequest, StepRequest } from '../core/backend/backend.ts';
import { BackendError } from '../core/backend/backend.ts';
import type { Outcome } from '../core/backend/outcome.ts';
import { replay } from './replay/replay.ts';
import { TraceError } from './trace/errors.ts';

class SimSession implements Session {
  constructor(private readonly request: SessionRequest) {}

  runStep(step: StepRequest): Promise<Outcome> {
    const { trace } = step;
    return new Promise((resolve) => {
      if (!trace) {
        throw new BackendError('TR-no-trace', `step "${step.name}" has no trace to replay`, { exitCode: 2 });
      }
      try {
        resolve(
          replay({
            trace,
            plans: this.request.plans,
            given: this.request.given,
            watchFiles: step.watchFiles,
            watchCalls: step.watchCalls,
            daemons: step.daemons,
            ...(this.request.signal && { signal: this.request.signal }),
          }),
        );
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        const place = error.line === undefined ? error.file : `${error.file}:${error.line}`;
        throw new BackendError(error.code, `${place}: ${error.message}`, { exitCode: 2 }, { cause: error });
      }
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Needs nothing of the machine: it always runs. A step without a trace, or with one that is none, is exit code 2. */
export function createSimBackend(): Backend {
  return {
    name: 'sim',
    describe: () => 'sim (replay of recorded system calls)',
    available: () => Promise.resolve(undefined),
    open: (request) => Promise.resolve(new SimSession(request)),
    close: () => Promise.resolve(),
  };
}
