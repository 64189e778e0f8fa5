/** Where the arguments of tracepoints lie on a rig's kernel. */
import { BackendError } from '../../core/backend/error.ts';
import { parseTracepointPlaces, type FieldPlace } from '../../core/kernels/tracepoint-format.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { placeText } from '../../core/source/spans.ts';
import type { FieldsOf } from '../encode/fields.ts';
import type { Rig } from '../rig.ts';
import { readTracefs, tracefsFolders } from './tracefs.ts';

/** Reads the formats of all tracepoints of the plans. Throws BackendError where the kernel lacks one. */
export async function tracepointFields(rig: Rig, plans: readonly Plan[]): Promise<FieldsOf> {
  const known = new Map<string, readonly FieldPlace[]>();
  for (const { hooks, policyName } of plans)
    for (const { kind, target, span } of hooks) {
      if (kind !== 'tracepoint' || known.has(target)) continue;
      const format = await readTracefs(rig, `events/${target}/format`);
      if (format === undefined) {
        const message = `${placeText(span)}: policy ${policyName} does not load: kernel ${rig.facts.release} has no tracepoint ${target}, or no tracefs at ${tracefsFolders[0]}`;
        throw new BackendError('TR-load', message, 'usage');
      }
      known.set(target, parseTracepointPlaces(format));
    }
  return (target) => known.get(target);
}
