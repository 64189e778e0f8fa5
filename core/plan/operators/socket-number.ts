/** Protocol, Family and State of a socket: numbers, ranges, or the kernel's names. */
import { socketFamilies, socketProtocols, tcpStates } from '../../names/sockets.ts';
import type { NumberNames } from '../../names/number-names.ts';
import type { Comparison, Range } from '../plan.ts';
import { parseNumberRanges } from './number-ranges.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { socketSupport } from './socket-support.ts';

type Field = 'protocol' | 'family' | 'state';

const fields: Readonly<Record<string, Field>> = { Protocol: 'protocol', Family: 'family', State: 'state' };
const names: Readonly<Record<Field, NumberNames>> = {
  protocol: socketProtocols,
  family: socketFamilies,
  state: tcpStates,
};

export const socketNumber: OperatorFamily = {
  operators: {
    Protocol: 'has one of the protocols',
    Family: 'has one of the address families',
    State: 'is in one of the TCP states',
  },

  support: (operator, type) => socketSupport(type, fields[operator] ?? 'family'),

  compile(input: FilterInput): Comparison | undefined {
    const field = fields[input.operator] ?? 'family';
    const ranges = parseNumberRanges(input, names[field]);
    return ranges && { kind: 'socket-number', field, ranges };
  },
};

/** What values that were compiled before stand for, by the operator whose they are. */
export function rangesOfNames(operator: string, values: readonly string[]): Range<number>[] {
  const field = fields[operator];
  return parseNumberRanges({ values, fail: () => undefined }, field && names[field]) ?? [];
}
