/** Rate limits of Post: by hook, position in the action list, scope and arguments. The selector is not part of the key. */
import type { ActionName, HookPlan, RateScope } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';
import type { ProbeHit } from './hit.ts';

/** Keys that are remembered; the longest unused one goes first. */
const capacity = 32_768;
/** Bytes of an argument's data that are part of the key, after 4 of its status. */
const keyBytes = 36;

export class RateLimiter {
  readonly #last = new Map<string, Posted>();

  /** True if the event is suppressed; else it counts as posted now. undefined: the times do not tell. */
  limits(
    { args, data }: HookPlan,
    hook: number,
    previous: ActionName | undefined,
    limit: { readonly windowMs: number; readonly scope: RateScope },
    hit: ProbeHit,
  ): boolean | undefined {
    const key = `${hook}|${previous ?? ''}|${scopeOf(hit, limit.scope)}|${argumentsKey([
      ...args.map(({ position }) => hit.arg(position)),
      ...data.map(({ position }) => hit.data(position)),
    ])}`;
    const last = this.#last.get(key);
    const limited = last !== undefined && isLimited(last, hit, BigInt(limit.windowMs) * 1_000_000n);
    if (last !== undefined) this.#last.delete(key);
    const now = { from: hit.bootNs, to: hit.bootNs };
    if (last === undefined || limited === false) this.#last.set(key, now);
    else this.#last.set(key, limited === true ? last : { from: last.from, to: now.to });
    if (this.#last.size > capacity) {
      const oldest = this.#last.keys().next().value;
      if (oldest !== undefined) this.#last.delete(oldest);
    }
    return limited;
  }
}

/** When an event was posted last, in nanoseconds since boot: between these, where that is not known. */
interface Posted {
  readonly from: bigint;
  readonly to: bigint;
}

function isLimited(
  { from, to }: Posted,
  { bootNs, clockStepNs = 0n }: ProbeHit,
  windowNs: bigint,
): boolean | undefined {
  // The subtraction wraps: while the machine is up for less than the window, nothing is limited.
  if (bootNs < windowNs) return false;
  if (bootNs - to - clockStepNs >= windowNs) return false;
  if (bootNs - from + clockStepNs < windowNs) return true;
  return from === to && clockStepNs === 0n ? to > bootNs - windowNs : undefined;
}

function scopeOf({ task }: ProbeHit, scope: RateScope): string {
  switch (scope) {
    case 'thread':
      return `t${task.tid}`;
    case 'process':
      return `p${task.pid}`;
    case 'global':
      return 'g';
  }
}

function argumentsKey(values: readonly ArgValue[]): string {
  return values.map(valueKey).join('\u0001');
}

function valueKey(value: ArgValue): string {
  if (value.kind === 'int' || value.kind === 'caps') return String(value.value);
  if (value.kind === 'string') return textKey(value.value, value.value.length, 4);
  if (value.kind === 'buffer') return textKey(value.value, value.size, 8);
  if (value.kind === 'file') return textKey(value.path, value.path.length, 4);
  if (value.kind === 'sock' || value.kind === 'skb') {
    return [value.saddr?.join('.'), value.daddr?.join('.'), value.sport, value.dport].join();
  }
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

/** The length comes first in the buffer, then as much of the text as has room. */
function textKey(text: string, length: number, header: number): string {
  return `${length}:${text.slice(0, keyBytes - header)}`;
}
