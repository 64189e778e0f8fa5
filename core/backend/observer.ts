/** What flows out of a step while it runs. */
import type { Outcome, OutcomeEvent } from './outcome.ts';
import type { Problem } from './problem.ts';
import type { Session } from './backend.ts';
import type { StepRequest } from './request.ts';

export interface StepObserver {
  /** In the order in which they were posted. */
  event?(event: OutcomeEvent): void;
  /** At its first occurrence; `Outcome.problems` has it with its count. */
  problem?(problem: Problem): void;
}

/** A step's outcome, and the events that flowed before it. */
export interface ObservedOutcome extends Outcome {
  readonly events: readonly OutcomeEvent[];
}

/** Runs a step and keeps its events. */
export async function observeStep(session: Session, step: StepRequest): Promise<ObservedOutcome> {
  const events: OutcomeEvent[] = [];
  const outcome = await session.runStep(step, { event: (event) => void events.push(event) });
  return { ...outcome, events };
}
