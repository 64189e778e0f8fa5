/** The hook that an action stands at, as far as the rules for actions ask. */
import type { HookKind } from './plan.ts';

/** What an action's rules depend on. */
export interface ActionContext {
  readonly kind: HookKind;
  /** The hooked functions: several if the policy names a list. */
  readonly calls: readonly { readonly name: string; readonly syscall: boolean }[];
  /** The option disable-kprobe-multi. */
  readonly singleAttach: boolean;
}
