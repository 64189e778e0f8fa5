/** Plans and verdicts in plain English. */
import type { ActionPlan, ArgFilter, HookPlan, Plan, ProcessFilter, SelectorPlan } from '../plan/plan.ts';
import { operatorWords } from '../plan/operators/index.ts';
import { capabilityList } from '../names/capabilities.ts';
import { contextNotes } from '../names/hook-context.ts';
import { formatRateLimit } from '../plan/rate-limit.ts';
import { fromBytes } from '../values/value.ts';
import type { Span } from '../source/diagnostic.ts';
import { comparisonWords, isNegated } from './operators/index.ts';
import { listed } from './operators/operator.ts';
import { reasonCodes } from './codes.ts';
import type { Verdict } from './verdict.ts';
import { filterOf, reasonWords, sharedWords } from './words.ts';
import { workloadWords } from './workloads.ts';
import { placeText } from '../source/spans.ts';

/** A sentence and what belongs under it; `span` is the place in the policy that it is about. */
export interface Explanation {
  readonly text: string;
  readonly span?: Span;
  readonly children: readonly Explanation[];
}

/**
 * What the policy does, hook by hook.
 *
 * @example
 * ```ts
 * import { anyKernel, explainPlan, loadPolicies } from 'tracerig/core';
 *
 * export const childrenOf = (policy: string) =>
 *   loadPolicies(policy, 'policy.yaml', anyKernel).plans.flatMap((plan) => explainPlan(plan).children);
 * ```
 */
export function explainPlan(plan: Plan): Explanation {
  const notes: Explanation[] = [];
  const note = (text: string): number => notes.push({ text, children: [] });
  if (plan.mode === 'monitor') note('Monitor mode: enforcing actions are reported, not done.');
  if (plan.mode === 'monitor_only') note('It observes only: no selector has an enforcing action.');
  if (plan.workload !== undefined) note(`Only processes of ${workloadWords(plan.workload)} are looked at.`);
  if (plan.enforcers.length > 0) note(`Notified enforcers act on ${listed(plan.enforcers)}.`);
  if (plan.loader) note('Every ELF file that is mapped to run is reported with its build id.');
  return {
    text: `Policy ${plan.policyName}${plan.namespace === undefined ? '' : ` in namespace ${plan.namespace}`}`,
    span: plan.span,
    children: [...notes, ...plan.hooks.map(explainHook)],
  };
}

function explainHook(hook: HookPlan): Explanation {
  const children: Explanation[] = contextNotes(
    hook.kind === 'lsm' ? `security_${hook.target}` : hook.target,
  ).map((text) => ({ text, children: [] }));
  for (const [index, selector] of hook.selectors.entries())
    children.push(explainSelector(selector, index, hook));
  if (hook.selectors.length === 0) {
    children.push({
      text:
        hook.kind === 'lsm'
          ? 'No selector: nothing is ever posted.'
          : `No selector: ${hook.returnArg === undefined ? 'every call is posted.' : 'every call is posted once, when it returns.'}`,
      children: [],
    });
  }
  return { text: `When ${hookWords(hook)}:`, span: hook.span, children };
}

/** `the system call openat begins`. */
export function hookWords(hook: HookPlan): string {
  const whole = hook.returnArg === undefined ? '' : ' (reported when it returns)';
  if (hook.generated?.kind === 'syscalls') return `any system call is made${whole}`;
  if (hook.generated?.kind === 'ftrace')
    return `a kernel function that matches ${hook.generated.pattern} is called${whole}`;
  switch (hook.kind) {
    case 'kprobe':
    case 'fentry':
      return hook.syscall
        ? `system call ${hook.target.replace(/^__\w+?_sys_/, '')} is made${whole}`
        : `kernel function ${hook.target} is called${whole}`;
    case 'tracepoint':
    case 'raw_tracepoint':
      return `tracepoint ${hook.target} is reached`;
    case 'lsm':
      return `the kernel asks LSM hook ${hook.target}`;
    case 'uprobe':
      return `${hook.target} of ${hook.path ?? '?'} is called${whole}`;
    case 'usdt':
      return `probe ${hook.target} of ${hook.path ?? '?'} is reached`;
  }
}

function explainSelector(selector: SelectorPlan, index: number, hook: HookPlan): Explanation {
  const conditions = [
    ...selector.process.map((filter) => leaf(processCondition(filter), filter.span)),
    ...selector.args.map((filter) => leaf(argCondition(filter, hook), filter.span)),
  ];
  const returned = selector.returnArgs.map((filter) => leaf(argCondition(filter, hook), filter.span));
  const first = index === 0 ? 'If' : 'Else, if';
  const always = index === 0 ? 'Always' : 'Else, always';
  const { actions, returnActions, span } = selector;
  const children: Explanation[] = [...conditions];
  if (hook.returnArg === undefined)
    children.push(leaf(`then ${[...deeds(actions), posting(actions)].join(', then ')}`, span));
  else {
    if (deeds(actions).length > 0) children.push(leaf(`then ${deeds(actions).join(', then ')}`, span));
    const last = [
      ...deeds(returnActions),
      posting([...actions, ...returnActions], 'one event of the call and its return'),
    ];
    children.push({
      text: `and at the return${returned.length > 0 ? ', if' : ''}`,
      children: [...returned, leaf(`then ${last.join(', then ')}`, span)],
    });
  }
  const endures = enduring(actions, hook);
  if (endures !== undefined) children.push(leaf(endures, span));
  return {
    text: conditions.length > 0 ? `${first} all of this holds:` : `${always}:`,
    span: selector.span,
    children,
  };
}

