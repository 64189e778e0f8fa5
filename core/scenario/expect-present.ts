/** Events that must be there, in order. */
import type { OutcomeEvent } from '../backend/outcome.ts';
import type { ExpectationFailure } from './failure.ts';
import { assumeHelp, chainOf, notKnown, restsOn } from './judging.ts';
import type { EventWatch, Judging } from './judging.ts';
import { unknownWords } from './match.ts';
import { Nearest, kindOfPattern, patternWords } from './nearest.ts';
import type { EventPattern, Expectation } from './scenario.ts';
import { eventBody } from './words.ts';

interface Item {
  readonly item: EventPattern;
  readonly nearest: Nearest;
  /** Some event that counts fitted, be it too early. */
  fitted: boolean;
  /** What is not known of the first event that may fit. */
  doubt: string | undefined;
}

/** Each pattern takes the first fitting event after the one before took its own. */
export class PresentWatch implements EventWatch {
  readonly #items: readonly Item[];
  readonly #kinds = new Map<string, number>();
  /** The pattern that waits for its event: among those that count, and among all. */
  #waiting = 0;
  #waitingInAll = 0;
  #count = 0;

  constructor(
    private readonly at: Extract<Expectation, { kind: 'events' }>,
    private readonly assume: boolean,
  ) {
    this.#items = at.items.map((item) => ({
      item,
      nearest: new Nearest(item),
      fitted: false,
      doubt: undefined,
    }));
  }

  event({ event, diverged }: OutcomeEvent): void {
    const [waiting, waitingInAll] = [this.#waiting, this.#waitingInAll];
    // Nothing can be missing any more.
    if (waiting === this.#items.length) return;
    this.#count += 1;
    const [kind] = eventBody(event);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    const counts = this.assume || !diverged;
    for (const [index, one] of this.#items.entries()) {
      if (one.fitted && index !== waiting && index !== waitingInAll) continue;
      const found = one.nearest.differences(event);
      if (found.length > 0) {
        if (found.every(({ unknown }) => unknown !== undefined)) one.doubt ??= unknownWords(found);
        continue;
      }
      if (counts) {
        one.fitted = true;
        if (index === waiting) this.#waiting += 1;
      }
      if (index === waitingInAll) this.#waitingInAll += 1;
    }
  }

  failures(judging: Judging): ExpectationFailure[] {
    const missing = this.#items[this.#waiting];
    if (missing === undefined) return [];
    const { item, nearest, fitted, doubt } = missing;
    const { path } = this.at;
    if (doubt !== undefined)
      return [{ ...notKnown(this.at, patternWords(item), doubt), span: item.span, ...nearest.shown }];
    if (this.#waitingInAll === this.#items.length) {
      const why = restsOn('only the recorded course has it', chainOf(judging));
      return [{ ...notKnown(this.at, patternWords(item), why, assumeHelp), span: item.span }];
    }
    const seen = fitted
      ? 'such an event, but before the one that the pattern above it took'
      : this.#seenWords(item);
    return [
      { kind: 'mismatch', path, span: item.span, expected: patternWords(item), seen, ...nearest.shown },
    ];
  }

  #seenWords(item: EventPattern): string {
    if (this.#count === 0) return 'no events at all';
    const kind = kindOfPattern(item);
    const same = this.#kinds.get(kind) ?? 0;
    return same === 0 ? `no ${kind} among ${this.#count} events` : `none of ${same} ${kind} events fits`;
  }
}
