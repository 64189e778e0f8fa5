/** Memory that is accounted for: each time the kernel asks whether the caller may use what is kept for root (cap_vm_enough_memory). */
import { capable, checkOptions } from './capability.ts';
import { all, unmeasured } from './conditions.ts';
import type { Condition, HookSite } from './row.ts';

/** Before, it asked without a call of cap_capable itself. */
const kernels = '>=6.14';

/** Memory may be accounted for if this is so. How often hangs on the mappings, which are not in the trace. */
export const mayAccount = (when: Condition): HookSite =>
  capable(21, {
    of: 'first',
    options: checkOptions.noAudit,
    kernels,
    when: all(when, unmeasured('how often memory is accounted for hangs on the mappings of the process')),
  });