function leaf(text: string, span: Span): Explanation {
  return { text, span, children: [] };
}

/** `argument 1 (file) is "/tmp/tetragon"`. */
function argCondition(filter: ArgFilter, hook: HookPlan): string {
  const { comparison } = filter;
  if (comparison.kind === 'constant')
    return `${comparison.result ? 'anything' : 'nothing'}: ${comparison.why}`;
  if (comparison.kind === 'cel') return `${comparison.program.text} is true`;
  const [position = 0] = filter.positions;
  const arg =
    filter.on === 'args' ? hook.args[position] : filter.on === 'data' ? hook.data[position] : hook.returnArg;
  const name =
    filter.on === 'return'
      ? 'the returned value'
      : filter.on === 'data'
        ? (arg?.resolve ?? `data ${position}`)
        : (arg?.label ?? `argument ${arg?.index ?? position}`);
  const subject = `${name} (${arg?.type ?? '?'})`;
  if (comparison.kind === 'capabilities-gained') {
    return `${operatorWords(filter.operator) ?? filter.operator} (arguments ${filter.positions.join(' and ')})`;
  }
  const words = `${subject} ${comparisonWords(comparison, !isNegated(comparison))}`;
  return `${words}${sharedWords(filter)}`;
}

function processCondition(filter: ProcessFilter): string {
  const not = 'negated' in filter && filter.negated;
  switch (filter.kind) {
    case 'binary': {
      const who = filter.of === 'self' ? 'the binary' : "the parent's binary";
      const values = listed(filter.values.map((value) => JSON.stringify(fromBytes(value))));
      const verb = {
        exact: not ? 'is none of' : 'is one of',
        prefix: not ? 'does not start with' : 'starts with',
        postfix: not ? 'does not end with' : 'ends with',
      }[filter.match];
      return `${who} ${verb} ${values}${filter.followChildren ? ', descendants included' : ''}${sharedWords(filter)}`;
    }
    case 'pid':
      return `the ${filter.namespacePid ? 'namespace ' : ''}pid is ${not ? 'none' : 'one'} of ${listed(filter.values.map(String))}${filter.followForks ? ', descendants included' : ''}`;
    case 'namespace':
      return `the ${filter.namespace} namespace is ${not ? 'none' : 'one'} of ${listed(filter.values.map(String))}`;
    case 'capability':
      return `the ${filter.set.toLowerCase()} capabilities ${not ? 'have none' : 'have one'} of ${listed(capabilityList(filter.mask))}${filter.namespaceCapability ? ", outside the host's user namespace" : ''}`;
    case 'namespace-change':
      return `since the exec a namespace ${not ? 'other than' : 'of'} ${listed(filter.namespaces)} changed`;
    case 'capability-change':
      return `since the exec the ${filter.set.toLowerCase()} capabilities changed, ${not ? 'but none' : 'one'} of ${listed(capabilityList(filter.mask))}`;
    case 'workload':
      return `the process belongs to ${workloadWords(filter.workload)}`;
    case 'constant':
      return `${filter.result ? 'anything' : 'nothing'}: ${filter.why}`;
  }
}

/** What is done besides posting. */
const deeds = (actions: readonly ActionPlan[]): string[] =>
  actions.filter(({ kind }) => kind !== 'Post' && kind !== 'NoPost').map(actionWords);

/** Any list without NoPost posts. The event of a call that is reported when it returns needs both halves. */
function posting(actions: readonly ActionPlan[], event = 'an event'): string {
  if (actions.some(({ kind }) => kind === 'NoPost')) return 'post no event';
  const posts = actions.filter((action) => action.kind === 'Post');
  const extras = [
    posts.some(({ kernelStack }) => kernelStack) && 'kernel stack',
    posts.some(({ userStack }) => userStack) && 'user stack',
    posts.some(({ imaHash }) => imaHash) && 'IMA hash',
  ].filter((extra) => extra !== false);
  const limits = posts.flatMap(({ rateLimit }) => rateLimit ?? []);
  return [
    `post ${event}${extras.length > 0 ? ` with ${extras.join(' and ')}` : ''}`,
    ...limits.map(
      ({ windowMs, scope }) =>
        `at most one in ${formatRateLimit(windowMs)} for the same arguments (${scope})`,
    ),
  ].join(', ');
}

