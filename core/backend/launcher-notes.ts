/** What a step cannot show of a policy since its own command is executed by the launcher. */
import { launcherBinary } from '../events/launcher.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';

/** Hooks that run in an exec while the process still is the caller. */
const beforeNewImage = /^(__x64_)?(sys_)?execve(at)?$|^(security_)?bprm_|^syscalls\/sys_enter_execve/;

const asksForCaller = ({ selectors }: HookPlan): boolean =>
  selectors.some(({ process }) => process.some(({ kind }) => kind === 'binary'));

/** A note for each hook of an exec that filters on who executes. */
export function launcherNotes(plans: Iterable<Plan>): string[] {
  const notes = [...plans].flatMap(({ policyName, hooks }) =>
    hooks
      .filter((hook) => beforeNewImage.test(hook.target) && asksForCaller(hook))
      .map(
        ({ target }) =>
          `policy ${policyName}: ${target} sees who executes, which for a step's own command is ${launcherBinary}; ` +
          'write the command as a text (run: "factor 12") and a shell executes it',
      ),
  );
  return [...new Set(notes)];
}
