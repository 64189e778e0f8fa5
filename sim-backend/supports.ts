/** What of a plan a trace of system calls can never tell, whatever is recorded. */
import type { Unsupported } from '../core/backend/backend.ts';
import type { Plan } from '../core/plan/plan.ts';

export function unsupportedIn(plan: Plan): Unsupported[] {
  const found: Unsupported[] = [];
  const lacks = (feature: string, span: Unsupported['span'], missing: string): void =>
    void found.push({ feature, span, missing, proof: 'by design: system calls are all that is replayed' });
  for (const { kind, span } of plan.hooks) {
    if (kind === 'uprobe' || kind === 'usdt')
      lacks(`hooks of kind ${kind}`, span, 'a recording of what programs do between system calls');
  }
  if (plan.loader) lacks('loader', plan.span, 'the build ids of mapped files');
  return found;
}
