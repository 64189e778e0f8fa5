/** Filters, values and their relation in words. */
import { formatAddress } from '../plan/operators/ip.ts';
import { capabilityList } from '../names/capability-masks.ts';
import { fileTypeWord } from '../names/file-types.ts';
import { familyNumbers, nameOf, protocolNumbers } from '../names/socket-numbers.ts';
import type { ArgFilter, HookPlan, ProcessFilter } from '../plan/plan.ts';
import { fromBytes } from '../values/value.ts';
import type { ArgValue, ByteString, SockValue } from '../values/value.ts';
import { valuesFor } from './args.ts';
import type { ProbeHit, TaskView } from './hit.ts';
import { listed } from './operators/operator.ts';
import { comparisonWords, isNegated, prepareTest } from './operators/index.ts';
import { FOREIGN, HOLDS, LACKS, PASSED, UNKNOWN, VOID } from './tri.ts';
import type { Tri } from './tri.ts';
import { workloadWords } from './workloads.ts';

/** A value as a reader would call it: `file "/etc/hosts"`, `int 5`. */
export function valueWords(value: ArgValue, type: string): string {
  if (value.kind === 'int') return `${type} ${value.value}`;
  if (value.kind === 'string' || value.kind === 'buffer') return `${type} ${quoted(value.value)}`;
  if (value.kind === 'file') {
    if (value.unresolved === true) return `${type} whose path is too long to be known`;
    if (value.path === '') return `${type} without a path (a ${fileTypeWord(value.mode)})`;
    return `${type} ${quoted(value.path)}`;
  }
  if (value.kind === 'sock' || value.kind === 'skb') return socketWords(value, type);
  if (value.kind === 'sockaddr') {
    return `${type} ${value.addr === undefined ? nameOf(familyNumbers, value.family) : `${formatAddress(value.addr)}:${value.port}`}`;
  }
  if (value.kind === 'sockaddr_un') return `${type} ${quoted((value.abstract ? '@' : '') + value.path)}`;
  if (value.kind === 'caps') return `${type} ${capabilityList(value.value).join(', ') || 'none'}`;
  if (value.kind === 'bad-fd') return `descriptor ${value.fd}, which refers to no file,`;
  if (value.kind === 'unreadable') return `${type}, which could not be read (${value.message}),`;
  if (value.kind === 'unknown') return `${type}, which is not known (${value.why}),`;
  return `${type} argument`;
}

function quoted(bytes: ByteString): string {
  return JSON.stringify(fromBytes(bytes));
}

function socketWords(value: SockValue, type: string): string {
  const family = nameOf(familyNumbers, value.family);
  if (value.saddr === undefined && value.daddr === undefined) return `${type} of ${family}`;
  const end = (address: readonly number[] | undefined, port: number): string =>
    `${address === undefined ? '?' : formatAddress(address)}:${port}`;
  const protocol = nameOf(protocolNumbers, value.protocol);
  return `${type} ${family} ${protocol} ${end(value.saddr, value.sport)} -> ${end(value.daddr, value.dport)}`;
}

function subject(filter: ArgFilter, hook: HookPlan, hit: ProbeHit): string {
  const position = filter.positions[0] ?? 0;
  const plan =
    filter.on === 'args' ? hook.args[position] : filter.on === 'data' ? hook.data[position] : hook.returnArg;
  const value = valuesFor(hit, filter.on)[position];
  const type = plan?.type ?? 'argument';
  const words = value === undefined ? `missing ${type}` : valueWords(value, type);
  return filter.on === 'return' ? `returned ${words}` : filter.on === 'data' ? `data ${words}` : words;
}

