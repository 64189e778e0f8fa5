/** What the judge tells while it judges. */
import type { Reason, Verdict } from '../engine/verdict.ts';
import type { TetragonEvent } from '../events/event.ts';
import type { ArgValue } from '../values/value.ts';
import type { LoadedHook } from './loaded-hook.ts';
import type { SourceHit } from './source.ts';

/** A hit as one hook judged it. Plain data. */
export interface JudgedHit {
  /** Which hook: its policy in load order, and its place in that policy. */
  readonly loaded: Pick<LoadedHook, 'policy' | 'index'>;
  readonly policy: string;
  /** What is hooked, as in the plan; `symbol` is the function that was hit, where the source says it. */
  readonly hook: string;
  readonly symbol?: string;
  readonly pid: number;
  readonly tid: number;
  /** Nanoseconds since boot. */
  readonly timeNs: bigint;
  readonly verdict: Verdict;
  /** By position: those that a filter looked at, or all if there is an event. */
  readonly args: readonly (ArgValue | undefined)[];
  readonly data: readonly (ArgValue | undefined)[];
}

/** A hit of which something is not known. */
export interface Undetermined<H extends SourceHit> {
  readonly hook: LoadedHook;
  readonly hit: H;
  readonly side: Verdict['side'];
  /** Whether it matches: this filter needs the value. */
  readonly reason?: Reason;
  /** It matches, and its event, or whether there is one, depends on this value. */
  readonly value?: Extract<ArgValue, { kind: 'unknown' }>;
  /** The event shows the value, and nothing else hangs on it. */
  readonly shown?: true;
}

export interface JudgeObserver<H extends SourceHit> {
  /** @param process whom the event is attributed to */
  event(event: TetragonEvent, process: H['process'], hit: H): void;
  undetermined(what: Undetermined<H>): void;
  /** Every hit of every hook; they are made only if this is here. */
  hit?(judged: JudgedHit): void;
}
