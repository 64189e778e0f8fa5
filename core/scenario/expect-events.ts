/**
 * Expectations on a step's events: present in order, absent, exactly, counted. Each is told of the events as they come and
 * keeps no more of them than it may have to show.
 */
import type { OutcomeEvent } from '../backend/outcome.ts';
import { PresentWatch } from './expect-present.ts';
import type { ExpectationFailure } from './failure.ts';
import { assumeHelp, chainOf, notKnown, restsOn, restsOnRecording } from './judging.ts';
import type { EventWatch, Judging } from './judging.ts';
import { fit } from './match.ts';
import { Nearest, patternWords } from './nearest.ts';
import type { EventPattern, Expectation } from './scenario.ts';
import { eventWords } from './words.ts';

type Of<K extends Expectation['kind']> = Extract<Expectation, { kind: K }>;

/** @param assume what rests on the recorded course counts; undefined for an expectation that is not on events */
export function watchEvents(at: Expectation, assume: boolean): EventWatch | undefined {
  if (at.kind === 'count') return new CountWatch(at);
  if (at.kind !== 'events') return undefined;
  switch (at.mode) {
    case 'present':
      return new PresentWatch(at, assume);
    case 'absent':
      return new AbsentWatch(at, assume);
    case 'exactly':
      return new ExactlyWatch(at);
  }
}

class AbsentWatch implements EventWatch {
  /** The first that counts, by item. */
  readonly #found: (OutcomeEvent | undefined)[];
  /** What is not known of the first that may be such an event. */
  readonly #doubtful = new Map<EventPattern, string>();

  constructor(
    private readonly at: Of<'events'>,
    private readonly assume: boolean,
  ) {
    this.#found = at.items.map(() => undefined);
  }

  event(event: OutcomeEvent): void {
    if (event.diverged && !this.assume) return;
    for (const [index, item] of this.at.items.entries()) {
      if (this.#found[index] !== undefined) continue;
      const fits = fit(item.pattern, event.event);
      if (fits === true) this.#found[index] = event;
      else if (fits !== false && !this.#doubtful.has(item)) this.#doubtful.set(item, fits);
    }
  }

  failures(judging: Judging): ExpectationFailure[] {
    const uncertain = restsOnRecording(judging);
    return this.at.items.flatMap((item, index): ExpectationFailure[] => {
      const found = this.#found[index];
      const { path } = this.at;
      const expected = `no ${patternWords(item)}`;
      if (found !== undefined) {
        const seen = eventWords(found.event);
        return [{ kind: 'mismatch', path, span: item.span, expected, seen, ...nearestOf(item, found) }];
      }
      const doubt = this.#doubtful.get(item);
      if (doubt !== undefined) return [{ ...notKnown(this.at, expected, doubt), span: item.span }];
      if (!uncertain) return [];
      const why = restsOn('what the processes did after the action is not recorded', chainOf(judging));
      return [{ ...notKnown(this.at, expected, why, assumeHelp), span: item.span }];
    });
  }
}

class ExactlyWatch implements EventWatch {
  /** One more than are expected. */
  readonly #first: OutcomeEvent[] = [];
  #count = 0;

  constructor(private readonly at: Of<'events'>) {}

  event(event: OutcomeEvent): void {
    this.#count += 1;
    if (this.#first.length <= this.at.items.length) this.#first.push(event);
  }

  failures(judging: Judging): ExpectationFailure[] {
    const { path, span, items } = this.at;
    const fits = items.map((item, index) => fit(item.pattern, this.#first[index]?.event ?? {}));
    const wrong = fits.indexOf(false);
    const expected = `exactly ${items.length} event${items.length === 1 ? '' : 's'}`;
    if (restsOnRecording(judging)) {
      const why = restsOn('events after the action are those of the recording', chainOf(judging));
      return [notKnown(this.at, expected, why, assumeHelp)];
    }
    const doubt = fits.find((one) => typeof one === 'string');
    if (wrong < 0 && this.#count === items.length)
      return doubt === undefined ? [] : [notKnown(this.at, expected, doubt)];
    const item = items[wrong];
    const seen = this.#first[wrong < 0 ? items.length : wrong];
    const seenWords = seen === undefined ? 'no event' : eventWords(seen.event);
    return [
      {
        kind: 'mismatch',
        path: item === undefined ? path : `${path}[${wrong}]`,
        span: item?.span ?? span,
        expected: item === undefined ? expected : patternWords(item),
        seen: `${seenWords} (${this.#count} event${this.#count === 1 ? '' : 's'} in all)`,
        ...(item === undefined || seen === undefined ? {} : nearestOf(item, seen)),
      },
    ];
  }
}

class CountWatch implements EventWatch {
  #found = 0;
  /** Events that may be counted, too, and what is not known of the first. */
  #doubtful = 0;
  #doubt: string | undefined;

  constructor(private readonly at: Of<'count'>) {}

  event({ event }: OutcomeEvent): void {
    const fits = fit(this.at.item.pattern, event);
    if (fits === true) this.#found += 1;
    else if (fits !== false) {
      this.#doubtful += 1;
      this.#doubt ??= fits;
    }
  }

  failures(judging: Judging): ExpectationFailure[] {
    const { path, span, item, min, max } = this.at;
    const found = this.#found;
    const many =
      min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
    const expected = `${many} × ${patternWords(item)}`;
    if (restsOnRecording(judging)) {
      const why = restsOn(`${found} in the recorded course`, chainOf(judging));
      return [notKnown(this.at, expected, why, assumeHelp)];
    }
    const most = found + this.#doubtful;
    if (this.#doubt !== undefined && found <= max && most >= min && (found < min || most > max))
      return [notKnown(this.at, expected, `${found} to ${most}: ${this.#doubt}`)];
    return found >= min && found <= max ? [] : [{ kind: 'mismatch', path, span, expected, seen: `${found}` }];
  }
}

function nearestOf(item: EventPattern, { event }: OutcomeEvent): Pick<ExpectationFailure, 'nearest'> {
  const nearest = new Nearest(item);
  nearest.differences(event);
  return nearest.shown;
}
