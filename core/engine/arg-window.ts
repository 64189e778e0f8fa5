/**
 * Filters see argument data only below offset 2,048 of Tetragon's record: the offset wraps there, so that behind a long
 * text a filter compares bytes of that text (recording 155).
 */
import type { HookPlan } from '../plan/plan.ts';
import { dataBytes, dataSize, littleEndian, statusOf } from '../plan/record/bytes.ts';
import { filterWindow, recordSize, statusBytes } from '../plan/record/layout.ts';
import { argType } from '../plan/types/index.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ProbeHit } from './hit.ts';

/** Stands for a byte that is not known; no byte has this value. */
const unknownByte = '\uffff';

/** What a filter reads in place of the argument. */
export type Seen =
  | 'itself'
  /** It depends on a value that is not known. */
  | 'unknown'
  /** It lies beyond: these eight bytes at the wrapped offset belong to an argument before it. */
  | { readonly bytes: ByteString | undefined };

/** Where the argument's data lies, and what is read there. Reads all arguments before it. */
export function seenAt(hook: HookPlan, hit: ProbeHit, on: 'args' | 'data', position: number): Seen {
  const before: (readonly [ArgValue, ArgTypeName])[] = (
    on === 'args' ? hook.args.slice(0, position) : hook.args
  ).map(({ type }, index) => [hit.arg(index), type]);
  if (on === 'data') {
    hook.data.slice(0, position).forEach(({ type }, index) => before.push([hit.data(index), type]));
  }
  // Each argument's data follows a status word. The length of a text that is not known counts from and to what it may be.
  let [least, most] = [statusBytes, statusBytes];
  for (const [value, type] of before) {
    const size = statusBytes + dataSize(value, type);
    least += size;
    most += size;
    if (value.kind !== 'unknown' || !recordSize(type).counted) continue;
    // Paths are hardly ever long.
    if (value.part?.kind === 'bytes') most += value.part.most - value.part.least;
    else if (argType(type).family !== 'path') most = Number.POSITIVE_INFINITY;
  }
  if (most < filterWindow) return 'itself';
  if (least < filterWindow) return 'unknown';
  return { bytes: least === most ? bytesAt(before, least % filterWindow) : undefined };
}

/** Eight bytes of the record; undefined if one of them is not known. */
function bytesAt(
  record: readonly (readonly [ArgValue, ArgTypeName])[],
  start: number,
): ByteString | undefined {
  const bytes = record
    .map(([value, type]) => {
      const data = dataBytes(value, type) ?? unknownByte.repeat(dataSize(value, type));
      return littleEndian(statusOf(value), statusBytes) + data;
    })
    .join('')
    .slice(start, start + 8);
  return bytes.includes(unknownByte) ? undefined : bytes;
}
