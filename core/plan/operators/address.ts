/** SAddr, DAddr and their negations: addresses and CIDR blocks, IPv4 and IPv6 kept apart. */
import type { Comparison } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { parseAddressPrefix } from '../../go/go-netip.ts';
import type { IpPrefix } from '../../go/go-netip.ts';
import { socketSupport } from './socket-support.ts';

export const address: OperatorFamily = {
  operators: {
    SAddr: 'has a source address in one of the values',
    NotSAddr: 'has a source address in none of the values',
    DAddr: 'has a destination address in one of the values',
    NotDAddr: 'has a destination address in none of the values',
  },

  support: (operator, type) => socketSupport(type, operator.endsWith('SAddr') ? 'source' : 'destination'),

  compile(input: FilterInput): Comparison | undefined {
    const prefixes: IpPrefix[] = [];
    let ok = true;
    input.values.forEach((text, position) => {
      const prefix = parseAddressPrefix(text);
      if (typeof prefix === 'string') {
        ok = false;
        input.fail(
          'TR-filter-value',
          `value ${JSON.stringify(text)} ${prefix}`,
          text.trim().toLowerCase() === 'localhost'
            ? 'Names are not looked up: write "127.0.0.0/8", and "::1" beside it.'
            : 'Write an IPv4 or IPv6 address, or a block such as 10.0.0.0/8.',
          position,
        );
      } else prefixes.push(prefix);
    });
    if (!ok) return undefined;
    return {
      kind: 'address',
      side: input.operator.endsWith('SAddr') ? 'source' : 'destination',
      negated: input.operator.startsWith('Not'),
      prefixes,
    };
  },
};
