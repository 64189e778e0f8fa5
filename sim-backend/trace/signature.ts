/** What the arguments of a system call are called, and where a line of strace has them. */

/** One argument, or a member of a structure that an argument points to. */
export interface Argument {
  /** Position in the kernel's prototype; -1 for one that the call implies. */
  readonly place: number;
  /** strace prints it as `name=value`, in an order of its own. */
  readonly named: boolean;
  /** Members of the structure at this place, the first that is printed counts. */
  readonly fields: readonly string[] | undefined;
  /** Text of an argument that the call implies. */
  readonly implied: string | undefined;
  /** A buffer that the kernel fills: at the entry of the call it still holds something else. */
  readonly filled: boolean;
  /** A path whose last component is not followed if it is a link. */
  readonly nofollow: boolean;
}

export type Signature = ReadonlyMap<string, Argument>;

/** Of a call that nothing is known of. */
export const noSignature: Signature = new Map();

/**
 * Reads a signature, names in the order of the prototype: `dirfd path flags mode`. `path!` is a path whose last component
 * is not followed; `how{flags mode}` a structure with members, `{st_mode:mode}` and `{a|b:name}` rename them; `=flags` is
 * printed with its name; `flags=O_CREAT` is implied and has no place.
 */
export function readSignature(text: string): Signature {
  const found = new Map<string, Argument>();
  let place = 0;
  for (const [word] of text.matchAll(/[^\s{]+(?:\{[^}]*\})?/g)) {
    const [, head = '', members] = /^([^{]+)(?:\{(.*)\})?$/.exec(word) ?? [];
    const plain = { named: false, fields: undefined, implied: undefined, filled: false, nofollow: false };
    const equals = head.indexOf('=');
    if (equals > 0) {
      found.set(head.slice(0, equals), { ...plain, place: -1, implied: head.slice(equals + 1) });
      continue;
    }
    const name = head.replace(/^=|[!>]$/g, '');
    found.set(name, {
      ...plain,
      place,
      named: equals === 0,
      filled: head.endsWith('>'),
      nofollow: head.endsWith('!'),
    });
    for (const member of members?.split(' ') ?? []) {
      const [fields = '', alias = fields] = member.split(':');
      found.set(alias, { ...plain, place, fields: fields.split('|') });
    }
    place += 1;
  }
  return found;
}
