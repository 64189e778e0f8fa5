/** A failed expectation: what was expected, what was seen, and where it stands in the scenario. */
import type { Span } from '../source/diagnostic.ts';
import type { TetragonEvent } from '../events/event.ts';
import type { Difference } from './match.ts';

/** An expectation that does not hold, or of which the backend cannot tell. */
export interface ExpectationFailure {
  /** `not-known`: the backend cannot tell, e.g. because it rests on the recorded course after a kill. */
  readonly kind: 'mismatch' | 'not-known';
  /** Where in the step, e.g. `expect.killed`. */
  readonly path: string;
  readonly span: Span;
  readonly expected: string;
  readonly seen: string;
  /** The event that came nearest to what was expected, and where it differs. */
  readonly nearest?: { readonly event: TetragonEvent; readonly differences: readonly Difference[] };
  /** Whole texts that differ, where they are of several lines. */
  readonly texts?: { readonly expected: string; readonly seen: string };
  readonly help?: string;
}
