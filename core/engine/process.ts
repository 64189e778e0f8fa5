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
  const test = prepareKnown(filter);
  return (task) => (test(task) ? PASSED : FAILED);
}

type CapabilityFilter = Extract<ProcessFilter, { kind: 'capability' | 'capability-change' }>;
type KnownFilter = Exclude<ProcessFilter, CapabilityFilter | { kind: 'binary' }>;

function prepareCapability(filter: CapabilityFilter): ProcessTest {
  const { set, mask, negated } = filter;
  return ({ capabilities, recordedCapabilities, namespaces, hostNamespaces }) => {
    if (filter.kind === 'capability') {
      if (filter.namespaceCapability && namespaces.User === hostNamespaces.User) return FAILED;
    } else if (recordedCapabilities === undefined) return FAILED;
    if ('kind' in capabilities) return UNKNOWN;
    const now = capabilities[set];
    if (filter.kind === 'capability') return ((now & mask) !== 0n) !== negated ? PASSED : FAILED;
    const changed = (recordedCapabilities?.[set] ?? now) ^ now;
    const listed = (changed & mask) !== 0n;
    return (negated ? changed !== 0n && !listed : listed) ? PASSED : FAILED;
  };
}

/** Filters on what every source of hits knows. */
function prepareKnown(filter: KnownFilter): (task: TaskView) => boolean {
  switch (filter.kind) {
    case 'pid':
      return preparePid(filter);
    case 'namespace':
      return prepareNamespace(filter);
    case 'namespace-change':
      return prepareNamespaceChange(filter);
    case 'workload':
      return ({ workload }) => selectsWorkload(filter.workload, workload);
    case 'constant':
      return () => filter.result;
  }
}

function preparePid({
  negated,
  values,
  namespacePid,
  followForks,
}: Extract<ProcessFilter, { kind: 'pid' }>): (task: TaskView) => boolean {
  const wanted = new Set(values);
  return (task) => {
    const own = namespacePid ? task.nsPid : task.pid;
    if (!followForks) return wanted.has(own) !== negated;
    // A task of the host's pid namespace has no namespace pid, and is passed over.
    if (namespacePid && own === 0) return false;
    const ancestors = namespacePid ? task.ancestorNsPids : task.ancestorPids;
    const found =
      wanted.has(own) ||
      // The parent's namespace pid is taken for 0, so that a value of 0 is always found.
      (namespacePid && wanted.has(0)) ||
      ancestors.slice(0, generations).some((pid) => wanted.has(pid));
    return found !== negated;
  };
}

function prepareNamespace({
  namespace,
  negated,
  values,
}: Extract<ProcessFilter, { kind: 'namespace' }>): (task: TaskView) => boolean {
  return ({ namespaces, hostNamespaces }) => {
    const current = namespaces[namespace];
    const found = values.some(
      (value) => current === (value === 'host_ns' ? hostNamespaces[namespace] : value),
    );
    return found !== negated;
  };
}

function prepareNamespaceChange({
  negated,
  namespaces: listed,
}: Extract<ProcessFilter, { kind: 'namespace-change' }>): (task: TaskView) => boolean {
  const wanted = new Set<string>(listed);
  return ({ namespaces, recordedNamespaces }) => {
    if (recordedNamespaces === undefined) return false;
    return (Object.keys(namespaces) as NamespaceName[]).some((name) => {
      const before = recordedNamespaces[name];
      // 0: not known when it was recorded.
      return before !== 0 && before !== namespaces[name] && wanted.has(name) !== negated;
    });
  };
}
