/**
 * Events on standard output as they come: Tetragon's JSON, one event a line, or compact lines. An event that rests on the
 * recorded course of a process whose course an action changed carries `"diverged": true` beside Tetragon's keys, and in
 * `"rests_on"` the chain that leads from the action to it.
 */
import type { OutcomeEvent } from '../core/backend/outcome.ts';
import { compact } from '../core/events/compact.ts';
import { printEvent } from '../core/events/print.ts';
import { GatheredText } from './gathered-text.ts';
import type { Output } from './output.ts';
import { shown } from './shown.ts';

export type EventForm = 'compact' | 'json';

export interface EventsOutput extends Pick<Output, 'out' | 'drained'> {
  readonly form: EventForm;
  /** Replaces the node name of the events, and has compact lines name it. */
  readonly nodeName: string | undefined;
}

export class EventWriter {
  readonly #lines: GatheredText;
  /** Events so far that rest on the recorded course. */
  diverged = 0;

  constructor(private readonly output: EventsOutput) {
    this.#lines = new GatheredText(output.out);
  }

  write(event: OutcomeEvent): void {
    if (event.diverged) this.diverged += 1;
    this.#lines.write(`${this.#line(event)}\n`);
  }

  flush(): void {
    this.#lines.flush();
  }

  /** Waits where the reader is slower than the events come; undefined where it is not. */
  drained(signal: AbortSignal): Promise<unknown> | undefined {
    return this.output.drained(signal);
  }

  #line({ event, diverged, restsOn }: OutcomeEvent): string {
    const { form, nodeName } = this.output;
    if (form === 'compact') return shown(compact(event, nodeName === undefined ? {} : { nodeName }));
    return printEvent(event, {
      ...(nodeName !== undefined && { node_name: nodeName }),
      ...(diverged && { diverged }),
      ...(restsOn !== undefined && { rests_on: restsOn }),
    });
  }
}
