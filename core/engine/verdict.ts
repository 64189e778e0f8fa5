/** A verdict: what the plan says of a probe hit, and why. */
import type { Span } from '../source/diagnostic.ts';
import type { ActionName, ActionPlan } from '../plan/plan.ts';

/** How one filter fared. `unknown`: the simulator could not derive the value it looks at. */
export interface FilterReason {
  readonly span: Span;
  readonly result: 'passed' | 'failed' | 'unknown' | 'not-tried';
  /** In words: `file "/etc/hosts" is not equal to "/tmp/tetragon"`. Made on demand. */
  readonly words: () => string;
}
export interface SelectorReason {
  readonly index: number;
  readonly span: Span;
  readonly matched: boolean;
  readonly filters: readonly FilterReason[];
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
  /** Position of the sock in the hook's args; -1 is the return value. */
  readonly trackSock?: number;
  readonly untrackSock?: number;
  /** USDT: the 32-bit value that is written to the argument at the position. */
  readonly set?: { readonly position: number; readonly value: number };
  /** Effects outside the machine; never performed, only reported. */
  readonly intended: readonly (
    { readonly kind: 'GetUrl'; readonly url: string } | { readonly kind: 'DnsLookup'; readonly fqdn: string }
  )[];
}

export interface Verdict {
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
  /** The Post's rate limit suppressed the event. */
  readonly rateLimited: boolean;
  /** Set when a filter needed a value that nobody knows: neither match nor no match can be said. */
  readonly undetermined?: string;
  /** Reasons, selector by selector; computed on demand. */
  readonly reasons: () => readonly SelectorReason[];
}
