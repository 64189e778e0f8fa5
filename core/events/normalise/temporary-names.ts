/** Names that a program makes up for a temporary file: another at each run. */

/**
 * What stands before the random part, and that part: mktemp (`tmp.` and ten characters), sed -i, ln -sf and cp of coreutils, Python's
 * tempfile, sort. The whole last part of the path must be such a name.
 */
const made =
  /(?<=^|[/" =])(tmp\.(?=[A-Za-z0-9]{10}(?![\w.-]))|sed(?=[A-Za-z0-9]{6}(?![\w.-]))|Cu(?=[A-Za-z0-9]{6}(?![\w.-]))|tmp(?=[a-z0-9_]{8}(?![\w.-]))|sort(?=[A-Za-z0-9]{6}(?![\w.-])))([A-Za-z0-9_]+)/g;

/** Puts a number in place of the random part: equal names of one run have equal numbers, in the order of their appearance. */
export class TemporaryNames {
  readonly #numbers = new Map<string, number>();

  /** The value with such names in all its texts replaced. */
  stable(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((one) => this.stable(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.stable(inner)]));
  }

  #text(text: string): string {
    return text.replace(made, (name: string, prefix: string, random: string) => {
      // A word of lower-case letters alone is a name that somebody chose.
      if (/^[a-z]+$/.test(random)) return name;
      const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
      this.#numbers.set(name, number);
      return `${prefix}<${number}>`;
    });
  }
}
