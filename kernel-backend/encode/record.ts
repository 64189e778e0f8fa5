/** Tetragon's record of a hook's arguments, as the programs need it where a filter compares bytes of another argument. */
import { countBytes, recordParts, type RecordPart } from '../../core/plan/record/layout.ts';
import type { ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import { trLimit, trPartKind, type trPart } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { unsupported } from './unsupported.ts';

/** The programs' kind for what a part holds. */
export const partKinds = {
  value: 'PART_VALUE',
  size: 'PART_SIZE',
  flags: 'PART_FLAGS',
  mode: 'PART_MODE',
  counted: 'PART_COUNTED',
  structure: 'PART_STRUCTURE',
  uncounted: 'PART_UNCOUNTED',
} as const satisfies Record<PartName, keyof typeof trPartKind>;

type PartName = Exclude<RecordPart['part'], 'integer'> | Extract<RecordPart, { part: 'integer' }>['of'];

export function encodeParts({ type, span }: ArgPlan): Written<typeof trPart>[] {
  const parts = recordParts(type);
  if (parts.length > trLimit.MAX_PARTS) throw unsupported(`arguments of type ${type}`, span);
  return parts.map((part) => {
    const kind = partKinds[part.part === 'integer' ? part.of : part.part];
    return { kind: trPartKind[kind], bytes: bytesOf(part) };
  });
}

/** Of the part itself, before what it counts. */
function bytesOf(part: RecordPart): number {
  if (part.part === 'counted') return countBytes;
  return part.part === 'uncounted' ? 0 : part.bytes;
}

/** Whether some filter of the hook may compare bytes of another argument. Refuses one that may meet a structure there. */
export function usesRecord(hook: HookPlan): boolean {
  const filters = hook.selectors
    .flatMap(({ args }) => args)
    .filter(({ outside }) => outside.beyond === 'bytes');
  for (const { positions, span, on } of filters) {
    const [position = 0] = positions;
    const all =
      on === 'data' ? [...hook.args, ...hook.data.slice(0, position)] : hook.args.slice(0, position);
    const before = all.map(({ type }) => recordParts(type));
    // Bytes of a structure behind all counted ones are out of reach: the place wraps by far more than what is there.
    const structure = before.findIndex((parts) => parts.some(({ part }) => part === 'structure'));
    const counted = before.findLastIndex((parts) => parts.some(({ part }) => part === 'counted'));
    if (structure >= 0 && structure < counted)
      throw unsupported('filters on integers behind a socket and a text', span);
  }
  return filters.length > 0;
}
