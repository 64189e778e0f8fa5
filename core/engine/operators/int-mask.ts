/** Mask. */
import type { Comparison } from '../../plan/plan.ts';
import { FOREIGN, HOLDS, LACKS } from '../tri.ts';
import { canonical, integerOf, load } from './integers.ts';
import { firstOf, listed } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type IntMask = Extract<Comparison, { kind: 'int-mask' }>;

export const intMask: OperatorEngine<IntMask> = {
  prepare({ load: as, values }) {
    // A bit in common with one of the values is a bit in common with all of them together.
    const bits = values.reduce((all, value) => all | value, 0n);
    const small = canonical(bits);
    const low = typeof small === 'number' && small <= 0xffff_ffff ? small : undefined;
    return (value) => {
      const integer = integerOf(value);
      if (integer === undefined) return FOREIGN;
      const loaded = load(integer, as);
      if (low !== undefined && typeof loaded === 'number' && loaded <= 0xffff_ffff) {
        return (loaded & low) !== 0 ? HOLDS : LACKS;
      }
      return (BigInt(loaded) & bits) !== 0n ? HOLDS : LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.values, (value) => intMask.prepare({ ...comparison, values: [value] })),

  words({ values }, holds) {
    const masks = values.map((value) => `0x${value.toString(16)}`);
    return `has ${holds ? 'a bit' : 'no bit'} in common with ${listed(masks)}`;
  },
};
