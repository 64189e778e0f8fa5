/** Rate limits that do not limit what they seem to: without a scope they count for each thread, which matters where many run. */
import type { LintContext } from '../subject.ts';
import { hasFilter, hotName } from './volume.ts';

export function rateScope(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    for (const list of ['matchActions', 'matchReturnActions'] as const) {
      expanded.selector[list]?.forEach(({ rateLimit, rateLimitScope }, index) => {
        const hasScope = (rateLimitScope ?? '') !== '';
        if (rateLimit === undefined || rateLimit === '') {
          if (hasScope)
            context.warning(
              'TR-rate-limit',
              [...expanded.listPath(list), index, 'rateLimitScope'],
              'a scope without a rateLimit is ignored: every event is posted',
              'Add a rateLimit, such as `rateLimit: 1m`.',
              { atKey: true },
            );
          return;
        }
        if (/^0+[smh]?$/i.test(rateLimit)) {
          context.warning(
            'TR-rate-limit',
            [...expanded.listPath(list), index, 'rateLimit'],
            `a window of ${rateLimit} limits nothing: every event is posted`,
            'Write 30, 30s, 5m or 1h: the time in which an event like the last is left out.',
          );
          return;
        }
        if (hasScope || hasFilter(expanded.selector) || hotName(context, entry) === undefined) return;
        context.warning(
          'TR-rate-scope',
          [...expanded.listPath(list), index, 'rateLimit'],
          'this limit counts for each thread, and the hook runs all the time in every one of them: each gets an event through',
          'Write `rateLimitScope: process` or `global`; `thread` says that it is meant so.',
          { atKey: true },
        );
      });
    }
  }
}
