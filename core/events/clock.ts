/** Times and execution ids of events. */
import type { EventClock } from './facts.ts';
import { toBase64 } from '../values/base64.ts';
import { toBytes } from '../values/value.ts';

/** RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits, as protobuf's JSON writes a Timestamp. */
export function timestampText(unixNs: bigint): string {
  const seconds = unixNs / 1_000_000_000n - (unixNs % 1_000_000_000n < 0n ? 1n : 0n);
  const nanos = Number(unixNs - seconds * 1_000_000_000n);
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  if (nanos === 0) return `${whole}Z`;
  const digits = String(nanos).padStart(9, '0');
  if (nanos % 1_000_000 === 0) return `${whole}.${digits.slice(0, 3)}Z`;
  return `${whole}.${nanos % 1000 === 0 ? digits.slice(0, 6) : digits}Z`;
}

/** Unix nanoseconds of an RFC 3339 text; undefined if it is none. */
export function timestampNs(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = match ? Date.parse(`${match[1]}${match[3]}`) : NaN;
  if (!match || Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
}

/** Time of an event that happened `bootNs` nanoseconds after boot. */
export const eventTime = (clock: EventClock, bootNs: bigint): string =>
  timestampText(clock.bootUnixNs + bootNs);

/** Tetragon's name of one image of one process. */
export const execId = (clock: EventClock, startNs: bigint, pid: number): string =>
  toBase64(toBytes(`${clock.nodeName}:${startNs}:${pid}`));
