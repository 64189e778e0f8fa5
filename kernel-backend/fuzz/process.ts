/** The process that hits are of: the fuzzer's own as the kernel sees it, with what the programs know of it made up. */
import { readFileSync, readlinkSync } from 'node:fs';
import fc from 'fast-check';
import type { TaskView } from '../../core/engine/hit.ts';
import { namespaceLinks, namespaceNames, type NamespaceName } from '../../core/names/namespaces.ts';
import type { CapabilitySet } from '../../core/plan/plan.ts';
import type { BinarySet } from '../encode/process.ts';
import type { trTaskEntry } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { bitsOf } from '../session/residents.ts';
import { hostNamespaces } from '../testing.ts';
import type { FuzzProcess } from './case.ts';

const status = (pid: number | 'self', field: string): string =>
  new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';

/** Nearest first. */
function ancestorsOf(pid: number): number[] {
  const pids: number[] = [];
  for (let at = pid; at > 0; at = Number(status(at, 'PPid'))) pids.push(at);
  return pids;
}

/** The order is that of the programs' table. */
const sets: readonly CapabilitySet[] = ['Effective', 'Inheritable', 'Permitted'];
const setFields = { Effective: 'CapEff', Inheritable: 'CapInh', Permitted: 'CapPrm' } as const;

/** What /proc says of this process; pids as a kernel without pid namespaces has them. */
export interface OwnProcess {
  readonly pid: number;
  readonly ancestorPids: readonly number[];
  readonly namespaces: Readonly<Record<NamespaceName, number>>;
  readonly capabilities: Readonly<Record<CapabilitySet, bigint>>;
}

/** The initial pid namespace's number is fixed in the kernel: in another one pids have two numbers. */
export const inHostPids = (): boolean => readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]';

