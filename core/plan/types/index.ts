/** The table of argument types: one row for each, one file a family. */
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { ArgType } from './arg-type.ts';
import { capabilityTypes } from './capabilities.ts';
import { integerTypes } from './integers.ts';
import { opaqueTypes } from './opaque.ts';
import { pathTypes } from './paths.ts';
import { socketTypes } from './sockets.ts';
import { textTypes } from './texts.ts';

export type { ArgType, IntegerTraits } from './arg-type.ts';

/** In the order of the documentation. */
export const argTypes: readonly ArgType[] = [
  ...integerTypes,
  ...textTypes,
  ...pathTypes,
  ...socketTypes,
  ...capabilityTypes,
  ...opaqueTypes,
];

const byName = new Map<string, ArgType>(argTypes.map((type) => [type.name, type]));
const bySpelling = new Map<string, ArgType>(
  argTypes.flatMap((type) => [type.name, ...type.aliases].map((spelling) => [spelling, type] as const)),
);

export function argType(name: ArgTypeName): ArgType {
  const type = byName.get(name);
  if (type === undefined) throw new Error(`no such argument type: ${name}`);
  return type;
}

/** The type that a policy's spelling names (`long` is int64); undefined for a text that is no type. */
export function argTypeOf(written: string): ArgType | undefined {
  return bySpelling.get(written);
}
