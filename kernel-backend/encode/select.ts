/** Stage "select": a selector, with the filters that it asks and the actions that it has. */
import type { SelectorPlan } from '../../core/plan/plan.ts';
import { trLimit, type trSelector } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { encodeAction, encodeReturnAction, type ActionContext } from './actions.ts';
import { encodeFilter, type FilterContext } from './filter.ts';
import { encodeProcessFilter, type ProcessContext } from './process.ts';
import { unsupported } from './unsupported.ts';

export type SelectContext = ActionContext & FilterContext & ProcessContext;

export function encodeSelector(selector: SelectorPlan, context: SelectContext): Written<typeof trSelector> {
  const { process, args, actions, returnArgs, returnActions, span } = selector;
  const { MAX_PROCESS_FILTERS, MAX_FILTERS, MAX_ACTIONS, MAX_RETURN_FILTERS } = trLimit;
  if (process.length > MAX_PROCESS_FILTERS)
    throw unsupported(`more than ${MAX_PROCESS_FILTERS} filters on the process`, span);
  if (args.length > MAX_FILTERS) throw unsupported(`more than ${MAX_FILTERS} filters on arguments`, span);
  if (actions.length > MAX_ACTIONS) throw unsupported(`more than ${MAX_ACTIONS} actions`, span);
  if (returnActions.length > MAX_ACTIONS) throw unsupported(`more than ${MAX_ACTIONS} actions`, span);
  if (returnArgs.length > MAX_RETURN_FILTERS)
    throw unsupported(`more than ${MAX_RETURN_FILTERS} filters on the returned value`, span);
  return {
    process_count: process.length,
    arg_count: args.length,
    action_count: actions.length,
    process: process.map((filter) => encodeProcessFilter(filter, context)),
    args: args.map((filter) => encodeFilter(filter, context)),
    actions: actions.map((action) => encodeAction(action, context)),
    return_count: returnArgs.length,
    return_action_count: returnActions.length,
    returned: returnArgs.map((filter) => ({ ...encodeFilter(filter, context), arg: trLimit.RETURN_SLOT })),
    return_actions: returnActions.map((action) => encodeReturnAction(action, context)),
  };
}
