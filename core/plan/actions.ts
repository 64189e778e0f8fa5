/** Actions of a selector: parsed, and checked against the kind of hook they stand at. */
import type { NodePath } from '../source/spans.ts';
import type { Action } from '../policy/schema/action.ts';
import type { ActionContext } from './action-context.ts';
import type { ActionPlan, RateScope } from './plan.ts';
import { checkOverride } from './override.ts';
import { parseRateLimit } from './rate-limit.ts';
import type { Reporter } from './reporter.ts';
import type { Part } from './selector-parts.ts';

export function compileActions(
  { items, path }: Part<Action>,
  side: 'entry' | 'return',
  context: ActionContext,
  reporter: Reporter,
): ActionPlan[] {
  return items.map((action, index) => compileAction(action, [...path, index], side, context, reporter));
}

function compileAction(
  action: Action,
  path: NodePath,
  side: 'entry' | 'return',
  context: ActionContext,
  reporter: Reporter,
): ActionPlan {
  const span = reporter.span(path);
  if (action.rateLimit !== undefined && action.rateLimit !== '' && action.action !== 'Post') {
    reporter.error(
      'TR-rate-limit',
      [...path, 'rateLimit'],
      `a rate limit is for the Post action (found at ${action.action})`,
      'Move it to a Post action; the other action cannot be limited.',
    );
  }
  switch (action.action) {
    case 'Post': {
      const rateLimit = compileRateLimit(action, path, reporter);
      return {
        kind: 'Post',
        ...(rateLimit === undefined ? {} : { rateLimit }),
        kernelStack: action.kernelStackTrace ?? false,
        userStack: action.userStackTrace ?? false,
        imaHash: action.imaHash ?? false,
        span,
      };
    }
    case 'NoPost':
    case 'Sigkill':
    case 'CleanupEnforcerNotification':
      return { kind: action.action, span };
    case 'Signal':
      return { kind: 'Signal', signal: action.argSig ?? 0, span };
    case 'Override':
      // On the return side Tetragon checks nothing, and overrides nothing.
      if (side === 'entry') checkOverride(path, context, reporter);
      return {
        kind: 'Override',
        error: action.argError ?? 0,
        ...(action.argRegs === undefined ? {} : { regs: action.argRegs }),
        ...(action.argNewSymbol === undefined ? {} : { newSymbol: action.argNewSymbol }),
        ...(action.argNewAddr === undefined ? {} : { newAddress: action.argNewAddr }),
        ...(action.argNewOffset === undefined ? {} : { newOffset: action.argNewOffset }),
        span,
      };
    case 'GetUrl':
      return { kind: 'GetUrl', url: action.argUrl ?? '', span };
    case 'DnsLookup':
      return { kind: 'DnsLookup', fqdn: action.argFqdn ?? '', span };
    case 'TrackSock':
    case 'UntrackSock':
      return { kind: action.action, position: action.argSock ?? 0, span };
    case 'NotifyEnforcer':
      return { kind: 'NotifyEnforcer', error: action.argError ?? 0, signal: action.argSig ?? 0, span };
    case 'Set':
      if (context.kind !== 'usdt') {
        reporter.warn(
          'TR-action',
          path,
          `the action Set has no effect at a ${context.kind}`,
          'It sets arguments of USDTs.',
        );
      }
      return { kind: 'Set', position: action.argIndex ?? 0, value: action.argValue ?? 0, span };
  }
}

function compileRateLimit(
  action: Action,
  path: NodePath,
  reporter: Reporter,
): { windowMs: number; scope: RateScope } | undefined {
  // A scope without a limit is ignored.
  if (action.rateLimit === undefined || action.rateLimit === '') return undefined;
  const windowMs = parseRateLimit(action.rateLimit);
  if (windowMs === undefined) {
    reporter.error(
      'TR-rate-limit',
      [...path, 'rateLimit'],
      `rate limit ${JSON.stringify(action.rateLimit)} is no number below 2^32, with s, m or h after it`,
      'Write 30, 30s, 5m or 1h.',
    );
  }
  const scope = action.rateLimitScope ?? '';
  if (scope !== '' && scope !== 'thread' && scope !== 'process' && scope !== 'global') {
    reporter.error(
      'TR-rate-limit',
      [...path, 'rateLimitScope'],
      `rate limit scope ${JSON.stringify(scope)} is none of thread, process and global`,
      'Write one of these; without a scope the limit counts for each thread.',
    );
    return undefined;
  }
  return windowMs === undefined ? undefined : { windowMs, scope: scope === '' ? 'thread' : scope };
}
