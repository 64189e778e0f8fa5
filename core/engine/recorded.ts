/** Namespaces and capabilities as recorded at a process's first exec: what change filters compare with. */
import type { HookPlan } from '../plan/plan.ts';
import type { Verdict } from './verdict.ts';

/** What the backend's process table takes over from the task as it is now. */
export interface RecordedUpdate {
  readonly namespaces: boolean;
  readonly capabilities: boolean;
}

const none: RecordedUpdate = { namespaces: false, capabilities: false };

/**
 * A selector with change filters that matched and whose event is posted renews what they compare with, so that one
 * change is reported once.
 */
export function recordedUpdate(hook: HookPlan, verdict: Verdict): RecordedUpdate {
  if (!verdict.post || typeof verdict.selector !== 'number') return none;
  const filters = hook.selectors[verdict.selector]?.process ?? [];
  return {
    namespaces: filters.some(({ kind }) => kind === 'namespace-change'),
    capabilities: filters.some(({ kind }) => kind === 'capability-change'),
  };
}
