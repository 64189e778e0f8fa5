/** Enforcement of a policy that speaks of pods and selects none: it acts on processes of the host as well. */
import { isEnforcing } from '../../names/actions.ts';
import type { ProcessFilter } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';

const ofPods = /\b(pods?|containers?|containeri[sz]ed|workloads?|deployments?|sidecars?|k8s|kubernetes)\b/i;

export function podEnforcement(context: LintContext): void {
  const { document, plan } = context;
  if (plan === undefined || plan.workload !== undefined) return;
  const { metadata } = document;
  const told = [
    metadata.name,
    ...Object.values(metadata.annotations ?? {}),
    ...context.hooks.map(({ hook }) => ('message' in hook ? hook.message : undefined)),
  ];
  const word = told.map((text) => ofPods.exec(text ?? '')?.[0]).find((found) => found !== undefined);
  if (word === undefined) return;
  for (const { selectors } of context.planHooks) {
    for (const { actions, process } of selectors) {
      const enforcing = actions.find(({ kind }) => isEnforcing(kind));
      if (enforcing === undefined || process.some(isAboutContainers)) continue;
      context.warning(
        'TR-pod-enforcement',
        ['metadata', 'name'],
        `the policy speaks of "${word}", but selects no pods: ${enforcing.kind} acts on processes of the host, too`,
        'Add `podSelector: {}` for all pods, or matchLabels for some of them.',
      );
      return;
    }
  }
}

/** Who asks for a namespace has told containers and host apart. */
const isAboutContainers = ({ kind }: ProcessFilter): boolean => kind === 'namespace' || kind === 'workload';
