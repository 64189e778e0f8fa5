/** Whether the kernel that a trace was recorded on would take a policy at all. */
import type { HookPlan, Plan } from '../../core/plan/plan.ts';
import type { ProblemCause } from '../../core/backend/problem.ts';

/** Release of a kernel that Debian builds, such as `6.12.117+deb13-cloud-amd64` or `5.10.0-32-amd64`. */
const debianStock = /^\d+\.\d+.*-(?:amd64|arm64|686-pae|686)$/;

/** None of Debian's kernels has CONFIG_FUNCTION_ERROR_INJECTION, hence no bpf_override_return. */
function lacksOverride(kernel: string): boolean {
  return debianStock.test(kernel);
}

function overridesSyscall(hook: HookPlan): boolean {
  if (hook.kind !== 'kprobe' || hook.target.startsWith('security_')) return false;
  // The check looks at the entry's actions only, and whether they would act does not matter.
  return hook.selectors.some(({ actions }) => actions.some(({ kind }) => kind === 'Override'));
}

function whyRefused(plan: Plan): string | undefined {
  const enforced = plan.enforcers.find((name) => !name.startsWith('security_'));
  if (enforced !== undefined) {
    return `no override helper or mod_ret support: cannot load enforcer (of ${enforced})`;
  }
  const hook = plan.hooks.find(overridesSyscall);
  if (!hook) return undefined;
  return `override action not supported on syscalls, bpf_override_return helper not available (for ${hook.target})`;
}

/** A policy that does not load, and where it stands. */
export interface Refused {
  readonly cause: ProblemCause;
  readonly place: { readonly file: string; readonly line: number };
}

/** The policies that load on the kernel, in order; each of the others is a problem, and takes no part in the replay. */
export function loadable(
  plans: readonly Plan[],
  kernel: string,
): { readonly plans: readonly Plan[]; readonly problems: readonly Refused[] } {
  if (!lacksOverride(kernel)) return { plans, problems: [] };
  const problems: Refused[] = [];
  const loaded = plans.filter((plan) => {
    const why = whyRefused(plan);
    if (why === undefined) return true;
    problems.push({
      cause: { kind: 'load', policy: plan.policyName, kernel, why },
      place: { file: plan.source.file, line: plan.source.start.line },
    });
    return false;
  });
  return { plans: loaded, problems };
}
