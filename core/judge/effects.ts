/** What the actions of all policies want done to the calling thread, of one hit or of several in one call. */
import type { Verdict } from '../engine/verdict.ts';

export interface MergedEffects {
  /** In the order in which they are sent. */
  readonly signals: number[];
  /** What the function returns instead of running: the last policy that says so. */
  override: number | undefined;
  notify: { readonly error: number; readonly signal: number } | undefined;
  /** Events that were posted. */
  events: number;
}

export const noEffects = (): MergedEffects => ({
  signals: [],
  override: undefined,
  notify: undefined,
  events: 0,
});

/** Adds what a verdict wants. In monitor mode that is nothing. */
export function addEffects(merged: MergedEffects, { monitored, effects }: Verdict): void {
  if (monitored) return;
  merged.signals.push(...effects.signals);
  if (effects.override !== undefined) merged.override = effects.override;
  if (effects.notifyEnforcer) merged.notify = effects.notifyEnforcer;
}
