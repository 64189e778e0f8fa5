/** A replay with its events, for tests. */
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import type { OutcomeEvent } from '../../core/backend/outcome.ts';
import type { ReplayOptions } from '../replay/options.ts';
import { replay } from '../replay/replay.ts';

export function replayed(options: ReplayOptions): ObservedOutcome {
  const events: OutcomeEvent[] = [];
  const outcome = replay(options, { event: (event) => void events.push(event) });
  return { ...outcome, events };
}
