/** Filters on the calling process. */
import type { NamespaceName, ProcessFilter } from '../../core/plan/plan.ts';
import {
  binaryKinds,
  capabilitySets,
  limits,
  namespaceNames,
  processFilterKinds,
  processFlags,
} from '../layout.ts';
import type { ValueSets } from './sets.ts';
import { unsupported } from './unsupported.ts';

export interface EncodedProcessFilter {
  readonly kind: number;
  readonly negated: number;
  readonly flags: number;
  readonly which: number;
  readonly count: number;
  readonly values: readonly number[];
  readonly mask: bigint;
}

/** A matchBinaries filter's values: decided at exec, a bit in the process's entry. */
export interface BinarySet {
  readonly kind: number;
  readonly set: number;
  readonly match: 'exact' | 'prefix' | 'postfix';
  readonly values: readonly string[];
}

export interface ProcessContext {
  readonly sets: ValueSets;
  /** Grows with each new set; the index is the bit. */
  readonly binaries: BinarySet[];
  /** Inode numbers of the host's namespaces. */
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
}

const blank: EncodedProcessFilter = {
  kind: 0,
  negated: 0,
  flags: 0,
  which: 0,
  count: 0,
  values: [],
  mask: 0n,
};

export function encodeProcessFilter(filter: ProcessFilter, context: ProcessContext): EncodedProcessFilter {
  switch (filter.kind) {
    case 'constant':
      return { ...blank, kind: processFilterKinds.constant, negated: Number(!filter.result) };
    case 'binary': {
      const { followChildren, of } = filter;
      return {
        ...blank,
        kind: processFilterKinds.binary,
        negated: Number(filter.negated),
        flags:
          (of === 'parent' ? processFlags.binaryParent : 0) |
          (followChildren ? processFlags.binaryFollowChildren : 0),
        which: binaryBit(filter, context),
      };
    }
    case 'pid': {
      const values = filter.values.slice(0, limits.pids);
      return {
        ...blank,
        kind: processFilterKinds.pid,
        negated: Number(filter.negated),
        flags:
          (filter.namespacePid ? processFlags.pidNamespace : 0) |
          (filter.followForks ? processFlags.pidFollowForks : 0),
        count: values.length,
        values,
      };
    }
    case 'namespace': {
      if (filter.values.length > limits.pids)
        throw unsupported(`more than ${limits.pids} values of matchNamespaces`, filter.span);
      const values = filter.values.map((value) =>
        value === 'host_ns' ? context.hostNamespaces[filter.namespace] : value,
      );
      return {
        ...blank,
        kind: processFilterKinds.namespace,
        negated: Number(filter.negated),
        which: namespaceNames.indexOf(filter.namespace),
        count: values.length,
        values,
      };
    }
    case 'capability':
      return {
        ...blank,
        kind: processFilterKinds.capability,
        negated: Number(filter.negated),
        flags: filter.namespaceCapability ? processFlags.capabilityNamespaced : 0,
        which: capabilitySets.indexOf(filter.set),
        mask: filter.mask,
      };
    case 'namespace-change':
    case 'capability-change':
    case 'workload':
      throw unsupported(filterWords[filter.kind], filter.span);
  }
}

const filterWords = {
  'namespace-change': 'matchNamespaceChanges',
  'capability-change': 'matchCapabilityChanges',
  workload: 'matchWorkloads',
} as const;

function binaryBit(filter: Extract<ProcessFilter, { kind: 'binary' }>, context: ProcessContext): number {
  const { match, values } = filter;
  const set =
    match === 'exact'
      ? context.sets.equal(values)
      : match === 'prefix'
        ? context.sets.prefixes(values)
        : context.sets.postfixes(values);
  if (set === undefined) throw unsupported('more than 256 filters with Prefix or Postfix', filter.span);
  const kind = binaryKinds[match];
  const known = context.binaries.findIndex((other) => other.kind === kind && other.set === set);
  if (known >= 0) return known;
  if (context.binaries.length >= limits.binaries)
    throw unsupported(`more than ${limits.binaries} different matchBinaries`, filter.span);
  context.binaries.push({ kind, set, match, values });
  return context.binaries.length - 1;
}
