/** Where in a tracepoint's record its arguments lie. */
import type { ArgPlan } from '../../core/plan/plan.ts';
import type { FieldPlace } from '../../core/kernels/tracepoint-format.ts';
import { fieldBytes } from '../../core/kernels/tracepoint-types.ts';
import { trFieldKind, type trArgPlan, type trField } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { unsupported } from './unsupported.ts';

/** The fields of a tracepoint `subsystem/event` in their order; undefined: the kernel was not asked. */
export type FieldsOf = (target: string) => readonly FieldPlace[] | undefined;

/** The kernel's own, which a probe's context lies over. */
const commonFields = 4;
/** Most bytes of an array in the record. */
const longestArray = 1023;

type Encoded = Pick<Written<typeof trArgPlan>, 'field' | 'size_field' | 'limit'>;

/** @param fields of the tracepoint; without them the places are only stood for */
export function encodeFields(arg: ArgPlan, fields: readonly FieldPlace[] | undefined): Encoded {
  const { type, index, sizeArg, span } = arg;
  if (index < commonFields) throw unsupported('the common_ fields of a tracepoint', span);
  const place = placeOf(arg, index, fields);
  const { offset } = place;
  if (type === 'data_loc') return { field: { kind: trFieldKind.FIELD_DYNAMIC, bytes: 4, offset } };
  if (type === 'const_buf') {
    const limit = Math.min(place.size, longestArray);
    return { field: { kind: trFieldKind.FIELD_PLACE, bytes: 0, offset }, limit };
  }
  // A descriptor is taken for 0, which is one, too; and of nothing there is nothing to read.
  if (type === 'fd' || type === 'nop') return { field: { kind: trFieldKind.FIELD_NONE, bytes: 0, offset } };
  const bytes = fieldBytes[type];
  if (bytes === undefined)
    throw unsupported(`arguments of type ${type} at a tracepoint that is not raw`, span);
  return {
    field: valueField(offset, bytes),
    ...(sizeArg !== undefined && { size_field: sizeField(placeOf(arg, sizeArg, fields)) }),
  };
}

const valueField = (offset: number, bytes: number): Written<typeof trField> => ({
  kind: trFieldKind.FIELD_VALUE,
  bytes,
  offset,
});

/** A size is read as its field has it: all of it where that is a long. */
const sizeField = ({ offset, size }: FieldPlace): Written<typeof trField> =>
  valueField(offset, size === 4 ? 4 : 8);

function placeOf({ span }: ArgPlan, index: number, fields: readonly FieldPlace[] | undefined): FieldPlace {
  if (fields === undefined) return { offset: 0, size: 8 };
  const place = fields[index];
  if (place === undefined)
    throw unsupported(`field ${index} of a tracepoint that has ${fields.length}`, span);
  return place;
}
