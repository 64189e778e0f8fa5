/** Stage "process": what a selector asks of the process, before any argument is read. */
import type { NamespaceName, ProcessFilter } from '../plan/plan.ts';
import { prepareBinary } from './binaries.ts';
import type { TaskView } from './hit.ts';
import { FAILED, PASSED, UNKNOWN } from './tri.ts';
import type { Tri } from './tri.ts';
import { selectsWorkload } from './workloads.ts';

export type ProcessTest = (task: TaskView) => Tri;

/** Generations of ancestors that followForks looks at. */
const generations = 9;

export function prepareProcessFilter(filter: ProcessFilter): ProcessTest {
  if (filter.kind === 'binary') return prepareBinary(filter);
  if (filter.kind === 'capability' || filter.kind === 'capability-change') return prepareCapability(filter);
  switch (filter.kind) {
    case 'namespace':
      return prepareNamespace(filter);
    case 'pid':
      return preparePid(filter);
    case 'namespace-change':
      return prepareNamespaceChange(filter);
    case 'workload':
      return (task) =>
        task.doubt?.('workload') === undefined
          ? triOf(selectsWorkload(filter.workload, task.workload))
          : UNKNOWN;
    case 'constant':
      return () => triOf(filter.result);
  }
}

const triOf = (passes: boolean): Tri => (passes ? PASSED : FAILED);

type CapabilityFilter = Extract<ProcessFilter, { kind: 'capability' | 'capability-change' }>;

function prepareCapability(filter: CapabilityFilter): ProcessTest {
  const { set, mask, negated } = filter;
  return (task) => {
    const { capabilities, recordedCapabilities: before } = task;
    const ofNamespace = filter.kind === 'capability' && filter.namespaceCapability;
    const doubtful = ofNamespace && task.doubt?.('User') !== undefined;
    if (ofNamespace && !doubtful && isInHost(task, 'User')) return FAILED;
    if (filter.kind === 'capability-change' && before === undefined) return FAILED;
    if ('kind' in capabilities) return UNKNOWN;
    const now = capabilities[set];
    if (typeof now !== 'bigint') return UNKNOWN;
    if (filter.kind === 'capability') {
      if (((now & mask) !== 0n) === negated) return FAILED;
      return doubtful ? UNKNOWN : PASSED;
    }
    if (before !== undefined && 'kind' in before) return UNKNOWN;
    const changed = (before?.[set] ?? now) ^ now;
    const listed = (changed & mask) !== 0n;
    return (negated ? changed !== 0n && !listed : listed) ? PASSED : FAILED;
  };
}

const isInHost = ({ namespaces, hostNamespaces }: TaskView, name: NamespaceName): boolean =>
  namespaces[name] === hostNamespaces[name];

function preparePid({
  negated,
  values,
  namespacePid,
  followForks,
}: Extract<ProcessFilter, { kind: 'pid' }>): ProcessTest {
  const wanted = new Set(values);
  return (task) => {
    const known = task.doubt?.(namespacePid ? 'nsPid' : 'pid') === undefined;
    if (!known && (namespacePid || !followForks)) return UNKNOWN;
    const own = namespacePid ? task.nsPid : task.pid;
    if (!followForks) return triOf(wanted.has(own) !== negated);
    // A task of the host's pid namespace has no namespace pid, and is passed over.
    if (namespacePid && own === 0) return FAILED;
    const ancestors = namespacePid ? task.ancestorNsPids : task.ancestorPids;
    const found =
      (known && wanted.has(own)) ||
      // The parent's namespace pid is taken for 0, so that a value of 0 is always found.
      (namespacePid && wanted.has(0)) ||
      ancestors.slice(0, generations).some((pid) => wanted.has(pid));
    if (!found && (!known || task.doubt?.(namespacePid ? 'nsAncestors' : 'ancestors') !== undefined))
      return UNKNOWN;
    return triOf(found !== negated);
  };
}

function prepareNamespace({
  namespace,
  negated,
  values,
}: Extract<ProcessFilter, { kind: 'namespace' }>): ProcessTest {
  return (task) => {
    if (task.doubt?.(namespace) !== undefined) return UNKNOWN;
    const { namespaces, hostNamespaces } = task;
    const current = namespaces[namespace];
    const found = values.some(
      (value) => current === (value === 'host_ns' ? hostNamespaces[namespace] : value),
    );
    return triOf(found !== negated);
  };
}

function prepareNamespaceChange({
  negated,
  namespaces: listed,
}: Extract<ProcessFilter, { kind: 'namespace-change' }>): ProcessTest {
  const wanted = new Set<string>(listed);
  return (task) => {
    if (task.doubt?.('recordedNamespaces') !== undefined) return UNKNOWN;
    const { namespaces, recordedNamespaces } = task;
    if (recordedNamespaces === undefined) return FAILED;
    const changed = (Object.keys(namespaces) as NamespaceName[]).some((name) => {
      const before = recordedNamespaces[name];
      // 0: not known when it was recorded.
      return before !== 0 && before !== namespaces[name] && wanted.has(name) !== negated;
    });
    return triOf(changed);
  };
}
