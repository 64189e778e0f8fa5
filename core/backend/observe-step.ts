/** A step run for its events as well as for its outcome. */
import type { Session } from './backend.ts';
import type { ObservedOutcome } from './observer.ts';
import type { OutcomeEvent } from './outcome.ts';
import type { StepRequest } from './request.ts';

/**
 * Runs a step and keeps its events.
 *
 * @example
 * ```ts
 * import { compact, observeStep } from 'tracerig/core';
 * import type { Session, StepRequest } from 'tracerig/core';
 *
 * export async function show(session: Session, step: StepRequest) {
 *   const { events } = await observeStep(session, step);
 *   for (const { event } of events) console.log(compact(event));
 * }
 * ```
 */
export async function observeStep(session: Session, step: StepRequest): Promise<ObservedOutcome> {
  const events: OutcomeEvent[] = [];
  const outcome = await session.runStep(step, { event: (event) => void events.push(event) });
  return { ...outcome, events };
}
