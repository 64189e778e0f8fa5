/** A replay with its events, for tests. */
import type { ObservedOutcome, StepObserver } from '../../core/backend/observer.ts';
import type { OutcomeEvent } from '../../core/backend/outcome.ts';
import type { ReplayOptions } from '../replay/options.ts';
import { replay } from '../replay/replay.ts';

export async function replayed(
  options: ReplayOptions,
  observer: Omit<StepObserver, 'event'> = {},
): Promise<ObservedOutcome> {
  const events: OutcomeEvent[] = [];
  const outcome = await replay(options, { ...observer, event: (event) => void events.push(event) });
  return { ...outcome, events };
}
