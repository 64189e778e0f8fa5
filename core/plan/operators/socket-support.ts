/** Which types the operators on sockets take. */
import type { ArgType } from '../types/index.ts';
import type { Support } from './operator.ts';

/** An address has only its own side, which counts as the source. */
export function socketSupport(
  type: ArgType,
  needs: 'source' | 'destination' | 'family' | 'state' | 'protocol',
): Support {
  switch (type.family) {
    case 'sock':
      return 'works';
    case 'skb':
      return needs === 'state' ? 'never' : 'works';
    case 'sockaddr':
      return needs === 'source' || needs === 'family' ? 'works' : 'refused';
    case 'unix':
      return needs === 'family' ? 'works' : 'refused';
    case 'int':
    case 'syscall':
    case 'caps':
    case 'string':
    case 'buffer':
    case 'path':
    case 'opaque':
      return 'refused';
  }
}
