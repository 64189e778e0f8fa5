/** A plan as the text of a policy again: normalized, macros expanded. Parsed again it gives an equal plan. */
import { stringify } from 'yaml';
import { capabilityNames } from '../names/capabilities.ts';
import type {
  ActionPlan,
  ArgFilter,
  ArgPlan,
  HookPlan,
  LabelRequirement,
  ListPlan,
  Plan,
  ProcessFilter,
  SelectorPlan,
  WorkloadSelector,
} from './plan.ts';
import { goUnescape } from '../go/go-unescape.ts';
import { formatRateLimit } from './rate-limit.ts';
import { fromBytes } from '../values/value.ts';

type Tree = Record<string, unknown>;

const sections: Readonly<Record<HookPlan['kind'], string>> = {
  kprobe: 'kprobes',
  fentry: 'fentries',
  tracepoint: 'tracepoints',
  raw_tracepoint: 'tracepoints',
  lsm: 'lsmhooks',
  uprobe: 'uprobes',
  usdt: 'usdts',
};

export function printPlan(plan: Plan): string {
  const spec: Tree = {};
  if (plan.lists.length > 0) spec['lists'] = plan.lists.map(printList);
  if (plan.loader) spec['loader'] = true;
  if (plan.workload !== undefined) Object.assign(spec, printWorkload(plan.workload));
  const options = Object.entries(plan.options).map(([name, value]) => ({ name, value }));
  if (options.length > 0) spec['options'] = options;
  if (plan.enforcers.length > 0) spec['enforcers'] = [{ calls: plan.enforcers }];
  for (const group of hookGroups(plan.hooks)) {
    const [first] = group;
    if (first === undefined) continue;
    const section = sections[first.kind];
    spec[section] = [...((spec[section] as unknown[] | undefined) ?? []), printHook(first, group)];
  }
  return stringify({
    apiVersion: 'cilium.io/v1alpha1',
    kind: plan.namespace === undefined ? 'TracingPolicy' : 'TracingPolicyNamespaced',
    metadata: {
      name: plan.policyName,
      ...(plan.namespace === undefined ? {} : { namespace: plan.namespace }),
    },
    spec,
  });
}

/** Hooks of one entry of a section: the members of a list, or the places of a uprobe. */
function hookGroups(hooks: readonly HookPlan[]): HookPlan[][] {
  const groups: HookPlan[][] = [];
  for (const hook of hooks) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    if (last !== undefined && first?.index === hook.index && first.kind === hook.kind) last.push(hook);
    else groups.push([hook]);
  }
  return groups;
}

