/** CapabilitiesGained: the second of two capability sets has a bit that the first lacks. Its values mean nothing. */
import type { Comparison } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';

export const capabilitiesGained: OperatorFamily = {
  operators: { CapabilitiesGained: 'the second set has a capability that the first lacks' },

  support: (_operator, type) => (type.family === 'caps' ? 'works' : 'refused'),

  compile(input: FilterInput): Comparison | undefined {
    if (input.positions !== 2) {
      return input.fail(
        'TR-filter-index',
        'CapabilitiesGained compares two arguments',
        'Name both: args: [0, 1], the old set first.',
      );
    }
    return { kind: 'capabilities-gained' };
  },
};
