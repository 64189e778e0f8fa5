/** Stage "args": which values of a hit a filter addresses. They are read when a filter asks for them. */
import type { ArgFilter } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';
import type { ProbeHit } from './hit.ts';

export type Reader = (hit: ProbeHit) => ArgValue | undefined;

/** Reads the value at a position; it gives undefined where there is no returned value. */
export function reader(on: ArgFilter['on'], position: number): Reader {
  switch (on) {
    case 'args':
      return (hit) => hit.arg(position);
    case 'data':
      return (hit) => hit.data(position);
    case 'return':
      return (hit) => hit.returnValue;
  }
}

export function valueAt(hit: ProbeHit, on: ArgFilter['on'], position: number): ArgValue | undefined {
  return reader(on, position)(hit);
}
