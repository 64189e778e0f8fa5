/** Stage "actions": what a selector does when it wins. */
import type { ActionName, ActionPlan } from '../../core/plan/plan.ts';
import { trActionKind, type trAction } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { unsupported } from './unsupported.ts';

type EncodedAction = Written<typeof trAction>;

export interface ActionContext {
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
  CleanupEnforcerNotification: undefined,
  TrackSock: undefined,
  UntrackSock: undefined,
  NotifyEnforcer: undefined,
  Set: undefined,
} as const satisfies Record<ActionName, keyof typeof trActionKind | undefined>;

export function encodeAction(action: ActionPlan, context: ActionContext): EncodedAction {
  const name = actionKinds[action.kind];
  if (name === undefined) throw unsupported(`action ${action.kind}`, action.span);
  const kind = trActionKind[name];
  if (action.kind === 'Post') {
    if (action.rateLimit !== undefined) throw unsupported('rateLimit', action.span);
    if (action.kernelStack || action.userStack) throw unsupported('stack traces', action.span);
    if (action.imaHash) throw unsupported('imaHash', action.span);
  }
  if (action.kind === 'Signal') return { kind, signal: action.signal };
  if (action.kind === 'Override') {
    if (!context.override) throw unsupported('Override on a kernel without bpf_override_return', action.span);
    return { kind, error: action.error };
  }
  return { kind };
}
