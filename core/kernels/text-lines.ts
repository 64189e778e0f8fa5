/** The lines of a long text, found by number without making a string of each. */

/** Every so many lines the place of one is kept; the others are found from it. */
const STRIDE = 64;

/** Lines of a text that ends in a line feed, or whose last line is left out. */
export class TextLines {
  readonly length: number;
  readonly #text: string;
  /** Where lines 0, STRIDE, 2 × STRIDE … begin. */
  readonly #places: number[] = [];

  constructor(text: string) {
    this.#text = text;
    let count = 0;
    for (let at = 0, end; (end = text.indexOf('\n', at)) >= 0; at = end + 1) {
      if (count % STRIDE === 0) this.#places.push(at);
      count += 1;
    }
    this.length = count;
  }

  /** Lines from one up to another, which is left out; fewer at the end of the text. */
  slice(from: number, to: number): string[] {
    const lines: string[] = [];
    const last = Math.min(to, this.length);
    let at = this.#places[Math.floor(from / STRIDE)] ?? 0;
    for (let line = from - (from % STRIDE); line < last; line++) {
      const end = this.#text.indexOf('\n', at);
      if (line >= from) lines.push(this.#text.slice(at, end));
      at = end + 1;
    }
    return lines;
  }

  /** undefined beyond the last. */
  at(line: number): string | undefined {
    return this.slice(line, line + 1)[0];
  }
}
