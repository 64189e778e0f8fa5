/** Oddities of LSM hooks. */
import type { LintContext } from '../subject.ts';

export function lsm(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'lsmhooks' || (entry.hook.selectors?.length ?? 0) > 0) continue;
    context.warning(
      'TR-lsm-no-selector',
      entry.path,
      `the LSM hook \`${entry.hook.hook}\` gives no events without a selector`,
      'Add a selector; one without filters will do: `selectors: [{matchActions: [{action: Post}]}]`.',
    );
  }
}
