/**
 * Filters see argument data only where it begins below 2,048 bytes in the event: behind a long text they compare other
 * bytes. Sizes are those of Tetragon's event buffer.
 */
import type { ArgTypeName } from '../plan/arg-type-name.ts';
import type { HookPlan } from '../plan/plan.ts';
import { argType } from '../plan/types/index.ts';
import type { ArgValue } from '../plan/value.ts';
import type { ProbeHit } from './hit.ts';

const window = 2048;

/** Bytes of a structure, roughly: none is large enough to matter. */
const structureSize = 64;
/** Bytes around the text of a path: its length before, flags and mode behind. */
const pathFrame = 10;

/** Types whose data can be so long that what follows moves out of reach. */
function isLong(type: ArgTypeName): boolean {
  const { family, name } = argType(type);
  return (
    family === 'path' ||
    family === 'buffer' ||
    name === 'string' ||
    name === 'data_loc' ||
    name === 'filename' ||
    name === 'kiocb' ||
    name === 'char_iovec' ||
    name === 'iov_iter'
  );
}

/** Whether an argument before this one is of a type that can push it out. */
export function canMoveBeyond(hook: HookPlan, on: 'args' | 'data', position: number): boolean {
  const before =
    on === 'args' ? hook.args.slice(0, position) : [...hook.args, ...hook.data.slice(0, position)];
  return before.some(({ type }) => isLong(type));
}

/** True if the argument begins beyond the window; undefined if a value before it is not known. */
export function beyondWindow(
  hook: HookPlan,
  hit: ProbeHit,
  on: 'args' | 'data',
  position: number,
): boolean | undefined {
  let offset = 0;
  const add = (values: readonly ArgValue[], count: number): boolean => {
    for (let index = 0; index < count; index++) {
      const value = values[index];
      if (value === undefined) continue;
      if (value.kind === 'unknown') {
        // Small types move nothing far; of a long one the length matters.
        const type = hook.args[index]?.type;
        if (type !== undefined && isLong(type) && argType(type).family !== 'path') return false;
      }
      offset += sizeOf(value);
    }
    return true;
  };
  const known =
    on === 'args' ? add(hit.args, position) : add(hit.args, hit.args.length) && add(hit.data, position);
  return offset >= window ? true : known ? false : undefined;
}

function sizeOf(value: ArgValue): number {
  if (value.kind === 'string') return 4 + value.value.length;
  if (value.kind === 'buffer') return 8 + value.value.length;
  if (value.kind === 'file') return pathFrame + value.path.length;
  if (value.kind === 'int' || value.kind === 'caps') return 8;
  if (value.kind === 'unreadable') return 4;
  const empty = value.kind === 'bad-fd' || value.kind === 'nop' || value.kind === 'unknown';
  return empty ? 0 : structureSize;
}
