/** Names that a program makes up for a temporary file: another at each run. */

/**
 * What stands before the random part, and that part: mktemp (`tmp.` and ten characters), sed -i, ln -sf and cp of coreutils, Python's
 * tempfile, sort. The whole last part of the path must be such a name.
 */
const made =
  /(?<=^|[/" =])(tmp\.(?=[A-Za-z0-9]{10}(?![\w.-]))|sed(?=[A-Za-z0-9]{6}(?![\w.-]))|Cu(?=[A-Za-z0-9]{6}(?![\w.-]))|tmp(?=[a-z0-9_]{8}(?![\w.-]))|sort(?=[A-Za-z0-9]{6}(?![\w.-])))([A-Za-z0-9_]+)/g;

/** Signs that mean something else in an expression. */
const special = /[\\^$.*+?()[\]{}|]/g;
const escaped = (text: string): string => text.replace(special, String.raw`\$&`);

/**
 * Puts a number in place of the random part: equal names of one run have equal numbers, in the order of their appearance.
 * Beside those that are known, a scenario may name some, with one `*` for that part.
 */
export class TemporaryNames {
  readonly #numbers = new Map<string, number>();
  readonly #named: readonly RegExp[];

  constructor(unstable: readonly string[] = []) {
    this.#named = unstable.map((name) => {
      const [before = '', after = ''] = name.split('*').map(escaped);
      return new RegExp(String.raw`(?<=^|[/\s"'=])(${before})([^/\s"'*]+)(?=${after}(?:$|[/\s"',;:]))`, 'g');
    });
  }

  /** The value with such names in all its texts replaced. */
  stable(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.stable(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.stable(inner)]));
  }

  text(whole: string): string {
    const text = this.#named.reduce(
      (rest, name) =>
        rest.replace(name, (found: string, prefix: string) => `${prefix}<${this.#numberOf(found)}>`),
      whole,
    );
    return text.replace(made, (name: string, prefix: string, random: string) => {
      // A word of lower-case letters alone is a name that somebody chose.
      if (/^[a-z]+$/.test(random)) return name;
      return `${prefix}<${this.#numberOf(name)}>`;
    });
  }

  #numberOf(name: string): number {
    const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, number);
    return number;
  }
}
