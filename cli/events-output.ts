/** Events on standard output: Tetragon's JSON, one event a line, or compact lines. */
import { compact } from '../core/events/compact.ts';
import type { OutcomeEvent } from '../core/scenario/outcome.ts';

export type EventForm = 'compact' | 'json';

export interface EventsOutput {
  readonly form: EventForm;
  /** Replaces the node name of the events, and has compact lines name it. */
  readonly nodeName: string | undefined;
  readonly out: (text: string) => void;
}

export function writeEvents(events: readonly OutcomeEvent[], { form, nodeName, out }: EventsOutput): void {
  const lines = events.flatMap(({ event }) => {
    if (form === 'json')
      return JSON.stringify(nodeName === undefined ? event : { ...event, node_name: nodeName });
    return compact(event, nodeName === undefined ? {} : { nodeName });
  });
  if (lines.length > 0) out(`${lines.join('\n')}\n`);
}
