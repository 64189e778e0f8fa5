/** Texts of the form `min:max`. */

/** The two bounds as texts; undefined if there is no colon or more than one. */
export function splitRange(text: string): readonly [string, string] | undefined {
  const parts = text.split(':');
  const [from, to] = parts;
  return parts.length === 2 && from !== undefined && to !== undefined ? [from, to] : undefined;
}