export function readOwnProcess(): OwnProcess {
  const inode = (name: NamespaceName): number =>
    Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/self/ns/${namespaceLinks[name]}`))?.[1]);
  const set = (name: CapabilitySet): bigint => BigInt(`0x${status('self', setFields[name])}`);
  return {
    pid: process.pid,
    ancestorPids: ancestorsOf(process.ppid),
    namespaces: Object.fromEntries(
      namespaceNames.map((name) => [name, inode(name)]),
    ) as OwnProcess['namespaces'],
    capabilities: Object.fromEntries(sets.map((name) => [name, set(name)])) as OwnProcess['capabilities'],
  };
}

/** As filters see it; what is recorded changes with events that tell of a change. */
export function viewOf(own: OwnProcess, made: FuzzProcess, inHost: boolean, tid: number): TaskView {
  const { recorded } = made;
  return {
    ...{ pid: own.pid, tid, nsPid: 0 },
    ...{ binary: made.binary, parentBinary: made.parent },
    ancestorBinaries: [made.binary ?? '', ...made.ancestors],
    ancestorPids: own.ancestorPids,
    ancestorNsPids: own.ancestorPids.map(() => 0),
    namespaces: own.namespaces,
    recordedNamespaces: recorded && recordedNamespaces(own, recorded),
    hostNamespaces: inHost ? own.namespaces : hostNamespaces,
    capabilities: own.capabilities,
    recordedCapabilities: recorded && recordedCapabilities(own, recorded),
  };
}

type Recorded = NonNullable<FuzzProcess['recorded']>;

const recordedNamespaces = (own: OwnProcess, { namespaces }: Recorded): OwnProcess['namespaces'] =>
  Object.fromEntries(
    namespaceNames.map((name) => [name, own.namespaces[name] + (namespaces.includes(name) ? 1 : 0)]),
  ) as OwnProcess['namespaces'];

const recordedCapabilities = (own: OwnProcess, { capabilities }: Recorded): OwnProcess['capabilities'] =>
  Object.fromEntries(
    sets.map((name) => [name, own.capabilities[name] ^ capabilities]),
  ) as OwnProcess['capabilities'];

/** As the programs' table has it. */
export function entryOf(
  own: OwnProcess,
  made: FuzzProcess,
  binaries: readonly BinarySet[],
): Written<typeof trTaskEntry> {
  const { binary, parent, ancestors, recorded } = made;
  const bits = (path: string | undefined): bigint => (path === undefined ? 0n : bitsOf(path, binaries));
  return {
    ...{ bits: bits(binary), known: Number(binary !== undefined) },
    ...{ parent_bits: bits(parent), parent_known: Number(parent !== undefined) },
    ancestor_bits: ancestors.reduce((all, path) => all | bitsOf(path, binaries), 0n),
    ...(recorded && {
      recorded: 1,
      namespaces: namespaceNames.map((name) => recordedNamespaces(own, recorded)[name]),
      capabilities: sets.map((name) => recordedCapabilities(own, recorded)[name]),
    }),
  };
}

const paths = ['/usr/bin/cat', '/usr/bin/bash', '/opt/tool', '/sbin/init'] as const;
const path = fc.constantFrom(...paths);

export const madeProcess: fc.Arbitrary<FuzzProcess> = fc.record({
  binary: fc.option(path, { nil: undefined, freq: 5 }),
  parent: fc.option(path, { nil: undefined, freq: 5 }),
  ancestors: fc.uniqueArray(path, { maxLength: 3 }),
  recorded: fc.option(
    fc.record({
      namespaces: fc.subarray([...namespaceNames], { maxLength: 2 }),
      capabilities: fc.constantFrom(0n, 1n, 1n << 21n),
    }),
    { nil: undefined, freq: 4 },
  ),
});

const either = fc.constantFrom('In', 'NotIn');
const some = <T>(of: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> =>
  fc.uniqueArray(of, { minLength: 1, maxLength });
const capabilityName = fc.constantFrom('CAP_SYS_ADMIN', 'CAP_CHOWN', 'CAP_SYS_MODULE');
const setName = fc.constantFrom(...sets);

/** Filters on the process, each as the keys that it adds to a selector. */
export function processFilter(own: OwnProcess): fc.Arbitrary<object> {
  const pid = fc.constantFrom(own.pid, 1, 2 ** 22 + 1, ...own.ancestorPids);
  const binaries = fc
    .record({
      operator: fc.constantFrom('In', 'NotIn', 'Prefix', 'NotPrefix', 'Postfix', 'NotPostfix'),
      values: some(fc.constantFrom(...paths, '/usr/bin/', 'sh', 'init')),
      followChildren: fc.boolean(),
    })
    // Tetragon takes followChildren with In and NotIn only.
    .map((filter) => (/fix$/.test(filter.operator) ? { ...filter, followChildren: false } : filter));
  return fc.oneof(
    binaries.map((filter) => ({ matchBinaries: [filter] })),
    binaries.map((filter) => ({ matchParentBinaries: [filter] })),
    fc
      .record({
        operator: either,
        values: some(pid),
        followForks: fc.boolean(),
        isNamespacePID: fc.boolean(),
      })
      .map((filter) => ({ matchPIDs: [filter] })),
    fc.constantFrom(...namespaceNames).chain((namespace) =>
      fc
        .record({
          namespace: fc.constant(namespace),
          operator: either,
          values: some(fc.constantFrom('host_ns', '1', String(own.namespaces[namespace]))),
        })
        .map((filter) => ({ matchNamespaces: [filter] })),
    ),
    fc
      .record({
        type: setName,
        operator: either,
        values: some(capabilityName),
        isNamespaceCapability: fc.boolean(),
      })
      .map((filter) => ({ matchCapabilities: [filter] })),
    fc
      .record({ operator: either, values: some(fc.constantFrom(...namespaceNames)) })
      .map((filter) => ({ matchNamespaceChanges: [filter] })),
    fc
      .record({ type: setName, operator: either, values: some(capabilityName) })
      .map((filter) => ({ matchCapabilityChanges: [filter] })),
  );
}
