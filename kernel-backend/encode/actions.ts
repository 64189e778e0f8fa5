/** Actions of a selector. */
import type { ActionPlan } from '../../core/plan/plan.ts';
import { actionKinds } from '../layout.ts';
import { unsupported } from './unsupported.ts';

export interface EncodedAction {
  readonly kind: number;
  readonly value: number;
}

export interface ActionContext {
  /** The kernel has bpf_override_return. */
  readonly override: boolean;
}

export function encodeAction(action: ActionPlan, context: ActionContext): EncodedAction {
  switch (action.kind) {
    case 'Post':
      if (action.rateLimit !== undefined) throw unsupported('rateLimit', action.span);
      if (action.kernelStack || action.userStack) throw unsupported('stack traces', action.span);
      if (action.imaHash) throw unsupported('imaHash', action.span);
      return { kind: actionKinds.post, value: 0 };
    case 'NoPost':
      return { kind: actionKinds.noPost, value: 0 };
    case 'Sigkill':
      return { kind: actionKinds.sigkill, value: 0 };
    case 'Signal':
      return { kind: actionKinds.signal, value: action.signal };
    case 'Override':
      if (!context.override)
        throw unsupported('Override on a kernel without bpf_override_return', action.span);
      return { kind: actionKinds.override, value: action.error };
    case 'GetUrl':
    case 'DnsLookup':
      // Never performed: an event with the action's name is all there is to see.
      return { kind: actionKinds.silent, value: 0 };
    case 'CleanupEnforcerNotification':
    case 'TrackSock':
    case 'UntrackSock':
    case 'NotifyEnforcer':
    case 'Set':
      throw unsupported(`action ${action.kind}`, action.span);
  }
}
