/** SPort, DPort, the privileged ports, and their negations. */
import type { Comparison, Range } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { parseNumberRanges } from './number-ranges.ts';
import { socketSupport } from './socket-support.ts';

/** Ports below 1024, 0 included. */
const privileged: readonly Range<number>[] = [{ from: 0, to: 1023 }];

export const port: OperatorFamily = {
  operators: {
    SPort: 'has a source port among the values',
    NotSPort: 'has a source port that is not among the values',
    SPortPriv: 'has a source port below 1024',
    NotSportPriv: 'has a source port from 1024 on',
    DPort: 'has a destination port among the values',
    NotDPort: 'has a destination port that is not among the values',
    DPortPriv: 'has a destination port below 1024',
    NotDPortPriv: 'has a destination port from 1024 on',
  },

  support: (operator, type) => socketSupport(type, /SP/i.test(operator) ? 'source' : 'destination'),

  compile(input: FilterInput): Comparison | undefined {
    const ranges = input.operator.endsWith('Priv') ? privileged : parseNumberRanges(input);
    return (
      ranges && {
        kind: 'port',
        side: /SP/i.test(input.operator) ? 'source' : 'destination',
        negated: input.operator.startsWith('Not'),
        ranges,
      }
    );
  },
};
