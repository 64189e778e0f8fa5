/** Of the events of a pattern's kind, the one that differs least. */
import type { TetragonEvent } from '../events/event.ts';
import type { ExpectationFailure } from './failure.ts';
import { differences } from './match.ts';
import type { Difference } from './match.ts';
import type { EventPattern } from './scenario.ts';
import { eventBody } from './words.ts';

export class Nearest {
  #nearest: ExpectationFailure['nearest'];

  constructor(private readonly item: EventPattern) {}

  /** Where the event differs from the pattern; it is remembered if none before differed as little. */
  differences(event: TetragonEvent): Difference[] {
    const found = differences(this.item.pattern, event);
    const isNearer = this.#nearest === undefined || found.length < this.#nearest.differences.length;
    if (isNearer && eventBody(event)[0] === kindOfPattern(this.item)) {
      this.#nearest = { event, differences: found };
    }
    return found;
  }

  get shown(): Pick<ExpectationFailure, 'nearest'> {
    return this.#nearest === undefined ? {} : { nearest: this.#nearest };
  }
}

export const kindOfPattern = ({ pattern }: EventPattern): string => Object.keys(pattern)[0] ?? '';

export const patternWords = ({ pattern }: EventPattern): string => JSON.stringify(pattern);
