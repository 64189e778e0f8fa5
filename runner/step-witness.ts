/** What the policies of a failed step saw of it, as a result carries it. */
import type { HookWitness } from '../core/judge/witness.ts';
import type { PostedByHook } from '../core/scenario/posted.ts';
import type { NamingCall } from '../sim-backend/replay/naming-calls.ts';

/** What the policies of a failed step saw of it. Plain data. */
export interface StepWitness {
  readonly hooks: readonly HookWitness[];
  /** Calls that named the scenario's files, where a hook was never hit. */
  readonly calls: readonly NamingCall[];
  /** Of a step that was executed, where nothing but events tells of hooks: then `hooks` is empty. */
  readonly posted?: readonly PostedByHook[];
}
