/** Mapping files and memory. */
import { newFile } from '../machine/file.ts';
import { file, unknown } from '../kernel-model/kernel-value.ts';
import { mayAccount } from './accounting.ts';
import { all, any, condition, flag, not, notFailed, succeeded, descriptorUnknown } from './conditions.ts';
import type { Derivation, SyscallRow } from './row.ts';
import { releasedLater } from './release.ts';
import { arg, constant, numberFrom } from './values.ts';

const anonymous = flag('MAP_ANONYMOUS');

const mapped: Derivation = (call, machine) => {
  if (anonymous.test(call, machine) === true) return file(undefined);
  const open = machine.fileAt(call, 'fd');
  return open ? file(open) : unknown(descriptorUnknown);
};

const aligned = condition(
  'the offset is a multiple of the page size',
  (call) => !(call.failed('EINVAL') && ((call.number('offset') ?? 0n) & 0xfffn) !== 0n),
);

/** brk(NULL) asks where the end is. */
const grows = condition(
  'it asks for another size',
  (call) => !(call.has('brk') && call.arg('brk') === 'NULL'),
);
const writable = flag('PROT_WRITE', true, 'prot');

export const mapRows: readonly SyscallRow[] = [
  {
    calls: { brk: 'brk', mremap: 'addr old_len new_len flags' },
    evidence: 'no-hook',
    sites: [mayAccount(grows)],
    shows: ['start'],
  },
  { calls: { mprotect: 'addr len prot' }, evidence: 'no-hook', sites: [mayAccount(writable)] },
  {
    calls: { mmap: 'addr len prot flags fd offset' },
    evidence: 'mmap',
    sites: [
      {
        hook: 'security_mmap_file',
        args: [mapped, arg('prot'), arg('flags')],
        when: all(notFailed('EBADF'), aligned),
      },
      {
        hook: 'security_mmap_addr',
        args: [numberFrom((call) => call.result.value, 'the chosen address')],
        when: succeeded,
      },
      ...releasedLater(mapped, all(succeeded, not(anonymous))),
      mayAccount(any(all(writable, flag('MAP_SHARED', false)), all(flag('MAP_SHARED'), anonymous))),
    ],
    looksAt: 'fd',
    sharesMemory: all(succeeded, flag('MAP_SHARED'), flag('PROT_WRITE', true, 'prot')),
    // Stores to a shared mapping change the file without a call.
    reshapes: [
      {
        kind: 'obscured',
        file: 'fd',
        when: all(succeeded, flag('MAP_SHARED'), flag('PROT_WRITE', true, 'prot'), not(anonymous)),
      },
    ],
  },
  {
    calls: { shmat: 'shmid addr flags' },
    evidence: 'shm',
    sharesMemory: succeeded,
    sites: [
      {
        hook: 'security_mmap_file',
        args: [() => file(newFile('anon', '', 0)), undefined, constant(1)],
        when: succeeded,
      },
    ],
  },
];