/** `file "/etc/hosts" is not "/tmp/tetragon"`: what is the case, whether the filter asks for it or not. */
export function argFilterWords(filter: ArgFilter, hook: HookPlan, hit: ProbeHit, result: Tri): string {
  const { comparison } = filter;
  if (comparison.kind === 'constant') return comparison.why;
  if (comparison.kind === 'cel') {
    const outcome =
      result === PASSED ? 'is true' : result === UNKNOWN ? 'needs a value that is not known' : 'is false';
    return `${comparison.program.source} ${outcome}`;
  }
  if (comparison.kind === 'capabilities-gained') {
    return result === UNKNOWN
      ? 'the capability sets are not known'
      : `${result === PASSED ? 'a' : 'no'} capability was gained`;
  }
  const value = valuesFor(hit, filter.on)[filter.positions[0] ?? 0];
  const who = subject(filter, hook, hit);
  if (value === undefined || value.kind === 'unreadable') return `${who} matches nothing`;
  if (value.kind === 'unknown')
    return `${who} is compared: ${comparisonWords(comparison, !isNegated(comparison))}?`;
  if (value.kind === 'bad-fd')
    return `${who} ${isNegated(comparison) ? 'passes negated filters' : 'matches nothing'}`;
  switch (prepareTest(comparison)(value)) {
    case VOID:
      return `${who} matches nothing, not even a negated filter`;
    case FOREIGN:
      return `${who} cannot be compared by ${filter.operator}`;
    case HOLDS:
      return movedWords(
        `${who} ${comparisonWords(comparison, true)}`,
        (result === PASSED) === isNegated(comparison),
      );
    case LACKS:
      return movedWords(
        `${who} ${comparisonWords(comparison, false)}`,
        (result === PASSED) !== isNegated(comparison),
      );
  }
}

/** Behind long arguments the filter reads other bytes, so that its result need not follow from the value. */
function movedWords(words: string, contradicts: boolean): string {
  return contradicts ? `${words}, but the filter cannot see it behind 2048 bytes of other arguments` : words;
}

export function processFilterWords(filter: ProcessFilter, task: TaskView, passed: boolean): string {
  switch (filter.kind) {
    case 'binary': {
      const binary = filter.of === 'self' ? task.binary : task.parentBinary;
      const who = filter.of === 'self' ? 'binary' : 'parent binary';
      if (binary === undefined) {
        return filter.of === 'self'
          ? 'the binary is not known'
          : 'no parent binary is recorded, so the filter is skipped';
      }
      const holds = passed !== filter.negated;
      const values = listed(filter.values.map((value) => quoted(value)));
      const many = filter.values.length > 1;
      const relation = {
        exact: holds ? `is ${many ? 'one of ' : ''}` : `is ${many ? 'none of ' : 'not '}`,
        prefix: `${holds ? 'starts' : 'does not start'} with ${many ? 'any of ' : ''}`,
        postfix: `${holds ? 'ends' : 'does not end'} with ${many ? 'any of ' : ''}`,
      }[filter.match];
      const family = filter.followChildren
        ? `${who} ${quoted(binary)} or that of an ancestor`
        : `${who} ${quoted(binary)}`;
      return `${family} ${relation}${values}`;
    }
    case 'pid': {
      const own = filter.namespacePid ? `namespace pid ${task.nsPid}` : `pid ${task.pid}`;
      const holds = passed !== filter.negated;
      return `${own}${filter.followForks ? ' or that of an ancestor' : ''} is ${holds ? 'among' : 'not among'} ${listed(filter.values.map(String))}`;
    }
    case 'namespace': {
      const holds = passed !== filter.negated;
      return `${filter.namespace} namespace ${task.namespaces[filter.namespace]} is ${holds ? 'among' : 'not among'} ${listed(filter.values.map(String))}`;
    }
    case 'capability': {
      if (filter.namespaceCapability && task.namespaces.User === task.hostNamespaces.User) {
        return "the process is in the host's user namespace";
      }
      const holds = passed !== filter.negated;
      return `${filter.set.toLowerCase()} capabilities ${holds ? 'include' : 'do not include'} ${listed(capabilityList(filter.mask))}`;
    }
    case 'namespace-change':
      if (task.recordedNamespaces === undefined) return 'the namespaces at the exec are not known';
      return `${passed ? 'a' : 'no'} namespace ${filter.negated ? 'other than' : 'of'} ${listed(filter.namespaces)} changed since the exec`;
    case 'capability-change':
      if (task.recordedCapabilities === undefined) return 'the capabilities at the exec are not known';
      return `${filter.negated ? (passed ? 'only others than' : 'not only others than') : passed ? 'some of' : 'none of'} ${listed(capabilityList(filter.mask))} changed since the exec`;
    case 'workload':
      return `the process ${passed ? 'belongs' : 'does not belong'} to ${workloadWords(filter.workload)}`;
    case 'constant':
      return filter.why;
  }
}
