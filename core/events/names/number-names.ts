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
 * @param list names separated by white space, numbered from `first`; `-` leaves a number out and `N:` continues at N
 */
export function numberNames(prefix: string, list: string, first = 0): NumberNames {
  let byNumber: Map<number, string> | undefined;
  let byName: Map<string, number> | undefined;
  const table = (): Map<number, string> => {
    if (byNumber) return byNumber;
    byNumber = new Map();
    let next = first;
    for (const word of list.trim().split(/\s+/)) {
      if (word.endsWith(':')) next = Number(word.slice(0, -1));
      else {
        if (word !== '-') byNumber.set(next, prefix + word);
        next += 1;
      }
    }
    return byNumber;
  };
  return {
    nameOf: (value) => table().get(value) ?? String(value),
    numberOf: (name) => {
      byName ??= new Map([...table()].map(([value, spelled]) => [spelled, value]));
      return byName.get(name);
    },
    names: () => [...table().values()],
  };
}
