/** InMap of system call numbers, those of 32-bit calls marked. */
import { compatBit, syscallName } from '../../names/syscalls.ts';
import type { Comparison } from '../../plan/plan.ts';
import { FOREIGN, HOLDS, LACKS } from '../tri.ts';
import { integerOf, load } from './integers.ts';
import type { Integer } from './integers.ts';
import { listed, placesOf } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type SyscallId = Extract<Comparison, { kind: 'syscall-id' }>;

export const syscallId: OperatorEngine<SyscallId> = {
  prepare({ ids }) {
    const members = new Set<Integer>(ids);
    return (value) => {
      const integer = integerOf(value);
      if (integer === undefined) return FOREIGN;
      return members.has(load(integer, 'u64')) ? HOLDS : LACKS;
    };
  },

  which({ ids }) {
    const places = placesOf<Integer>(ids);
    return (value) => {
      const integer = integerOf(value);
      return integer === undefined ? undefined : places.get(load(integer, 'u64'));
    };
  },

  words({ ids }, holds) {
    return `is ${holds ? 'one' : 'none'} of the system calls ${listed(ids.map(callWords))}`;
  },
};

function callWords(id: number): string {
  const compat = id >= compatBit;
  const name = syscallName(compat ? id - compatBit : id, compat ? 'i386' : 'x64');
  return name === undefined ? String(id) : compat ? `i386/${name}` : name;
}
