/**
 * Events on standard output: Tetragon's JSON, one event a line, or compact lines. An event that rests on the recorded course
 * of a process whose course an action changed carries `"diverged": true` beside Tetragon's keys.
 */
import { compact } from '../core/events/compact.ts';
import type { OutcomeEvent } from '../core/backend/outcome.ts';

export type EventForm = 'compact' | 'json';

export interface EventsOutput {
  readonly form: EventForm;
  /** Replaces the node name of the events, and has compact lines name it. */
  readonly nodeName: string | undefined;
  readonly out: (text: string) => void;
}

export function writeEvents(events: readonly OutcomeEvent[], { form, nodeName, out }: EventsOutput): void {
  const lines = events.map(({ event, diverged }) => {
    if (form === 'json') {
      return JSON.stringify({
        ...event,
        ...(nodeName !== undefined && { node_name: nodeName }),
        ...(diverged && { diverged }),
      });
    }
    return compact(event, nodeName === undefined ? {} : { nodeName });
  });
  if (lines.length > 0) out(`${lines.join('\n')}\n`);
}
