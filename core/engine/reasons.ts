/** Reasons: the filters are run again, one by one, and say why. Made only when they are asked for. */
import type { ArgFilter, ProcessFilter } from '../plan/plan.ts';
import { celArguments } from '../plan/cel/arguments.ts';
import { valueAt } from './args.ts';
import { codeOf, reasonCodes, resultOf } from './codes.ts';
import type { ReasonCode } from './codes.ts';
import type { ProbeHit, TaskPart, TaskView } from './hit.ts';
import type { PreparedSelector } from './select.ts';
import { FAILED, PASSED, UNKNOWN } from './tri.ts';
import type { Tri } from './tri.ts';
import type { Reason, ReasonValue } from './verdict.ts';

/** At the entry filters on process and arguments count, at the return those on the returned value. */
export function reasonsFor(
  selectors: readonly PreparedSelector[],
  hit: ProbeHit,
  side: 'entry' | 'return',
): Reason[] {
  return selectors.flatMap((selector, index) => selectorReasons(selector, index, hit, side));
}

function selectorReasons(
  { plan, process, args, returnArgs }: PreparedSelector,
  selector: number,
  hit: ProbeHit,
  side: 'entry' | 'return',
): Reason[] {
  const reasons: Reason[] = [];
  let failed = false;
  const add = (code: () => ReasonCode, value: () => ReasonValue | undefined): void => {
    const one = failed ? 'not-tried' : code();
    const looked = failed ? undefined : value();
    failed ||= reasonCodes[one] === 'failed';
    reasons.push({
      selector,
      filter: reasons.length,
      code: one,
      ...(looked === undefined ? {} : { value: looked }),
    });
  };
  if (side === 'entry') {
    plan.process.forEach((filter, index) => {
      add(
        () => processCode(filter, hit.task, process[index]?.(hit.task) ?? FAILED),
        () => processValue(filter, hit.task, process[index]?.(hit.task) ?? FAILED),
      );
    });
  }
  const [filters, tests] = side === 'entry' ? [plan.args, args] : [plan.returnArgs, returnArgs];
  filters.forEach((filter, index) => {
    add(
      () => codeOf(tests[index]?.(hit) ?? 0),
      () => argValue(filter, hit),
    );
  });
  return reasons;
}

/** The first filter of a selector that needs a value that is not known. */
export function unknownReason(
  { plan, process, args, returnArgs }: PreparedSelector,
  selector: number,
  hit: ProbeHit,
  side: 'entry' | 'return',
): Reason {
  for (const [index, filter] of side === 'entry' ? plan.process.entries() : []) {
    if (process[index]?.(hit.task) !== UNKNOWN) continue;
    const value = processValue(filter, hit.task, UNKNOWN);
    return {
      ...{ selector, filter: index, code: processCode(filter, hit.task, UNKNOWN) },
      ...(value === undefined ? {} : { value }),
    };
  }
  const [filters, tests] = side === 'entry' ? [plan.args, args] : [plan.returnArgs, returnArgs];
  for (const [index, filter] of filters.entries()) {
    const result = tests[index]?.(hit) ?? 0;
    if (resultOf(result) !== UNKNOWN) continue;
    const value = argValue(filter, hit);
    return {
      selector,
      filter: side === 'entry' ? plan.process.length + index : index,
      code: codeOf(result),
      ...(value === undefined ? {} : { value }),
    };
  }
  throw new Error(`no filter of selector ${selector} needs an unknown value`);
}

function argValue({ on, positions, comparison }: ArgFilter, hit: ProbeHit): ReasonValue | undefined {
  if (comparison.kind === 'cel') return celArguments(comparison.program).map((position) => hit.arg(position));
  if (comparison.kind === 'capabilities-gained')
    return positions.map((position) => valueAt(hit, on, position)).filter((value) => value !== undefined);
  // A constant looks at no value, but at whether there is one.
  if (comparison.kind === 'constant' && !comparison.result) return undefined;
  return valueAt(hit, on, positions[0] ?? 0);
}

