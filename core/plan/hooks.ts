/** From the hooks of a document's sections to hook plans. */
import { goEscape } from '../go/go-quote.ts';
import type { NodePath } from '../source/spans.ts';
import type { Argument } from '../policy/schema/argument.ts';
import type { Kprobe, LsmHook, Tracepoint, Uprobe, Usdt } from '../policy/schema/hooks.ts';
import type { Selector } from '../policy/schema/selector.ts';
import type { PolicySpec } from '../policy/schema/spec.ts';
import { compileArg, compileArgs } from './args.ts';
import type { ArgOrigin } from './args.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import { listReference } from '../policy/lists.ts';
import { callTargets, listNumbers } from './lists.ts';
import type { HookKind, HookPlan } from './plan.ts';
import type { Reporter } from './reporter.ts';
import { lsmSymbol, rawTracepointSymbol } from './resolve-start.ts';
import { compileSelectors } from './selectors.ts';
import { truncateBytes } from '../values/truncate.ts';
import { uprobePlaces } from './uprobe-places.ts';

export interface HookContext {
  readonly spec: PolicySpec;
  readonly kernel: KernelFacts;
  readonly reporter: Reporter;
  readonly singleAttach: boolean;
}

/** What every section's hooks have, and what is said of them once. */
interface Common {
  readonly kind: HookKind;
  readonly args?: readonly Argument[] | undefined;
  readonly data?: readonly Argument[] | undefined;
  readonly return?: boolean | undefined;
  readonly returnArg?: Argument | undefined;
  readonly selectors?: readonly Selector[] | undefined;
  readonly message?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

type Body = Omit<HookPlan, 'target' | 'index' | 'syscall' | 'kind'> & { readonly kind: HookKind };

const messageBytes = 256;
const tagBytes = 128;

function compileBody(
  hook: Common,
  path: NodePath,
  calls: readonly { readonly name: string; readonly syscall: boolean }[],
  origin: ArgOrigin,
  context: HookContext,
): Body {
  const { reporter, spec } = context;
  const args = compileArgs(hook.args ?? [], [...path, 'args'], origin, reporter);
  const data = compileArgs(hook.data ?? [], [...path, 'data'], origin, reporter);
  const returnArg =
    hook.return === true && hook.returnArg !== undefined
      ? compileArg(hook.returnArg, 0, [...path, 'returnArg'], origin, reporter)
      : undefined;
  const selectors = compileSelectors(
    hook.selectors ?? [],
    [...path, 'selectors'],
    {
      kind: hook.kind,
      args,
      data,
      returnArg,
      calls,
      singleAttach: context.singleAttach,
      kernel: context.kernel,
      list: (name) => listNumbers(spec, name),
    },
    reporter,
  );
  return {
    kind: hook.kind,
    args,
    data,
    ...(returnArg === undefined ? {} : { returnArg }),
    selectors,
    ...(hook.message === undefined || hook.message === ''
      ? {}
      : { message: goEscape(truncateBytes(hook.message, messageBytes)) }),
    tags: (hook.tags ?? []).map((tag) => goEscape(truncateBytes(tag, tagBytes))),
    ignoreCallNotFound: false,
    span: reporter.span(path),
  };
}

function compileCall(
  hook: Kprobe,
  kind: 'kprobe' | 'fentry',
  index: number,
  path: NodePath,
  context: HookContext,
): HookPlan[] {
  const { spec, kernel } = context;
  const targets = callTargets(hook.call, hook.syscall, spec);
  const first = targets[0] ?? { target: hook.call, syscall: hook.syscall };
  // Members of a list share arguments and selectors. A function is named as the policy does, without a prefix.
  const listed = listReference(hook.call) !== undefined;
  const calls = targets.map(({ target, syscall }) => ({ name: listed ? target : hook.call, syscall }));
  const body = compileBody({ ...hook, kind }, path, calls, { symbol: first.target, kernel }, context);
  const action = hook.returnArgAction?.toLowerCase();
  const returnArgAction =
    action === 'tracksock' ? 'TrackSock' : action === 'untracksock' ? 'UntrackSock' : undefined;
  return targets.map((target) => ({
    ...body,
    ...target,
    index,
    ...(returnArgAction === undefined ? {} : { returnArgAction }),
    ignoreCallNotFound: hook.ignore?.callNotFound ?? false,
  }));
}

export function compileKprobe(hook: Kprobe, index: number, context: HookContext): HookPlan[] {
  return compileCall(hook, 'kprobe', index, ['spec', 'kprobes', index], context);
}

export function compileFentry(hook: Kprobe, index: number, context: HookContext): HookPlan[] {
  return compileCall(hook, 'fentry', index, ['spec', 'fentries', index], context);
}

export function compileTracepoint(hook: Tracepoint, index: number, context: HookContext): HookPlan[] {
  const { subsystem, event } = hook;
  const target = `${subsystem}/${event}`;
  const raw = hook.raw === true;
  const body = compileBody(
    { ...hook, kind: raw ? 'raw_tracepoint' : 'tracepoint' },
    ['spec', 'tracepoints', index],
    [],
    {
      ...(raw ? rawTracepointSymbol(event) : { symbol: event, tracepoint: { subsystem, event } }),
      kernel: context.kernel,
    },
    context,
  );
  return [{ ...body, target, index, syscall: false }];
}

export function compileLsmHook(hook: LsmHook, index: number, context: HookContext): HookPlan[] {
  const body = compileBody(
    { ...hook, kind: 'lsm' },
    ['spec', 'lsmhooks', index],
    [],
    { ...lsmSymbol(hook.hook), kernel: context.kernel },
    context,
  );
  return [{ ...body, target: hook.hook, index, syscall: false }];
}

export function compileUprobe(hook: Uprobe, index: number, context: HookContext): HookPlan[] {
  const places = uprobePlaces(hook);
  const body = compileBody(
    { ...hook, kind: 'uprobe' },
    ['spec', 'uprobes', index],
    [],
    { symbol: places[0]?.target ?? '', kernel: anyKernel },
    context,
  );
  return places.map((place) => ({
    ...body,
    ...place,
    index,
    syscall: false,
    path: hook.path,
    ...(hook.binaryDigests === undefined ? {} : { digests: hook.binaryDigests }),
    ...(hook.ignore?.digestVerificationFailure === true ? { ignoreDigestFailure: true } : {}),
  }));
}

export function compileUsdt(hook: Usdt, index: number, context: HookContext): HookPlan[] {
  const target = `${hook.provider}/${hook.name}`;
  const body = compileBody(
    { ...hook, kind: 'usdt' },
    ['spec', 'usdts', index],
    [],
    { symbol: target, kernel: anyKernel },
    context,
  );
  return [{ ...body, target, index, syscall: false, path: hook.path }];
}
