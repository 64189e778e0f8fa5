/**
 * Events on standard output as they come: Tetragon's JSON, one event a line, or compact lines. An event that rests on the
 * recorded course of a process whose course an action changed carries `"diverged": true` beside Tetragon's keys.
 */
import type { OutcomeEvent } from '../core/backend/outcome.ts';
import { compact } from '../core/events/compact.ts';
import { printEvent } from '../core/events/print.ts';
import type { Output } from './output.ts';

export type EventForm = 'compact' | 'json';

export interface EventsOutput extends Pick<Output, 'out' | 'drained'> {
  readonly form: EventForm;
  /** Replaces the node name of the events, and has compact lines name it. */
  readonly nodeName: string | undefined;
}

/** Characters that are gathered before they are written: a system call for each event would cost more than the event. */
const chunk = 1 << 16;

export class EventWriter {
  #text = '';
  /** Events so far that rest on the recorded course. */
  diverged = 0;

  constructor(private readonly output: EventsOutput) {}

  write(event: OutcomeEvent): void {
    if (event.diverged) this.diverged += 1;
    this.#text += `${this.#line(event)}\n`;
    if (this.#text.length >= chunk) this.flush();
  }

  flush(): void {
    if (this.#text !== '') this.output.out(this.#text);
    this.#text = '';
  }

  /** Waits where the reader is slower than the events come; undefined where it is not. */
  drained(signal: AbortSignal): Promise<unknown> | undefined {
    return this.output.drained(signal);
  }

  #line({ event, diverged }: OutcomeEvent): string {
    const { form, nodeName } = this.output;
    if (form === 'compact') return compact(event, nodeName === undefined ? {} : { nodeName });
    return printEvent(event, {
      ...(nodeName !== undefined && { node_name: nodeName }),
      ...(diverged && { diverged }),
    });
  }
}
