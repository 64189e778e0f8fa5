/** A verdict: what the plan says of a probe hit, and why. Plain data. */
import type { ActionName, ActionPlan } from '../plan/plan.ts';
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ReasonCode } from './codes.ts';
import type { Tri } from './tri.ts';

/** How one filter of one selector fared (core/engine/words.ts puts it into words). */
export interface Reason {
  /** Position of the selector in the hook. */
  readonly selector: number;
  /**
   * Number of the filter in the selector: those on the process come first, then those on arguments and data. At the
   * return only those on the returned value count.
   */
  readonly filter: number;
  readonly code: ReasonCode;
  /**
   * What the filter looked at: an argument (several for CelExpr and CapabilitiesGained); of a process the path of its
   * binary, its pid, the inode of its namespace or its set of capabilities. Left out where it is no single value.
   */
  readonly value?: ReasonValue;
  /** Of the other side than the verdict's: at the return it may hang on what the entry's filters say of another selector. */
  readonly side?: 'entry' | 'return';
}
export type ReasonValue = ArgValue | readonly ArgValue[] | ByteString | number | bigint;

/** Stands for what the function returns, where arguments have positions. */
export const RETURNED = -1;

/** A sock that an action had tracked, or dropped. */
export interface TrackedSocket {
  /** In the hook's args; `RETURNED` is the return value. */
  readonly position: number;
  readonly tracked: boolean;
}

/** What is to be done to the calling thread. In monitor mode all of it stays undone; `would` says so. */
export interface Effects {
  /** Signals to send, in order. */
  readonly signals: readonly number[];
  /** The hooked call (or security hook) returns this instead of running. */
  readonly override?: number;
  readonly notifyEnforcer?: { readonly error: number; readonly signal: number };
  /** The thread's pending notification is dropped. */
  readonly cleanupEnforcer?: true;
  /** In order: socks that are tracked from now on, or no longer. Absent if there are none. */
  readonly sockets?: readonly TrackedSocket[];
  /** USDT: the 32-bit value that is written to the argument at the position. */
  readonly set?: { readonly position: number; readonly value: number };
  /** Effects outside the machine; never performed, only reported. */
  readonly intended: readonly (
    { readonly kind: 'GetUrl'; readonly url: string } | { readonly kind: 'DnsLookup'; readonly fqdn: string }
  )[];
}

export interface Verdict {
  /** Which filters were asked: those of the entry, or those on the returned value. */
  readonly side: 'entry' | 'return';
  /** Selector that won; 'default' for a hook without selectors; undefined when none matched. */
  readonly selector: number | 'default' | undefined;
  /** An event is to be posted. */
  readonly post: boolean;
  /** Action named in the event: the last one run. */
  readonly action: ActionName;
  readonly actions: readonly ActionPlan[];
  readonly effects: Effects;
  /** Enforcing actions were only reported (policy-mode monitor). */
  readonly monitored: boolean;
  /** The Post's rate limit suppressed the event; `unknown`: it cannot be told whether it does; then no event is posted. */
  readonly rateLimited: boolean | 'unknown';
  /** The filter that needed a value that nobody knows: neither match nor no match can be said. */
  readonly undetermined?: Reason;
  /** Which selectors the process may reach, at the entry and at the return; what the return half goes on with. */
  readonly active: readonly Tri[];
  /** Every filter of every selector, in order. Only if asked for, and if the policy is for this workload at all. */
  readonly reasons?: readonly Reason[];
}
