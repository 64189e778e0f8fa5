/** From offsets in a text to positions and spans. */
import type { Position, Span } from './diagnostic.ts';

/** Where a node stands in a document: `['spec', 'kprobes', 0, 'call']`. Keys are spelled as in the schema. */
export type NodePath = readonly (string | number)[];

/** Looks up lines of one text; offsets outside the text are moved to its nearest end. */
export class LineMap {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  position(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (this.#starts[low] ?? 0) + 1, offset: inside };
  }

  /** The span of `from` (inclusive) to `to` (exclusive). */
  span(file: string, from: number, to: number): Span {
    return { file, start: this.position(from), end: this.position(Math.max(from, to)) };
  }
}

/** Where a span begins, as editors and terminals take it: `policy.yaml:7:3`. */
export function placeText({ file, start }: Span): string {
  return `${file}:${start.line}:${start.column}`;
}

/** A dotted path as users write it: `spec.kprobes[0].selectors[1]`. */
export function formatPath(path: NodePath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `["${part}"]`;
  }
  return text;
}
