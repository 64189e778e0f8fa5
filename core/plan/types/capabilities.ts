/** Sets of capabilities: 64-bit masks. */
import type { ArgType, IntegerTraits } from './arg-type.ts';

const mask: IntegerTraits = { load: 'u64', constants: 'u64', mapLoad: 'u64', mapKeys: 'u64' };

function capabilitySet(name: ArgType['name'], reads: string): ArgType {
  return { name, aliases: [], family: 'caps', reads, jsonKey: `${name}_arg`, integer: mask };
}

export const capabilityTypes: readonly ArgType[] = [
  capabilitySet('kernel_cap_t', 'a set of capabilities at a pointer'),
  capabilitySet('cap_inheritable', 'the inheritable capabilities at a pointer'),
  capabilitySet('cap_permitted', 'the permitted capabilities at a pointer'),
  capabilitySet('cap_effective', 'the effective capabilities at a pointer'),
];
