/** Stage "actions": what a selector does when it wins. */
import { overrideValue } from '../../core/engine/actions.ts';
import type { ActionName, ActionPlan, HookKind, HookPlan, RateScope } from '../../core/plan/plan.ts';
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import { trActionKind, trLimitScope, type trAction, type trPost } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { unsupported } from './unsupported.ts';

type EncodedAction = Written<typeof trAction>;

export interface ActionContext {
  readonly hook: HookPlan;
  /** The kernel has bpf_override_return. */
  readonly override: boolean;
}

/** The programs' kind for each action; undefined: they do not do it. */
export const actionKinds = {
  Post: 'ACTION_POST',
  NoPost: 'ACTION_NO_POST',
  Sigkill: 'ACTION_SIGKILL',
  Signal: 'ACTION_SIGNAL',
  Override: 'ACTION_OVERRIDE',
  GetUrl: 'ACTION_GET_URL',
  DnsLookup: 'ACTION_DNS_LOOKUP',
  CleanupEnforcerNotification: 'ACTION_CLEANUP_ENFORCER_NOTIFICATION',
  TrackSock: 'ACTION_TRACK_SOCK',
  UntrackSock: 'ACTION_UNTRACK_SOCK',
  NotifyEnforcer: 'ACTION_NOTIFY_ENFORCER',
  Set: undefined,
} as const satisfies Record<ActionName, keyof typeof trActionKind | undefined>;

export function encodeAction(action: ActionPlan, context: ActionContext): EncodedAction {
  const name = actionKinds[action.kind];
  if (name === undefined) throw unsupported(`action ${action.kind}`, action.span);
  const kind = trActionKind[name];
  if (action.kind === 'Post') {
    // Of the kernel's stack an event only shows that it is there, and it always is.
    if (action.userStack) throw unsupported('stack traces of programs', action.span);
    if (action.imaHash) throw unsupported('imaHash', action.span);
    if (action.rateLimit !== undefined) return { kind, post: encodeLimit(action, action.rateLimit, context) };
  }
  if (action.kind === 'TrackSock' || action.kind === 'UntrackSock') return { kind, arg: action.position };
  if (action.kind === 'NotifyEnforcer') {
    // Programs of other hooks have the action and do nothing with it.
    if (!notifies.has(context.hook.kind)) return { kind: trActionKind.ACTION_IDLE };
    return { kind, notice: { error: int16(action.error), signal: int16(action.signal) } };
  }
  if (action.kind === 'Signal') return { kind, signal: action.signal };
  if (action.kind === 'Override') {
    const error = overrideValue(action.error, context.hook.kind);
    if (error === undefined) return { kind: trActionKind.ACTION_IDLE };
    // An LSM hook just answers with it.
    if (context.hook.kind === 'lsm') return { kind, error };
    if (!context.override && !overridesByReturn(context.hook))
      throw unsupported('Override on a kernel without bpf_override_return', action.span);
    return { kind, error };
  }
  return { kind };
}

const notifies: ReadonlySet<HookKind> = new Set(['kprobe', 'tracepoint', 'raw_tracepoint']);

/** So wide are both in Tetragon's programs. */
const int16 = (value: number): number => (value << 16) >> 16;

export const overridesAny = ({ selectors }: HookPlan): boolean =>
  selectors.some(({ actions, returnActions }) =>
    [...actions, ...returnActions].some(({ kind }) => kind === 'Override'),
  );

/** What security_ functions return is changed as Tetragon does it, by a program of its own behind the probe (fmod_ret). */
export const overridesByReturn = (hook: HookPlan): boolean =>
  hook.kind === 'kprobe' && !hook.syscall && hook.target.startsWith('security_') && overridesAny(hook);

/** At the return nothing is left of the arguments that limits and sockets go by. */
export function encodeReturnAction(action: ActionPlan, context: ActionContext): EncodedAction {
  if (action.kind === 'Post' && action.rateLimit !== undefined)
    throw unsupported('rateLimit in matchReturnActions', action.span);
  if (action.kind === 'TrackSock' || action.kind === 'UntrackSock')
    throw unsupported(`action ${action.kind} in matchReturnActions`, action.span);
  return encodeAction(action, context);
}

type Post = Extract<ActionPlan, { kind: 'Post' }>;

export const limitScopes = {
  thread: 'LIMIT_THREAD',
  process: 'LIMIT_PROCESS',
  global: 'LIMIT_GLOBAL',
} as const satisfies Record<RateScope, keyof typeof trLimitScope>;

/** A structure whose first bytes lie elsewhere than in Tetragon's record would make another key of the same values. */
const keyless: ReadonlySet<ArgTypeName> = new Set([
  'bpf_attr',
  'bpf_prog',
  'bpf_map',
  'perf_event',
  'sockaddr_un',
]);

function encodeLimit(
  { span }: Post,
  { windowMs, scope }: NonNullable<Post['rateLimit']>,
  { hook }: ActionContext,
): Written<typeof trPost> {
  const other = [...hook.args, ...hook.data].find(({ type }) => keyless.has(type));
  if (other !== undefined) throw unsupported(`rateLimit with arguments of type ${other.type}`, span);
  return { window_ms: windowMs, scope: trLimitScope[limitScopes[scope]] };
}
