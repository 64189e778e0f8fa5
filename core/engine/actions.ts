/** Stage "actions": what the winner's actions come to, in their order. */
import type { ActionName, ActionPlan, HookKind, HookPlan } from '../plan/plan.ts';
import { isEnforcing } from '../names/actions.ts';
import type { ProbeHit } from './hit.ts';
import type { Effects, TrackedSocket } from './verdict.ts';

export interface ActionResult {
  readonly post: boolean;
  readonly action: ActionName;
  readonly effects: Effects;
  readonly rateLimited: boolean | 'unknown';
  /** An enforcing action was left undone. */
  readonly monitored: boolean;
}

/** Whether a Post is suppressed by its limit. */
export type Limit = (
  action: ActionPlan & { kind: 'Post' },
  previous: ActionName | undefined,
) => ActionResult['rateLimited'];

type Draft = { -readonly [K in keyof Effects]: Effects[K] } & {
  signals: number[];
  sockets?: TrackedSocket[];
  intended: Effects['intended'][number][];
};

const sigkill = 9;

export function runActions(
  actions: readonly ActionPlan[],
  hook: HookPlan,
  hit: ProbeHit,
  monitor: boolean,
  limit: Limit,
): ActionResult {
  const effects: Draft = { signals: [], intended: [] };
  let action: ActionName | undefined;
  let post = true;
  let rateLimited: ActionResult['rateLimited'] = false;
  let monitored = false;
  for (const step of actions) {
    const undone = monitor && isEnforcing(step.kind);
    monitored ||= undone;
    if (step.kind === 'Post') {
      const limited = limit(step, action);
      post &&= limited === false;
      // One limit that surely suppresses the event is enough.
      if (rateLimited !== true && limited !== false) rateLimited = limited;
    } else if (step.kind === 'NoPost') post = false;
    // To drop what is not tracked fails, and the action before stays the one that is named.
    if (step.kind === 'UntrackSock' && !isTracked(step.position, effects, hit)) continue;
    if (!undone) apply(step, effects, hook.kind);
    action = step.kind;
  }
  return { post, action: action ?? 'Post', effects, rateLimited, monitored };
}

/** After the actions before: to track what is no socket, or could not be read, did nothing. */
function isTracked(position: number, { sockets = [] }: Draft, hit: ProbeHit): boolean {
  const before = sockets.findLast((socket) => socket.position === position);
  if (before?.tracked === true) return ['sock', 'unknown'].includes(hit.arg(position).kind);
  return before === undefined && hit.isTracked?.(position) !== false;
}

function apply(step: ActionPlan, effects: Draft, hook: HookKind): void {
  switch (step.kind) {
    case 'Post':
    case 'NoPost':
      return;
    case 'Sigkill':
      effects.signals.push(sigkill);
      return;
    case 'Signal':
      // Signal 0 only tests whether the process exists.
      if (step.signal !== 0) effects.signals.push(step.signal);
      return;
    case 'Override': {
      const value = overrideValue(step.error, hook);
      if (value !== undefined) effects.override = value;
      return;
    }
    case 'GetUrl':
      effects.intended.push({ kind: 'GetUrl', url: step.url });
      return;
    case 'DnsLookup':
      effects.intended.push({ kind: 'DnsLookup', fqdn: step.fqdn });
      return;
    case 'TrackSock':
    case 'UntrackSock':
      (effects.sockets ??= []).push({ position: step.position, tracked: step.kind === 'TrackSock' });
      return;
    case 'NotifyEnforcer':
      // Programs of other hooks have the action and do nothing with it.
      if (hook === 'kprobe' || hook === 'tracepoint' || hook === 'raw_tracepoint') {
        effects.notifyEnforcer = { error: int16(step.error), signal: int16(step.signal) };
      }
      return;
    case 'CleanupEnforcerNotification':
      effects.cleanupEnforcer = true;
      return;
    case 'Set':
      effects.set = { position: step.position, value: step.value };
  }
}

function int16(value: number): number {
  return (value << 16) >> 16;
}

/** What the hooked function returns instead; undefined where Override is shown and does nothing. */
export function overrideValue(error: number, hook: HookKind): number | undefined {
  switch (hook) {
    case 'kprobe':
    case 'uprobe':
      return error;
    case 'lsm':
      return error <= 0 && error >= -4095 ? error : -1;
    case 'fentry':
    case 'tracepoint':
    case 'raw_tracepoint':
    case 'usdt':
      return undefined;
  }
}
