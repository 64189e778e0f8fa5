/** Rate limits whose scope is not said: they count for each thread. */
import type { LintContext } from '../subject.ts';

export function rateScope(context: LintContext): void {
  for (const { expanded } of context.sites) {
    for (const list of ['matchActions', 'matchReturnActions'] as const) {
      expanded.selector[list]?.forEach(({ rateLimit, rateLimitScope }, index) => {
        if (rateLimit === undefined || rateLimit === '' || (rateLimitScope ?? '') !== '') return;
        context.warning(
          'TR-rate-scope',
          [...expanded.listPath(list), index, 'rateLimit'],
          'this limit counts for each thread: a program of many threads or processes gets through as many events',
          'Write `rateLimitScope: process` or `global`; `thread` says that it is meant so.',
          { atKey: true },
        );
      });
    }
  }
}