function processCode(filter: ProcessFilter, task: TaskView, result: Tri): ReasonCode {
  if (result === UNKNOWN) return untoldCode(filter, task);
  const passed = result === PASSED;
  switch (filter.kind) {
    case 'binary':
      if (filter.of === 'self' && task.binary === undefined) return 'binary-unknown';
      if (filter.of === 'parent' && task.parentBinary === undefined) return 'parent-missing';
      break;
    case 'capability':
      if (
        filter.namespaceCapability &&
        task.doubt?.('User') === undefined &&
        task.namespaces.User === task.hostNamespaces.User
      )
        return 'host-user-namespace';
      break;
    case 'namespace-change':
      if (task.recordedNamespaces === undefined) return 'exec-unknown';
      break;
    case 'capability-change':
      if (task.recordedCapabilities === undefined) return 'exec-unknown';
      break;
    case 'constant':
      return passed ? 'constant-passed' : 'constant-failed';
    case 'pid':
    case 'namespace':
    case 'workload':
  }
  return passed ? 'process-passed' : 'process-failed';
}

function untoldCode(filter: ProcessFilter, task: TaskView): ReasonCode {
  switch (filter.kind) {
    case 'binary':
      return 'binary-not-told';
    case 'pid':
      return filter.namespacePid ? 'namespaces-not-told' : 'pid-not-told';
    case 'workload':
      return 'workload-not-told';
    case 'capability':
    case 'capability-change':
      return isUnknown(capabilitiesFor(filter, task)) ? 'capabilities-not-told' : 'namespaces-not-told';
    case 'namespace':
    case 'namespace-change':
    case 'constant':
      return 'namespaces-not-told';
  }
}

const isUnknown = (value: ReasonValue): boolean => typeof value === 'object' && 'kind' in value;

/** The value, or why the first of these parts is not known. */
function doubted(task: TaskView, parts: readonly TaskPart[], value: ReasonValue): ReasonValue {
  const why = parts.map((part) => task.doubt?.(part)).find((each) => each !== undefined);
  return why === undefined ? value : { kind: 'unknown', why };
}

function processValue(filter: ProcessFilter, task: TaskView, result: Tri): ReasonValue | undefined {
  switch (filter.kind) {
    case 'binary':
      return filter.of === 'self' ? task.binary : task.parentBinary;
    case 'pid': {
      // That of an ancestor may have decided, whatever is not known of others.
      if (filter.namespacePid)
        return doubted(task, result === UNKNOWN ? ['nsPid', 'nsAncestors'] : ['nsPid'], task.nsPid);
      return doubted(task, result === UNKNOWN ? ['pid', 'ancestors'] : ['pid'], task.pid);
    }
    case 'namespace':
      return doubted(task, [filter.namespace], task.namespaces[filter.namespace]);
    case 'capability':
    case 'capability-change': {
      const value = capabilitiesFor(filter, task);
      const ofNamespace = filter.kind === 'capability' && filter.namespaceCapability;
      return ofNamespace && !isUnknown(value) ? doubted(task, ['User'], value) : value;
    }
    case 'workload':
    case 'namespace-change':
      if (result !== UNKNOWN) return undefined;
      return doubted(task, [filter.kind === 'workload' ? 'workload' : 'recordedNamespaces'], 0);
    case 'constant':
      return undefined;
  }
}

function capabilitiesFor(
  filter: Extract<ProcessFilter, { kind: 'capability' | 'capability-change' }>,
  { capabilities, recordedCapabilities: before }: TaskView,
): ReasonValue {
  if ('kind' in capabilities) return capabilities;
  if (filter.kind === 'capability-change' && before !== undefined && 'kind' in before) return before;
  return capabilities[filter.set];
}

/** Whether the policy is for the process at all is not known. */
export const unknownWorkload = (why: string): Reason => ({
  ...{ selector: -1, filter: -1, code: 'workload-not-told' },
  value: { kind: 'unknown', why },
});
