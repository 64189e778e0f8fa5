/** What flows out of a step while it runs. */
import type { JudgedHit } from '../judge/observer.ts';
import type { Outcome, OutcomeEvent } from './outcome.ts';
import type { Problem, ProblemCause } from './problem.ts';

/** Who is told what happens in a step, when it happens. */
export interface StepObserver {
  /** In the order in which they were posted. */
  event?(event: OutcomeEvent): void;
  /**
   * Every hit of every hook with its verdict. They are made only if somebody listens, and only by a backend that judges
   * in the open, as the simulator does.
   */
  hit?(judged: JudgedHit): void;
  /** At its first occurrence; `Outcome.problems` has it with its count. */
  problem?(problem: Problem): void;
  /** At each occurrence of a problem that a line of a trace (from 1) has: for those who ask which processes it is about. */
  occurrence?(cause: ProblemCause, line: number): void;
  /**
   * Asked now and then while a step runs: a promise, if more should be told only when it is kept. A backend whose step
   * cannot wait, as that of a kernel, goes on.
   */
  ready?(): Promise<unknown> | undefined;
}

/** A step's outcome, and the events that flowed before it. */
export interface ObservedOutcome extends Outcome {
  readonly events: readonly OutcomeEvent[];
}
