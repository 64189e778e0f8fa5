/**
 * Patterns of events that are not to come, and that no hook of the policies can send: such an expectation holds whatever
 * happens. Nothing is said of what depends on the run, such as paths and actions.
 */
import type { EventKind } from '../events/event.ts';
import { otherArgKeys } from '../events/shape.ts';
import { closest } from '../values/closest.ts';
import { argType } from '../plan/types/index.ts';
import type { ArgPlan, HookPlan, Plan } from '../plan/plan.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { differences } from './match.ts';
import { fixedKeys, sends } from './senders.ts';
import type { Sender } from './senders.ts';
import { kindOfPattern } from './nearest.ts';
import type { EventPattern, Expectation, Scenario } from './scenario.ts';

/** @param plans of the policies, on every kernel that the scenario runs on */
export function checkNever(scenario: Scenario, plans: readonly Plan[]): Diagnostic[] {
  const patterns = scenario.steps.flatMap(({ expectations, on }) =>
    [...new Set([expectations, ...Object.values(on ?? {})].flat())].flatMap(notToCome),
  );
  return patterns.flatMap((item) => {
    const why = whyNever(item, plans);
    if (why === undefined) return [];
    const { reason, ...more } = why;
    return [
      {
        code: 'TR-scenario-never' as const,
        severity: 'error' as const,
        message: `${reason}, so this holds whatever happens`,
        span: item.span,
        ...more,
      },
    ];
  });
}

/** Patterns that no event at all fulfils. */
function notToCome(at: Expectation): readonly EventPattern[] {
  if (at.kind === 'events') return at.mode === 'absent' ? at.items : [];
  return at.kind === 'count' && at.min === 0 ? [at.item] : [];
}

interface Never {
  readonly reason: string;
  readonly help?: string;
  readonly didYouMean?: string;
}

function whyNever(item: EventPattern, plans: readonly Plan[]): Never | undefined {
  const kind = kindOfPattern(item) as EventKind;
  const body = Object.entries((item.pattern[kind] ?? {}) as Readonly<Record<string, unknown>>);
  if (kind === 'process_exec' || kind === 'process_exit') return undefined;
  if (kind === 'process_loader')
    return plans.some(({ loader }) => loader)
      ? undefined
      : { reason: 'no policy has `loader: true`, without which there are no process_loader events' };
  const all = plans.flatMap((plan) => plan.hooks.map((hook) => ({ plan, hook })));
  const senders = all.filter(({ hook }) => sends[kind]?.includes(hook.kind));
  if (senders.length === 0) {
    const kinds = Object.entries(sends).flatMap(([other, hooks]) =>
      all.some(({ hook }) => hooks.includes(hook.kind)) ? [other] : [],
    );
    return {
      reason: `no hook of the policies sends ${kind} events`,
      ...(kinds.length > 0 && { help: `They send ${kinds.join(', ')}.` }),
    };
  }
  for (const [key, wanted] of body) {
    if (senders.some((sender) => canHave(key, wanted, sender))) continue;
    const known = [...new Set(senders.map((sender) => shownOf(key, sender)))];
    const meant = typeof wanted === 'string' ? closest(wanted, known) : undefined;
    return {
      reason: `no hook of the policies sends a ${kind} event with ${key} ${JSON.stringify(wanted)}`,
      help: `There ${key} is ${known.join(' or ')}.`,
      ...(meant !== undefined && { didYouMean: meant }),
    };
  }
  if (senders.some((sender) => body.every(([key, wanted]) => canHave(key, wanted, sender)))) return undefined;
  return {
    reason: `no hook of the policies sends a ${kind} event with all of ${body.map(([key]) => key).join(', ')} as they are here`,
  };
}

function canHave(key: string, wanted: unknown, sender: Sender): boolean {
  const { hook } = sender;
  if (key === 'args' || key === 'data') return canHaveArgs(wanted, hook[key], hook);
  if (key === 'return') return hook.returnArg !== undefined;
  const fixed = fixedKeys(sender);
  return !Object.hasOwn(fixed, key) || differences(wanted, fixed[key]).length === 0;
}

function canHaveArgs(wanted: unknown, plans: readonly ArgPlan[], hook: HookPlan): boolean {
  const keys = argKeys(plans, hook);
  if (keys === undefined || !Array.isArray(wanted)) return true;
  if (wanted.length !== keys.length) return false;
  return wanted.every((item: unknown, index) =>
    Object.keys(item ?? {}).every((key) => key === keys[index] || otherArgKeys.includes(key)),
  );
}

/**
 * Of each argument that the hook shows; undefined where their number depends on the run: an array shows each of its elements, and
 * what stands behind a descriptor that is none may be lost.
 */
function argKeys(plans: readonly ArgPlan[], { kind, returnArg }: HookPlan): string[] | undefined {
  if (kind !== 'kprobe' && kind !== 'fentry' && kind !== 'lsm' && returnArg !== undefined) return undefined;
  if (kind === 'tracepoint' || kind === 'raw_tracepoint') return undefined;
  if (plans.some(({ type }) => ['const_buf', 'fd', 'auto'].includes(type))) return undefined;
  return plans.flatMap(({ type }) => {
    // Only kprobes show the command by its name.
    if (type === 'bpf_cmd' && kind !== 'kprobe' && kind !== 'fentry') return ['int_arg'];
    return argType(type).jsonKey ?? [];
  });
}

/** What the sender has there, in words. */
function shownOf(key: string, sender: Sender): string {
  const { hook } = sender;
  if (key === 'args' || key === 'data') {
    const shown = (argKeys(hook[key], hook) ?? []).join(', ');
    return `${hook.target}: [${shown}]`;
  }
  if (key === 'return') return `${hook.target}: nothing (it has no \`return: true\`)`;
  const value = fixedKeys(sender)[key];
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