/** Whether what the process asked for happens all the same: signals act when it leaves the kernel. */
function enduring(actions: readonly ActionPlan[], { kind }: HookPlan): string | undefined {
  const signals = actions.some((action) => action.kind === 'Sigkill' || action.kind === 'Signal');
  const stops = actions.some((action) => action.kind === 'Override' || action.kind === 'NotifyEnforcer');
  if (!signals || stops || kind === 'uprobe' || kind === 'usdt') return undefined;
  return 'the signal acts when the process leaves the kernel: what it asked for may happen all the same';
}

function actionWords(action: ActionPlan): string {
  switch (action.kind) {
    case 'Post':
      return posting([action]);
    case 'NoPost':
      return 'post no event';
    case 'Sigkill':
      return 'kill the process';
    case 'Signal':
      return `send signal ${action.signal}`;
    case 'Override':
      return `let the call return ${action.error} instead of running`;
    case 'GetUrl':
      return `request ${action.url}`;
    case 'DnsLookup':
      return `look up ${action.fqdn}`;
    case 'TrackSock':
      return `track the socket of argument ${action.position}`;
    case 'UntrackSock':
      return `untrack the socket of argument ${action.position}`;
    case 'NotifyEnforcer':
      return `have the enforcer return ${action.error}${action.signal === 0 ? '' : ` and send signal ${action.signal}`}`;
    case 'CleanupEnforcerNotification':
      return 'drop the pending notification of the enforcer';
    case 'Set':
      return `write ${action.value} to argument ${action.position}`;
  }
}

/** Why the verdict is what it is: each selector with its filters. The verdict holds the reasons, asked for. */
export function explainVerdict(verdict: Verdict, hook: HookPlan): Explanation {
  const { reasons, side } = verdict;
  const marks = { passed: '✓', failed: '✗', unknown: '?', 'not-tried': '·' } as const;
  return {
    text: verdictWords(verdict, hook),
    // Without reasons no selector was looked at.
    children: (reasons === undefined ? [] : hook.selectors).map(({ span }, index) => {
      const own = (reasons ?? []).filter(({ selector }) => selector === index);
      return {
        text: `selector ${index} ${selectorWords(own, index, verdict)}`,
        span,
        children: own.map((reason) => {
          const place = filterOf(reason, hook, reason.side ?? side)?.span;
          return {
            text: `${marks[reasonCodes[reason.code]]} ${reasonWords(reason, hook, reason.side ?? side)}`,
            ...(place === undefined ? {} : { span: place }),
            children: [],
          };
        }),
      };
    }),
  };
}

/** One filter that fails decides, whatever is not known of the others. */
function selectorWords(
  own: NonNullable<Verdict['reasons']>,
  index: number,
  { selector, undetermined }: Verdict,
): string {
  const outcomes = own.map(({ code }) => reasonCodes[code]);
  if (outcomes.includes('failed')) return 'does not match';
  if (outcomes.some((outcome) => outcome !== 'passed')) return 'matches or not: that is not known';
  if (undetermined !== undefined) return 'matches, if no earlier one does';
  return selector === index ? 'matches' : 'matches, but an earlier one won';
}

function verdictWords(verdict: Verdict, hook: HookPlan): string {
  if (verdict.undetermined !== undefined)
    return `Not known: ${reasonWords(verdict.undetermined, hook, verdict.side)}`;
  if (verdict.selector === undefined) return 'No selector matches: nothing happens';
  const who = verdict.selector === 'default' ? 'There is no selector' : `Selector ${verdict.selector} wins`;
  const isHalf = hook.returnArg !== undefined && verdict.side === 'entry';
  const event = hook.returnArg === undefined ? 'an event' : 'one event of the call and its return';
  const posted = verdict.post
    ? isHalf
      ? 'an event is posted when the call returns, if what is asked of the return holds'
      : `${event} is posted (action ${verdict.action})`
    : verdict.rateLimited
      ? 'its event is suppressed by the rate limit'
      : 'no event is posted';
  const { signals, override } = verdict.effects;
  const done = [
    ...signals.map((signal) => `signal ${signal} is sent`),
    ...(override === undefined ? [] : [`the call returns ${override} and does not happen`]),
    ...(verdict.side === 'entry' && signals.length > 0 ? [enduring(verdict.actions, hook)] : []),
    ...(verdict.monitored ? ['its enforcing actions are only reported (monitor mode)'] : []),
  ];
  return [`${who}: ${posted}`, ...done.filter((each) => each !== undefined)].join('; ');
}

/**
 * The tree as indented lines; a place is given as `file:line:column`.
 *
 * @example
 * ```ts
 * import { explainPlan, explanationLines } from 'tracerig/core';
 * import type { Plan } from 'tracerig/core';
 *
 * export const show = (plan: Plan) => console.log(explanationLines(explainPlan(plan)).join('\n'));
 * ```
 */
export function explanationLines(explanation: Explanation, depth = 0): string[] {
  const { text, span, children } = explanation;
  const place = span === undefined ? '' : `  (${placeText(span)})`;
  return [
    `${'  '.repeat(depth)}${text}${place}`,
    ...children.flatMap((child) => explanationLines(child, depth + 1)),
  ];
}