function printList({ name, kind, values, pattern }: ListPlan): Tree {
  return {
    name,
    ...(kind === 'plain' ? {} : { type: kind }),
    ...(values.length > 0 ? { values } : {}),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

function printHook(hook: HookPlan, group: readonly HookPlan[]): Tree {
  return {
    ...printPlace(hook, group),
    ...(hook.message === undefined ? {} : { message: goUnescape(hook.message) }),
    ...(hook.tags.length > 0 ? { tags: hook.tags.map(goUnescape) } : {}),
    ...(hook.args.length > 0 ? { args: hook.args.map(printArg) } : {}),
    ...(hook.data.length > 0 ? { data: hook.data.map(printArg) } : {}),
    ...(hook.returnArg === undefined ? {} : { return: true, returnArg: printArg(hook.returnArg) }),
    ...(hook.returnArgAction === undefined ? {} : { returnArgAction: hook.returnArgAction }),
    ...(hook.ignoreCallNotFound ? { ignore: { callNotFound: true } } : {}),
    ...(hook.selectors.length > 0 ? { selectors: hook.selectors.map(printSelector) } : {}),
  };
}

function printPlace(hook: HookPlan, group: readonly HookPlan[]): Tree {
  const [first = '', second = ''] = hook.target.split('/');
  switch (hook.kind) {
    case 'kprobe':
    case 'fentry':
      return { call: hook.list === undefined ? hook.target : `list:${hook.list}`, syscall: hook.syscall };
    case 'tracepoint':
      return { subsystem: first, event: second };
    case 'raw_tracepoint':
      return { subsystem: first, event: second, raw: true };
    case 'lsm':
      return { hook: hook.target };
    case 'usdt':
      return { path: hook.path, provider: first, name: hook.target.slice(first.length + 1) };
    case 'uprobe': {
      const offsets = group.flatMap(({ offset }) => offset ?? []);
      const addrs = group.flatMap(({ address }) => address ?? []);
      const counters = group.flatMap(({ refCtrOffset }) => refCtrOffset ?? []);
      return {
        path: hook.path,
        ...(offsets.length > 0
          ? { offsets }
          : addrs.length > 0
            ? { addrs }
            : { symbols: group.map(({ target }) => target) }),
        ...(counters.length > 0 ? { refCtrOffsets: counters } : {}),
        ...(hook.digests === undefined ? {} : { binaryDigests: hook.digests }),
        ...(hook.ignoreDigestFailure === true ? { ignore: { digestVerificationFailure: true } } : {}),
      };
    }
  }
}

function printArg(arg: ArgPlan): Tree {
  return {
    index: arg.index,
    // Inline arrays have no spelling of their own.
    type: arg.type === 'const_buf' ? 'auto' : arg.type,
    ...(arg.label === undefined ? {} : { label: arg.label }),
    ...(arg.source === 'function' ? {} : { source: arg.source }),
    ...(arg.resolve === undefined ? {} : { resolve: arg.resolve }),
    ...(arg.btfType === undefined ? {} : { btfType: arg.btfType }),
    ...(arg.sizeArg === undefined ? {} : { sizeArgIndex: arg.sizeArg + 1 }),
    ...(arg.returnCopy ? { returnCopy: true } : {}),
    ...(arg.maxData === undefined ? {} : { maxData: true }),
  };
}

function printSelector(selector: SelectorPlan): Tree {
  const tree: Tree = selector.label === undefined ? {} : { label: selector.label };
  for (const filter of selector.process) {
    if (filter.kind === 'binary' && filter.inherited === true) continue;
    const [key, value] = printProcessFilter(filter);
    if (key === 'matchWorkloads') tree[key] = value;
    else
      tree[key] = [
        ...((tree[key] as unknown[] | undefined) ?? []),
        ...(Array.isArray(value) ? (value as unknown[]) : [value]),
      ];
  }
  const on = (place: ArgFilter['on']): Tree[] =>
    selector.args.filter((filter) => filter.on === place).map(printArgFilter);
  const lists: [string, readonly unknown[]][] = [
    ['matchArgs', on('args')],
    ['matchData', on('data')],
    ['matchReturnArgs', selector.returnArgs.map(printArgFilter)],
    ['matchActions', selector.actions.map(printAction)],
    ['matchReturnActions', selector.returnActions.map(printAction)],
  ];
  for (const [key, items] of lists) if (items.length > 0) tree[key] = items;
  return tree;
}

/** As written, plain and negated. */
const binaryOperators: Readonly<
  Record<Extract<ProcessFilter, { kind: 'binary' }>['match'], readonly [string, string]>
> = { exact: ['In', 'NotIn'], prefix: ['Prefix', 'NotPrefix'], postfix: ['Postfix', 'NotPostfix'] };

/** The list that the filter stands in, and its entry or entries. */
function printProcessFilter(filter: ProcessFilter): readonly [string, unknown] {
  const operator = 'negated' in filter && filter.negated ? 'NotIn' : 'In';
  switch (filter.kind) {
    case 'binary':
      return [
        filter.of === 'self' ? 'matchBinaries' : 'matchParentBinaries',
        {
          operator: binaryOperators[filter.match][filter.negated ? 1 : 0],
          values: filter.values.map(fromBytes),
          ...(filter.followChildren ? { followChildren: true } : {}),
        },
      ];
    case 'pid':
      return [
        'matchPIDs',
        {
          operator,
          values: filter.values,
          ...(filter.namespacePid ? { isNamespacePID: true } : {}),
          ...(filter.followForks ? { followForks: true } : {}),
        },
      ];
    case 'namespace':
      return [
        'matchNamespaces',
        { namespace: filter.namespace, operator, values: filter.values.map(String) },
      ];
    case 'capability':
      return [
        'matchCapabilities',
        {
          type: filter.set,
          operator,
          ...(filter.namespaceCapability ? { isNamespaceCapability: true } : {}),
          values: capabilityNames(filter.mask),
        },
      ];
    case 'namespace-change':
      return ['matchNamespaceChanges', { operator, values: filter.namespaces }];
    case 'capability-change':
      return ['matchCapabilityChanges', { type: filter.set, operator, values: capabilityNames(filter.mask) }];
    case 'workload':
      return ['matchWorkloads', printWorkload(filter.workload)];
    case 'constant':
      // Two entries are what makes these filters a constant; which two does not matter.
      if (filter.of === 'matchPIDs') return [filter.of, [0, 1].map((pid) => ({ operator, values: [pid] }))];
      return [filter.of, [0, 1].map(() => ({ operator, values: ['CAP_CHOWN'] }))];
  }
}

function printArgFilter(filter: ArgFilter): Tree {
  return {
    args: filter.positions,
    operator: filter.operator,
    ...(filter.written.length > 0 ? { values: filter.written } : {}),
  };
}

function printAction(action: ActionPlan): Tree {
  switch (action.kind) {
    case 'Post':
      return {
        action: action.kind,
        ...(action.rateLimit === undefined
          ? {}
          : {
              rateLimit: formatRateLimit(action.rateLimit.windowMs),
              rateLimitScope: action.rateLimit.scope,
            }),
        ...(action.kernelStack ? { kernelStackTrace: true } : {}),
        ...(action.userStack ? { userStackTrace: true } : {}),
        ...(action.imaHash ? { imaHash: true } : {}),
      };
    case 'NoPost':
    case 'Sigkill':
    case 'CleanupEnforcerNotification':
      return { action: action.kind };
    case 'Signal':
      return { action: action.kind, argSig: action.signal };
    case 'Override':
      return {
        action: action.kind,
        argError: action.error,
        ...(action.regs === undefined ? {} : { argRegs: action.regs }),
        ...(action.newSymbol === undefined ? {} : { argNewSymbol: action.newSymbol }),
        ...(action.newAddress === undefined ? {} : { argNewAddr: action.newAddress }),
        ...(action.newOffset === undefined ? {} : { argNewOffset: action.newOffset }),
      };
    case 'GetUrl':
      return { action: action.kind, argUrl: action.url };
    case 'DnsLookup':
      return { action: action.kind, argFqdn: action.fqdn };
    case 'TrackSock':
    case 'UntrackSock':
      return { action: action.kind, argSock: action.position };
    case 'NotifyEnforcer':
      return { action: action.kind, argError: action.error, argSig: action.signal };
    case 'Set':
      return { action: action.kind, argIndex: action.position, argValue: action.value };
  }
}

function printWorkload({ pod, container, host }: WorkloadSelector): Tree {
  return {
    ...(pod === undefined ? {} : { podSelector: printRequirements(pod) }),
    ...(container === undefined ? {} : { containerSelector: printRequirements(container) }),
    ...(host ? { hostSelector: {} } : {}),
  };
}

function printRequirements(requirements: readonly LabelRequirement[]): Tree {
  if (requirements.length === 0) return {};
  return {
    matchExpressions: requirements.map(({ key, operator, values }) => ({
      key,
      operator,
      ...(values.length > 0 ? { values } : {}),
    })),
  };
}
