/** Stage "process": filters on the calling process. */
import type { WorkloadView } from '../../core/engine/hit.ts';
import { selectsWorkload } from '../../core/engine/workloads.ts';
import type { CapabilitySet, NamespaceName, ProcessFilter } from '../../core/plan/plan.ts';
import {
  trCapabilitySet,
  trLimit,
  trMatch,
  trNamespace,
  trProcessKind,
  type trProcessFilter,
} from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import type { ValueSets } from './sets.ts';
import { unsupported } from './unsupported.ts';

type EncodedProcessFilter = Written<typeof trProcessFilter>;

/** The programs' kind for each filter; */
export const processKinds = {
  constant: 'PROCESS_CONSTANT',
  binary: 'PROCESS_BINARY',
  pid: 'PROCESS_PID',
  namespace: 'PROCESS_NAMESPACE',
  capability: 'PROCESS_CAPABILITY',
  'namespace-change': 'PROCESS_NAMESPACE_CHANGE',
  'capability-change': 'PROCESS_CAPABILITY_CHANGE',
  // What the scenario says of the processes does not change while they run.
  workload: 'PROCESS_CONSTANT',
} as const satisfies Record<ProcessFilter['kind'], keyof typeof trProcessKind>;

export const namespaceKinds = {
  Uts: 'NAMESPACE_UTS',
  Ipc: 'NAMESPACE_IPC',
  Mnt: 'NAMESPACE_MNT',
  Pid: 'NAMESPACE_PID',
  PidForChildren: 'NAMESPACE_PID_FOR_CHILDREN',
  Net: 'NAMESPACE_NET',
  Time: 'NAMESPACE_TIME',
  TimeForChildren: 'NAMESPACE_TIME_FOR_CHILDREN',
  Cgroup: 'NAMESPACE_CGROUP',
  User: 'NAMESPACE_USER',
} as const satisfies Record<NamespaceName, keyof typeof trNamespace>;

export const capabilitySets = {
  Effective: 'CAPABILITY_EFFECTIVE',
  Inheritable: 'CAPABILITY_INHERITABLE',
  Permitted: 'CAPABILITY_PERMITTED',
} as const satisfies Record<CapabilitySet, keyof typeof trCapabilitySet>;

const binaryMatches = {
  exact: 'MATCH_EQUAL',
  prefix: 'MATCH_PREFIX',
  postfix: 'MATCH_POSTFIX',
} as const satisfies Record<BinarySet['match'], keyof typeof trMatch>;

/** A matchBinaries filter's values: decided at exec, a bit in the process's entry. */
export interface BinarySet {
  readonly match: 'exact' | 'prefix' | 'postfix';
  readonly values: readonly string[];
  /** As the programs name it. */
  readonly encoded: { readonly match: number; readonly set: number };
}

export interface ProcessContext {
  readonly sets: ValueSets;
  /** Grows with each new set; the index is the bit. */
  readonly binaries: BinarySet[];
  /** Inode numbers of the host's namespaces. */
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
  readonly workload: WorkloadView | undefined;
}

export function encodeProcessFilter(filter: ProcessFilter, context: ProcessContext): EncodedProcessFilter {
  return {
    kind: trProcessKind[processKinds[filter.kind]],
    negated: Number('negated' in filter && filter.negated),
    ...encodeWanted(filter, context),
  };
}

/** One that passes for all processes, or for none. */
export const constantFilter = (result: boolean): EncodedProcessFilter => ({
  kind: trProcessKind.PROCESS_CONSTANT,
  constant: { result: Number(result) },
});

function encodeWanted(filter: ProcessFilter, context: ProcessContext): EncodedProcessFilter {
  switch (filter.kind) {
    case 'workload':
      return constantFilter(selectsWorkload(filter.workload, context.workload));
    case 'constant':
      return { constant: { result: Number(filter.result) } };
    case 'binary': {
      const { followChildren, of } = filter;
      return {
        binary: {
          of_parent: Number(of === 'parent'),
          follow_children: Number(followChildren),
          bit: binaryBit(filter, context),
        },
      };
    }
    case 'pid': {
      const values = filter.values.slice(0, trLimit.MAX_VALUES);
      return {
        pid: {
          namespaced: Number(filter.namespacePid),
          follow_forks: Number(filter.followForks),
          count: values.length,
          values,
        },
      };
    }
    case 'namespace': {
      if (filter.values.length > trLimit.MAX_VALUES)
        throw unsupported(`more than ${trLimit.MAX_VALUES} values of matchNamespaces`, filter.span);
      const values = filter.values.map((value) =>
        value === 'host_ns' ? context.hostNamespaces[filter.namespace] : value,
      );
      const which = trNamespace[namespaceKinds[filter.namespace]];
      return { ns: { which, count: values.length, values } };
    }
    case 'namespace-change': {
      const bits = filter.namespaces.map((name) => 1 << trNamespace[namespaceKinds[name]]);
      return { namespace_change: { namespaces: bits.reduce((all, bit) => all | bit, 0) } };
    }
    case 'capability-change':
      return {
        capability_change: { set: trCapabilitySet[capabilitySets[filter.set]], mask: filter.mask },
      };
    case 'capability':
      return {
        capability: {
          set: trCapabilitySet[capabilitySets[filter.set]],
          namespaced: Number(filter.namespaceCapability),
          mask: filter.mask,
        },
      };
  }
}

function binaryBit(
  filter: Extract<ProcessFilter, { kind: 'binary' }>,
  { binaries, sets }: ProcessContext,
): number {
  const { match, values } = filter;
  const set = sets.texts(binaryMatches[match], values);
  if (set === undefined) throw unsupported('more than 256 filters with Prefix or Postfix', filter.span);
  const encoded = { match: trMatch[binaryMatches[match]], set };
  const known = binaries.findIndex((other) => other.match === match && other.encoded.set === set);
  if (known >= 0) return known;
  if (binaries.length >= trLimit.MAX_BINARIES)
    throw unsupported(`more than ${trLimit.MAX_BINARIES} different matchBinaries`, filter.span);
  return binaries.push({ match, values, encoded }) - 1;
}
