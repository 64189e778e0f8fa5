/** Tables by which the programs look for texts within a text, a byte at a time (bpf/layout-plan.h has the layout). */
import type { ByteString } from '../../core/values/value.ts';
import { trLimit } from '../layout/generated.ts';

/** Behind a byte of each class, the number of the state that comes next; what has no entry leads to the first. */
interface State {
  readonly next: number[];
  /** Some text ends here. */
  found: boolean;
}

/** The table that finds any of the texts, as it lies at the place `base`. */
export function searchTable(texts: readonly ByteString[], ignoreCase: boolean, base: number): number[] {
  const fold = (text: ByteString): ByteString => (ignoreCase ? text.toLowerCase() : text);
  const wanted = texts.map(fold);
  // Bytes that no text has are one class.
  const letters = [...new Set(wanted.join(''))];
  const classOf = (byte: ByteString): number => letters.indexOf(fold(byte)) + 1;
  const states = statesOf(wanted.map((text) => Array.from(text, classOf)));
  const width = letters.length + 1;
  const placeOf = (state: number): number =>
    states[state]?.found === true ? trLimit.SEARCH_FOUND : base + trLimit.SEARCH_ROWS + state * width;
  return [
    Number(wanted.includes('')),
    ...Array.from({ length: 256 }, (_, byte) => classOf(String.fromCharCode(byte))),
    ...states.flatMap(({ next }) => Array.from({ length: width }, (_, at) => placeOf(next[at] ?? 0))),
  ];
}

/** The automaton of Aho and Corasick: where a text goes on otherwise, the longest end of it that another begins with does. */
function statesOf(texts: readonly (readonly number[])[]): State[] {
  const states: State[] = [{ next: [], found: false }];
  const grow = (from: State, by: number): number =>
    (from.next[by] ??= states.push({ next: [], found: false }) - 1);
  for (const text of texts) {
    const last = text.reduce((at, by) => grow(states[at] as State, by), 0);
    (states[last] as State).found = true;
  }
  // Shorter ones first: of each, the state of its longest proper end is whole by then.
  const waiting: { readonly at: number; readonly end: number }[] = [{ at: 0, end: 0 }];
  for (const { at, end } of waiting) {
    const [state, shorter] = [states[at] as State, states[end] as State];
    state.found ||= shorter.found;
    state.next.forEach((next, by) => {
      waiting.push({ at: next, end: at === 0 ? 0 : (shorter.next[by] ?? 0) });
    });
    if (at !== 0)
      shorter.next.forEach((next, by) => {
        state.next[by] ??= next;
      });
  }
  return states;
}
