/** Rate limits of Post: by hook, position in the action list, scope and arguments. The selector is not part of the key. */
import type { ActionName, HookPlan, RateScope } from '../plan/plan.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { ArgValue } from '../values/value.ts';
import type { ProbeHit } from './hit.ts';

/** Keys that are remembered; the longest unused one goes first. */
const capacity = 32_768;
/** Bytes of an argument's data that are part of the key, after 4 of its status. */
const keyBytes = 36;

/** Since when the machine is up, where that decides: nothing is limited while it is up for less than the window. */
export interface Uptime {
  /** Nanoseconds since boot of the first hit, as hits count them. */
  readonly fromNs: bigint;
  /** Nanoseconds that the machine is up then. */
  readonly upNs: bigint;
}

export class RateLimiter {
  readonly #last = new Map<string, Posted>();
  /** By key without arguments: the last hit of which all was known, or was not. */
  readonly #known = new Map<string, Posted>();
  readonly #vague = new Map<string, Posted>();

  /** @param uptime default: longer than every window */
  constructor(private readonly uptime?: Uptime) {}

  /**
   * Whether the event is suppressed; if not, it counts as posted now. `unknown` where that depends on a value or on
   * times that nobody knows.
   */
  limits(
    { args, data }: HookPlan,
    hook: number,
    previous: ActionName | undefined,
    limit: { readonly windowMs: number; readonly scope: RateScope },
    hit: ProbeHit,
  ): boolean | 'unknown' {
    const windowNs = BigInt(limit.windowMs) * 1_000_000n;
    const { uptime } = this;
    // Tetragon's subtraction wraps: the begin of a window that is longer than the uptime lies in the far future.
    const wraps = uptime !== undefined && uptime.upNs + (hit.bootNs - uptime.fromNs) < windowNs;
    const within = (last: Posted | undefined): boolean | 'unknown' =>
      !wraps && last !== undefined && isLimited(last, hit, windowNs);
    const now = { from: hit.bootNs, to: hit.bootNs };
    const group = `${hook}|${previous ?? ''}|${scopeOf(hit, limit.scope)}`;
    const keyed = [
      ...args.map(({ position, type }) => ({ type, value: hit.arg(position) })),
      ...data.map(({ position, type }) => ({ type, value: hit.data(position) })),
    ];
    if (keyed.some(({ value }) => isVague(value))) {
      const met = within(this.#known.get(group)) || within(this.#vague.get(group));
      renew(this.#vague, group, now);
      return met === false ? false : 'unknown';
    }
    const key = `${group}|${argumentsKey(keyed)}`;
    const last = this.#last.get(key);
    const limited = within(last);
    const kept = last !== undefined && limited !== false;
    renew(this.#last, key, kept ? { from: last.from, to: limited === true ? last.to : now.to } : now);
    renew(this.#known, group, now);
    return limited || (within(this.#vague.get(group)) === false ? false : 'unknown');
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
): boolean | 'unknown' {
  if (bootNs - to - clockStepNs >= windowNs) return false;
  if (bootNs - from + clockStepNs < windowNs) return true;
  return from === to && clockStepNs === 0n ? to > bootNs - windowNs : 'unknown';
}

/** Puts the key last, behind those that were used before it. */
function renew(map: Map<string, Posted>, key: string, at: Posted): void {
  map.delete(key);
  map.set(key, at);
  if (map.size <= capacity) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}

/** The value, or a part that the key is made of, is not known; what stands for it must not decide. */
function isVague(value: ArgValue): boolean {
  return (
    value.kind === 'unknown' ||
    ((value.kind === 'sock' || value.kind === 'skb') &&
      (value.sportAssumed === true || value.saddrUnknown === true))
  );
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

interface Keyed {
  readonly type: ArgTypeName;
  readonly value: ArgValue;
}

function argumentsKey(keyed: readonly Keyed[]): string {
  return keyed.map(valueKey).join('\u0001');
}

function valueKey({ type, value }: Keyed): string {
  if (value.kind === 'int' || value.kind === 'caps') return String(value.value);
  if (value.kind === 'string') return textKey(value.value, value.value.length, 4);
  // No length stands before its bytes, and zeros are behind them.
  if (value.kind === 'buffer' && type === 'const_buf')
    return value.value.slice(0, keyBytes).padEnd(keyBytes, '\0');
  if (value.kind === 'buffer') return textKey(value.value, value.size, 8);
  // Behind the path stands whether it is whole; the mode, which stands there too, is taken to stay what it was.
  if (value.kind === 'file')
    return textKey(value.path, value.path.length, 4) + (value.unresolved === true ? '…' : '');
  if (value.kind === 'sock' || value.kind === 'skb') {
    return [value.saddr?.join('.'), value.daddr?.join('.'), value.sport, value.dport].join();
  }
  if (value.kind === 'cred') {
    // Tetragon's structure begins with these, and there is room for no more.
    const { uid, gid, euid, egid, suid, sgid, fsuid, fsgid, securebits } = value;
    return [uid, gid, euid, egid, suid, sgid, fsuid, fsgid, securebits].join();
  }
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

/** The length comes first in the buffer, then as much of the text as has room. */
function textKey(text: string, length: number, header: number): string {
  return `${length}:${text.slice(0, keyBytes - header)}`;
}
