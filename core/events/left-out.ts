/**
 * What an object of an event lacks since nobody knows it: by key, with the reason. A pattern that asks for such a member
 * neither fits nor fails. In JSON the member is just not there; a copy made by spreading keeps what is said here.
 */
export const leftOut: unique symbol = Symbol('left out of the event');

export type LeftOut = Readonly<Record<string, string>>;

/** Leaves them out of the object itself, and says so there. */
export function withLeftOut<T extends object>(json: T, members: LeftOut): T {
  for (const member of Object.keys(members)) Reflect.deleteProperty(json, member);
  return Object.keys(members).length === 0 ? json : Object.assign(json, { [leftOut]: members });
}

/** Why the object lacks this member; undefined: it has it, or it is known to have none. */
export function whyLeftOut(json: object, member: string): string | undefined {
  return (json as { readonly [leftOut]?: LeftOut })[leftOut]?.[member];
}
