/** What may be said of an outcome: whether it rests on a recording that an action has made void. */
import type { ExpectationFailure } from './failure.ts';
import type { Known, Outcome, OutcomeEvent } from '../backend/outcome.ts';
import type { Expectation } from './scenario.ts';

export interface Judging {
  readonly outcome: Outcome;
  /** The first event that rests on the recorded course. */
  readonly divergedEvent: OutcomeEvent | undefined;
  /** Take what rests on the recorded course after an action changed it for true. */
  readonly assume: boolean;
}

/** One expectation on events. */
export interface EventWatch {
  /** To be told of all events, in order. */
  event(event: OutcomeEvent): void;
  /** When all have come. */
  failures(judging: Judging): ExpectationFailure[];
}

export const assumeHelp =
  'an action changed the course of the step before this; `assume: recorded-course` takes the recorded course for true';

/** An action changed some process's course, and what followed is the recorded one. */
export function restsOnRecording({ outcome, divergedEvent, assume }: Judging): boolean {
  return !assume && (divergedEvent !== undefined || outcome.processes.some((process) => process.diverged));
}

/** How the first thing that rests on the recording hangs on the action. */
export const chainOf = ({ outcome, divergedEvent }: Judging): string | undefined =>
  outcome.processes.find(({ diverged }) => diverged)?.restsOn ?? divergedEvent?.restsOn;

export const restsOn = (why: string, chain: string | undefined): string =>
  chain === undefined ? why : `${why} (rests on: ${chain})`;

/** What is known, or else assumed where the step allows that. */
export function valueOf<T>(seen: Known<T>, { assume }: Judging): T | undefined {
  if (seen.known) return seen.value;
  return assume ? seen.assumed : undefined;
}

export function notKnown(at: Expectation, expected: string, why: string, help?: string): ExpectationFailure {
  return {
    kind: 'not-known',
    path: at.path,
    span: at.span,
    expected,
    seen: `not known: ${why}`,
    ...(help === undefined ? {} : { help }),
  };
}
