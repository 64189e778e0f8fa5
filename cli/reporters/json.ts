/**
 * The whole run as one JSON document, written as the run goes: every step with its events in Tetragon's JSON. Of a step that
 * was cut off there are only the events so far.
 */
import type { OutcomeEvent } from '../../core/backend/outcome.ts';
import type { Problem } from '../../core/backend/problem.ts';
import { problemText } from '../../core/backend/problem-words.ts';
import { printEvent } from '../../core/events/print.ts';
import type { Reporter } from '../../runner/reporter.ts';
import { GatheredText } from '../gathered-text.ts';
import { version } from '../version.ts';
import type { ReportTarget } from './report-target.ts';

/** Raised when a reader of the report would have to change. */
const schemaVersion = 3;

export function jsonReporter(target: ReportTarget): Reporter {
  const document = new OpenDocument(target.write);
  return (event) => {
    switch (event.type) {
      case 'run-start':
        document.open({ schemaVersion, tracerig: version }, 'scenarios');
        break;
      case 'scenario-start':
        document.open({ name: event.name, file: event.file }, 'steps');
        break;
      case 'step-start':
        document.open({ step: event.step, backend: event.backend }, 'events');
        break;
      case 'event':
        document.item(eventText(event.event));
        break;
      case 'step-end': {
        const { step: _step, backend: _backend, ...rest } = event.result;
        document.close(rest);
        break;
      }
      case 'scenario-end': {
        const { name: _name, file: _file, steps: _steps, ...rest } = event.result;
        document.close(rest, 1);
        break;
      }
      case 'run-end': {
        const { scenarios: _scenarios, ...rest } = event.result;
        document.close(rest, 0);
        document.end();
        break;
      }
      case 'backend-skipped':
      case 'diagnostics':
      case 'scenario-skipped':
      case 'parity-end':
      case 'error':
        break;
    }
  };
}

const eventText = ({ event, ...beside }: OutcomeEvent): string =>
  `{"event":${printEvent(event)},${innerText(beside)}}`;

/** A document whose objects are written before they are whole: each has a list that grows, and its other keys around it. */
class OpenDocument {
  readonly #text: GatheredText;
  /** Of each open list, from the outermost: how many items it has so far. */
  readonly #lists: number[] = [];

  constructor(write: (text: string) => void) {
    this.#text = new GatheredText(write);
  }

  item(text: string): void {
    const inner = this.#lists.length - 1;
    const before = this.#lists[inner] ?? 0;
    if (inner >= 0) this.#text.write(`${before === 0 ? '' : ','}\n${'  '.repeat(inner + 1)}`);
    if (inner >= 0) this.#lists[inner] = before + 1;
    this.#text.write(text);
  }

  /** An object begins as the next item. */
  open(keys: Readonly<Record<string, unknown>>, list: string): void {
    this.item(`{${innerText(keys)},"${list}": [`);
    this.#lists.push(0);
  }

  /**
   * The other keys of the innermost object.
   * @param depth how many objects there are around it; those within are cut off. Default: it is the innermost as it stands
   */
  close(keys: object, depth = this.#lists.length - 1): void {
    while (this.#lists.length > depth + 1) this.#close('');
    this.#close(`,${innerText(keys)}`);
  }

  #close(more: string): void {
    const items = this.#lists.pop() ?? 0;
    this.#text.write(`${items === 0 ? '' : `\n${'  '.repeat(this.#lists.length)}`}]${more}}`);
  }

  end(): void {
    this.#text.write('\n');
    this.#text.flush();
  }
}

/** The keys of an object, without its braces. */
const innerText = (keys: object): string => JSON.stringify(keys, plain).slice(1, -1);

/** 64-bit integers as text, as Tetragon writes them. */
export function plain(key: string, value: unknown): unknown {
  // Problems are data; who reads a report wants them in words, too.
  if (key === 'problems') {
    return (value as readonly Problem[]).map((problem) => ({ ...problem, message: problemText(problem) }));
  }
  return typeof value === 'bigint' ? value.toString() : value;
}
