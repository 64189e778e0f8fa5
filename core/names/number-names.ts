import { once } from '../values/once.ts';

/** Names of a numbered kernel constant, both ways. Built on first use, so that importing a table costs nothing. */
export interface NumberNames {
  /** The name, or the number in decimal when it has none (as Tetragon prints it). */
  readonly nameOf: (value: number) => string;
  /** The number of an exactly spelled name. */
  readonly numberOf: (name: string) => number | undefined;
  /** All names, in the order of their numbers. */
  readonly names: () => string[];
}

/**
 * @param prefix put before each name of the list, such as `AF_`
 * @param list names separated by white space, numbered from `first`
 */
export function numberNames(prefix: string, list: string, first = 0): NumberNames {
  return fromEntries(() => {
    const entries: [string, number][] = [];
    let next = first;
    for (const word of list.trim().split(/\s+/)) entries.push([prefix + word, next++]);
    return entries;
  });
}

/** The same of a table that gives each name its number. */
export const namesOfNumbers = (numbers: Readonly<Record<string, number>>): NumberNames =>
  fromEntries(() => Object.entries(numbers));

function fromEntries(entries: () => readonly (readonly [string, number])[]): NumberNames {
  const byNumber = once(() => new Map(entries().map(([name, value]) => [value, name])));
  const byName = once(() => new Map(entries()));
  return {
    nameOf: (value) => byNumber().get(value) ?? String(value),
    numberOf: (name) => byName().get(name),
    names: () => [...byNumber().values()],
  };
}
