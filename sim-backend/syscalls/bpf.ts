/** bpf(2): programs, maps, and what is asked before they are made. */
import type { Call } from '../machine/call.ts';
import { unknown } from '../kernel-model/kernel-value.ts';
import { readInt } from '../trace/number.ts';
import { readQuoted, readStruct } from '../trace/text.ts';
import { capable, mayAsk } from './capability.ts';
import { all, any, condition, is, not, notFailed, succeeded, unmeasured } from './conditions.ts';
import { makesDescriptor } from './descriptor-effects.ts';
import type { Derivation, SyscallRow } from './row.ts';
import { arg, numberFrom, returned } from './values.ts';

const notInTrace = unknown('the attributes are not in the trace');

interface Attributes {
  readonly word: (name: string) => string | undefined;
  readonly int: (name: string) => number | undefined;
  readonly text: (name: string) => string | undefined;
}

function attributesOf(call: Call): Attributes | undefined {
  const members = readStruct(call.arg('attr'));
  if (members === undefined) return undefined;
  return {
    word: (name) => members.get(name),
    int: (name) => readInt(members.get(name)),
    text: (name) => readQuoted(members.get(name) ?? '')?.bytes,
  };
}

/** As the call asks for the program. Its size is that of the call; names are not there on old kernels. */
const program: Derivation = (call) => {
  const attributes = attributesOf(call);
  const progType = attributes?.word('prog_type');
  const insnCnt = attributes?.int('insn_cnt');
  if (progType?.startsWith('BPF_PROG_TYPE_') !== true || insnCnt === undefined) return notInTrace;
  return { kind: 'bpf_attr', progType, insnCnt, name: attributes?.text('prog_name') ?? '' };
};

const map: Derivation = (call) => {
  const attributes = attributesOf(call);
  const mapType = attributes?.word('map_type');
  const [keySize, valueSize, maxEntries] = ['key_size', 'value_size', 'max_entries'].map((name) =>
    attributes?.int(name),
  );
  if (mapType?.startsWith('BPF_MAP_TYPE_') !== true) return notInTrace;
  // Its entries are rounded up to the number of processors.
  if (mapType === 'BPF_MAP_TYPE_LRU_PERCPU_HASH')
    return unknown('the number of entries hangs on the machine');
  if (keySize === undefined || valueSize === undefined || maxEntries === undefined) return notInTrace;
  return {
    kind: 'bpf_map',
    mapType,
    keySize,
    valueSize,
    maxEntries,
    name: attributes?.text('map_name') ?? '',
  };
};

const makesMap = is('cmd', 'BPF_MAP_CREATE');
const loadsProgram = is('cmd', 'BPF_PROG_LOAD');
const makes = any(makesMap, loadsProgram);
const valid = notFailed('EFAULT', 'E2BIG');

/** Only some commands return a descriptor. */
const returnsDescriptor = all(
  succeeded,
  condition('it returned a descriptor', (call) => call.result.target !== undefined),
);
const makesObject = makesDescriptor(true);

/** The verifier, or what is looked at before it, may have refused. */
const cameFar = any(
  succeeded,
  all(valid, notFailed('EPERM'), unmeasured('how far a bpf that failed came is not in the trace')),
);

export const bpfRows: readonly SyscallRow[] = [
  {
    calls: { bpf: 'cmd attr size' },
    evidence: 'bpf',
    sites: [
      {
        hook: 'security_bpf',
        args: [numberFrom((call) => call.int('cmd'), 'the command'), undefined, arg('size')],
        when: valid,
      },
      capable(39, { when: all(makes, valid), kernels: '>=6.9' }),
      mayAsk(
        [39, 38, 21, 12],
        all(makes, valid),
        'how often bpf asks hangs on types, and on the mitigations of the kernel',
      ),
      mayAsk([39, 38, 21, 12], all(not(makes), valid), 'what this command of bpf asks for is not modelled'),
      { hook: 'security_bpf_map_create', args: [map], when: all(makesMap, cameFar), kernels: '>=6.9' },
      { hook: 'security_bpf_map_alloc', args: [map], when: all(makesMap, cameFar), kernels: '<=6.8' },
      {
        hook: 'security_bpf_prog_load',
        args: [program, program],
        when: all(loadsProgram, cameFar),
        kernels: '>=6.9',
      },
      { hook: 'bpf_check', args: [undefined, program], when: all(loadsProgram, cameFar) },
      {
        hook: 'fd_install',
        args: [returned, () => unknown('a bpf object')],
        when: returnsDescriptor,
      },
    ],
    effects: [
      {
        ...makesObject,
        apply: (context) => {
          if (returnsDescriptor.test(context.call, context.machine) === true) makesObject.apply(context);
        },
      },
    ],
  },
];
