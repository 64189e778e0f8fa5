/** Reasons in words: filters, values and their relation. */
import { addressText } from '../go/go-netip.ts';
import { capabilityList } from '../names/capabilities.ts';
import { fileTypeWord } from '../names/file-types.ts';
import { socketFamilies, socketProtocols } from '../names/sockets.ts';
import type { ArgFilter, HookPlan, ProcessFilter } from '../plan/plan.ts';
import { filterWindow as window } from '../plan/record/layout.ts';
import { fromBytes } from '../values/value.ts';
import type { ArgValue, ByteString, SockValue, SocketField } from '../values/value.ts';
import { reasonCodes } from './codes.ts';
import { listed } from './operators/operator.ts';
import { comparisonWords, isNegated, prepareTest } from './operators/index.ts';
import type { SingleComparison } from './operators/index.ts';
import { HOLDS, LACKS, NO_ADDRESS, NO_PATH } from './tri.ts';
import type { Reason, ReasonValue, Verdict } from './verdict.ts';
import { workloadWords } from './workloads.ts';

/** A value as a reader would call it: `file "/etc/hosts"`, `int 5`. */
function valueWords(value: ArgValue, type: string): string {
  if (value.kind === 'int') return `${type} ${value.value}`;
  if (value.kind === 'string' || value.kind === 'buffer') return `${type} ${quoted(value.value)}`;
  if (value.kind === 'file') {
    if (value.unresolved === true) return `${type} whose path is too long to be known`;
    if (value.path === '') return `${type} without a path (a ${fileTypeWord(value.mode ?? value.type ?? 0)})`;
    return `${type} ${quoted(value.path)}`;
  }
  if (value.kind === 'sock' || value.kind === 'skb') return socketWords(value, type);
  if (value.kind === 'sockaddr') {
    return `${type} ${value.addr === undefined ? socketFamilies.nameOf(value.family) : `${addressText(value.addr)}:${value.port}`}`;
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
  const family = socketFamilies.nameOf(value.family);
  const known = (field: SocketField, text: string): string =>
    value.unknown?.includes(field) === true ? '?' : text;
  if (value.unknown === undefined && value.saddr === undefined && value.daddr === undefined)
    return `${type} of ${family}`;
  const end = (address: readonly number[] | undefined, port: string): string =>
    `${address === undefined ? '?' : addressText(address)}:${port}`;
  const protocol = known('protocol', socketProtocols.nameOf(value.protocol));
  const source = end(value.saddr, known('sport', String(value.sport)));
  const destination = end(value.daddr, known('dport', String(value.dport)));
  return `${type} ${known('family', family)} ${protocol} ${source} -> ${destination}`;
}

function subject(filter: ArgFilter, hook: HookPlan, value: ArgValue | undefined): string {
  const position = filter.positions[0] ?? 0;
  const plan =
    filter.on === 'args' ? hook.args[position] : filter.on === 'data' ? hook.data[position] : hook.returnArg;
  const type = plan?.type ?? 'argument';
  const words = value === undefined ? `missing ${type}` : valueWords(value, type);
  return filter.on === 'return' ? `returned ${words}` : filter.on === 'data' ? `data ${words}` : words;
}

/** The filter that a reason is about, and what it says: `file "/etc/hosts" is not "/tmp/tetragon"`. */
export function reasonWords(reason: Reason, hook: HookPlan, side: Verdict['side']): string {
  if (reason.code === 'not-tried') return 'not tried';
  const filter = filterOf(reason, hook, side);
  if (reason.code === 'workload-not-told' && filter === undefined)
    return `whether the policy is for this process: its pod is not known (${whyUnknown(reason.value)})`;
  if (filter === undefined) return 'a value that a filter looks at is not known';
  const words =
    'comparison' in filter ? argFilterWords(filter, hook, reason) : processFilterWords(filter, reason);
  return `${words}${sharedWords(filter)}`;
}

/** That a filter is not the one of its line, as hooks that attach together share theirs. */
export function sharedWords(filter: ArgFilter | ProcessFilter): string {
  if ('valuesFrom' in filter && filter.valuesFrom !== undefined)
    return ` (the values of line ${filter.valuesFrom.span.start.line}: hooks that attach together share them)`;
  return 'inherited' in filter && filter.inherited === true
    ? ' (taken from another hook: hooks that attach together share this filter)'
    : '';
}

/** The filter of the plan that a reason is about. */
export function filterOf(
  { selector, filter }: Reason,
  hook: HookPlan,
  side: Verdict['side'],
): ArgFilter | ProcessFilter | undefined {
  const plan = hook.selectors[selector];
  if (plan === undefined) return undefined;
  if (side === 'return') return plan.returnArgs[filter];
  return filter < plan.process.length ? plan.process[filter] : plan.args[filter - plan.process.length];
}

/** What is the case, whether the filter asks for it or not. */
function argFilterWords(filter: ArgFilter, hook: HookPlan, { code, value }: Reason): string {
  const { comparison } = filter;
  const result = reasonCodes[code];
  if (comparison.kind === 'constant') return comparison.why;
  if (comparison.kind === 'cel') {
    const outcome =
      result === 'passed' ? 'is true' : result === 'unknown' ? 'needs a value that is not known' : 'is false';
    return `${comparison.program.text} ${outcome}`;
  }
  if (comparison.kind === 'capabilities-gained') {
    return result === 'unknown'
      ? 'the capability sets are not known'
      : `${result === 'passed' ? 'a' : 'no'} capability was gained`;
  }
  const looked = isArgument(value) ? value : undefined;
  const who = subject(filter, hook, looked);
  if (looked === undefined) return `${who} matches nothing`;
  const passed = result === 'passed';
  switch (code) {
    case 'beyond-unknown':
      if (looked.kind !== 'unknown')
        return `${who} may lie behind ${window} bytes of other arguments, where the filter cannot see it`;
      return `${who} is compared: ${comparisonWords(comparison, !isNegated(comparison))}?`;
    case 'unknown':
      return `${who} is compared: ${comparisonWords(comparison, !isNegated(comparison))}?`;
    case 'bad-descriptor-passed':
      return `${who} passes negated filters`;
    case 'bad-descriptor-failed':
    case 'unreadable':
    case 'missing':
      return `${who} matches nothing`;
    case 'no-path':
    case 'no-address':
      return voidWords(who);
    case 'foreign':
      if ('unknown' in looked || (looked.kind === 'file' && looked.mode === undefined))
        return `${who} is compared: ${comparisonWords(comparison, !isNegated(comparison))}? That is not known`;
      return `${who} cannot be compared by ${filter.operator}`;
    case 'beyond-passed':
    case 'beyond-failed':
    case 'beyond-bytes-passed':
    case 'beyond-bytes-failed':
      return movedWords(comparison, who, looked, passed);
    case 'compared-passed':
    case 'compared-failed':
      return `${who} ${comparisonWords(comparison, passed !== isNegated(comparison))}`;
    case 'constant-passed':
    case 'constant-failed':
    case 'process-passed':
    case 'process-failed':
    case 'binary-unknown':
    case 'binary-not-told':
    case 'capabilities-not-told':
    case 'namespaces-not-told':
    case 'pid-not-told':
    case 'workload-not-told':
    case 'parent-missing':
    case 'host-user-namespace':
    case 'exec-unknown':
    case 'not-tried':
      throw new Error(`${code} is no reason of a comparison`);
  }
}

function whyUnknown(value: ReasonValue | undefined): string {
  return isArgument(value) && value.kind === 'unknown' ? value.why : 'that of an ancestor cannot be told';
}

function isArgument(value: ReasonValue | undefined): value is ArgValue {
  return typeof value === 'object' && 'kind' in value;
}

function voidWords(who: string): string {
  return `${who} matches nothing, not even a negated filter`;
}

/** Behind long arguments the filter reads other bytes, so that its result need not follow from the value. */
function movedWords(comparison: SingleComparison, who: string, value: ArgValue, passed: boolean): string {
  const relation = prepareTest(comparison)(value);
  const unseen = `but the filter cannot see it behind ${window} bytes of other arguments`;
  // Where it would match nothing anyway, that is said.
  if (!passed && (relation === NO_PATH || relation === NO_ADDRESS)) return voidWords(who);
  if (relation !== HOLDS && relation !== LACKS)
    return `${who} ${passed ? 'passes' : 'matches nothing'}, ${unseen}`;
  const holds = relation === HOLDS;
  const words = `${who} ${comparisonWords(comparison, holds)}`;
  return passed === (holds !== isNegated(comparison)) ? words : `${words}, ${unseen}`;
}

/** Of what a filter on the process would have to know more. */
function untoldWords(filter: ProcessFilter, code: Reason['code']): string {
  switch (filter.kind) {
    case 'binary':
      return `the ${filter.of === 'self' ? 'binary' : 'parent binary'} is`;
    case 'pid':
      return `the ${filter.namespacePid ? 'namespace ' : ''}pid${filter.followForks ? ', or that of an ancestor,' : ''} is`;
    case 'namespace':
      return `the ${filter.namespace} namespace is`;
    case 'namespace-change':
      return 'the namespaces at the exec are';
    case 'capability':
    case 'capability-change':
      return code === 'namespaces-not-told' ? 'the user namespace is' : 'the capabilities are';
    case 'workload':
    case 'constant':
      return 'the pod of the process is';
  }
}

function processFilterWords(filter: ProcessFilter, { code, value }: Reason): string {
  if (reasonCodes[code] === 'unknown') return `${untoldWords(filter, code)} not known: ${whyUnknown(value)}`;
  const passed = reasonCodes[code] === 'passed';
  switch (filter.kind) {
    case 'binary': {
      const who = filter.of === 'self' ? 'binary' : 'parent binary';
      if (code === 'binary-unknown') return 'the binary is not known';
      if (code === 'parent-missing') return 'no parent binary is recorded, so the filter is skipped';
      const binary = typeof value === 'string' ? value : '';
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
      const own = `${filter.namespacePid ? 'namespace pid' : 'pid'} ${numberOf(value)}`;
      const holds = passed !== filter.negated;
      return `${own}${filter.followForks ? ' or that of an ancestor' : ''} is ${holds ? 'among' : 'not among'} ${listed(filter.values.map(String))}`;
    }
    case 'namespace': {
      const holds = passed !== filter.negated;
      return `${filter.namespace} namespace ${numberOf(value)} is ${holds ? 'among' : 'not among'} ${listed(filter.values.map(String))}`;
    }
    case 'capability': {
      if (code === 'host-user-namespace') return "the process is in the host's user namespace";
      const holds = passed !== filter.negated;
      return `${filter.set.toLowerCase()} capabilities ${holds ? 'include' : 'do not include'} ${listed(capabilityList(filter.mask))}`;
    }
    case 'namespace-change':
      if (code === 'exec-unknown') return 'the namespaces at the exec are not known';
      return `${passed ? 'a' : 'no'} namespace ${filter.negated ? 'other than' : 'of'} ${listed(filter.namespaces)} changed since the exec`;
    case 'capability-change':
      if (code === 'exec-unknown') return 'the capabilities at the exec are not known';
      return `${filter.negated ? (passed ? 'only others than' : 'not only others than') : passed ? 'some of' : 'none of'} ${listed(capabilityList(filter.mask))} changed since the exec`;
    case 'workload':
      return `the process ${passed ? 'belongs' : 'does not belong'} to ${workloadWords(filter.workload)}`;
    case 'constant':
      return filter.why;
  }
}

function numberOf(value: ReasonValue | undefined): string {
  return typeof value === 'number' ? String(value) : '?';
}
