/** The recorder inside a view: does what the tracerig outside asks for, and ends with it. */
import { BackendError } from '../../core/backend/error.ts';
import { recordCommandHere } from './command.ts';
import { openHere } from './host.ts';
import type { RecordingSession } from './recorder.ts';
import type { ViewAnswer, ViewFailure, ViewRequest } from './view-talk.ts';

/** Answers until the channel closes, which ends this process and with it everything in the view. */
export async function recordInsideView(): Promise<void> {
  const tell = (answer: ViewAnswer): void => void process.send?.(answer);
  let session: RecordingSession | undefined;
  const signal = new AbortController().signal;
  const work = async (request: ViewRequest): Promise<unknown> => {
    switch (request.call) {
      case 'ping':
        return undefined;
      case 'open':
        // All of it is thrown away: what is in the way of `given` may go.
        session = await openHere(request.given, signal, 'own');
        return undefined;
      case 'step':
        return session?.recordStep(request.step, request.timeoutMs);
      case 'command':
        return recordCommandHere({ ...request, signal }, 'own');
    }
  };
  process.on('message', (request: ViewRequest) => {
    work(request).then(
      (value) => tell({ id: request.id, value }),
      (error: unknown) => tell({ id: request.id, failure: failureOf(error) }),
    );
  });
  tell({ id: 0 });
  await new Promise<void>((resolve) => process.once('disconnect', resolve));
  process.exit(0);
}

function failureOf(error: unknown): ViewFailure {
  if (error instanceof BackendError) {
    const { code, message, kind, detail } = error;
    return { message, known: { code, kind, detail } };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { message, ...(stack !== undefined && { stack }) };
}
