/** Builders of events: what a backend saw, written the way Tetragon exports it (key order included). */
import { fromBytes } from '../values/value.ts';
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ActionName, ArgPlan, HookPlan } from '../plan/plan.ts';
import type { ArgJson, ProcessJson, StackEntryJson, TetragonEvent } from './event.ts';
import type { EventClock, ProcessFacts } from './facts.ts';
import { argJson } from './arg-json.ts';
import { argumentsJson } from './bad-fd.ts';
import { toBase64 } from '../values/base64.ts';
import { eventTime } from './clock.ts';
import { processJson } from './process-json.ts';

/** `process` and `parent` of an event; `tid` is the calling thread where the event has one. */
function people(
  facts: ProcessFacts,
  clock: EventClock,
  tid?: number,
): { process: ProcessJson; parent?: ProcessJson } {
  const process = processJson(facts, clock, tid);
  return facts.parent ? { process, parent: processJson(facts.parent, clock) } : { process };
}

const envelope = (clock: EventClock, timeNs: bigint): { node_name: string; time: string } => ({
  node_name: clock.nodeName,
  time: eventTime(clock, timeNs),
});

/** @param timeNs nanoseconds since boot */
export function buildExec(facts: ProcessFacts, clock: EventClock, timeNs: bigint): TetragonEvent {
  const body = people(facts, clock);
  if (facts.binaryProperties && facts.unknown?.binaryProperties === undefined) {
    // Its place is before in_init_tree.
    const { in_init_tree, ...rest } = body.process;
    body.process = { ...rest, binary_properties: { ...facts.binaryProperties } };
    if (in_init_tree !== undefined) body.process.in_init_tree = in_init_tree;
  }
  return { process_exec: body, ...envelope(clock, timeNs) };
}

/**
 * @param how `signal` (a name such as `SIGKILL`) if one ended the process; `code` the exit code otherwise
 * @param timeNs nanoseconds since boot
 */
export function buildExit(
  facts: ProcessFacts,
  how: { readonly signal?: string; readonly code: number },
  clock: EventClock,
  timeNs: bigint,
): TetragonEvent {
  return {
    process_exit: {
      ...people(facts, clock),
      ...(how.signal ? { signal: how.signal } : {}),
      // The high byte of the wait status: empty for a process that was killed.
      ...(!how.signal && how.code !== 0 ? { status: how.code } : {}),
      time: eventTime(clock, timeNs),
    },
    ...envelope(clock, timeNs),
  };
}

export interface HookEvent {
  readonly plan: { readonly policyName: string };
  readonly hook: HookPlan;
  /** The process that the event is attributed to. */
  readonly facts: ProcessFacts;
  /** The calling thread; default `facts.tid`. */
  readonly tid?: number;
  /** At the positions of the hook's `args` and `data`. */
  readonly args: readonly ArgValue[];
  readonly data?: readonly ArgValue[];
  readonly returnValue?: ArgValue;
  readonly action: ActionName;
  /** kprobes only; default Post. */
  readonly returnAction?: ActionName;
  readonly kernelStack?: readonly StackEntryJson[];
  readonly userStack?: readonly StackEntryJson[];
  /** `sha256:<hex>` of the file, for lsm hooks that ask for it. */
  readonly imaHash?: string;
  /** A usdt's Set failed. */
  readonly actionFailed?: boolean;
  /** What was hit, where that differs from `hook.target`. */
  readonly symbol?: string;
  readonly offset?: bigint;
  readonly refCtrOffset?: bigint;
}

/** The action as events name it: `KPROBE_ACTION_SIGKILL`. */
export const actionText = (action: ActionName): string => `KPROBE_ACTION_${action.toUpperCase()}`;

/** @param timeNs nanoseconds since boot */
export function buildHookEvent(event: HookEvent, clock: EventClock, timeNs: bigint): TetragonEvent {
  const { hook } = event;
  const who = people(event.facts, clock, event.tid ?? event.facts.tid);
  const policy_name = event.plan.policyName;
  const message = hook.message ? { message: hook.message } : {};
  const tags = hook.tags.length > 0 ? { tags: [...hook.tags] } : {};
  const action = actionText(event.action);
  const shown = argumentsJson(event.args, hook.args, hook.kind);
  // Uprobes have no key for the returned value: it is the last of the arguments.
  if (hook.kind === 'uprobe') shown.push(...returnJson(event));
  const args = listed('args', shown);
  const data = listed('data', argumentsJson(event.data ?? [], hook.data, hook.kind));
  const stamp = envelope(clock, timeNs);
  const symbol = event.symbol ?? hook.target;

  switch (hook.kind) {
    case 'kprobe':
    case 'fentry': {
      const [returned] = returnJson(event);
      return {
        process_kprobe: {
          ...who,
          function_name: symbol,
          ...args,
          ...(returned ? { return: returned } : {}),
          action,
          ...listed('kernel_stack_trace', event.kernelStack),
          policy_name,
          return_action: actionText(event.returnAction ?? 'Post'),
          ...message,
          ...tags,
          ...listed('user_stack_trace', event.userStack),
          ...data,
        },
        ...stamp,
      };
    }
    case 'tracepoint':
    case 'raw_tracepoint': {
      const [subsys = '', name = ''] = hook.target.split('/');
      return {
        process_tracepoint: {
          ...who,
          subsys,
          event: name,
          ...args,
          policy_name,
          action,
          ...message,
          ...tags,
        },
        ...stamp,
      };
    }
    case 'lsm':
      return {
        process_lsm: {
          ...who,
          function_name: symbol,
          policy_name,
          ...message,
          ...args,
          action,
          ...tags,
          ...(event.imaHash ? { ima_hash: event.imaHash } : {}),
        },
        ...stamp,
      };
    case 'uprobe':
      return {
        process_uprobe: {
          ...who,
          path: hook.path ?? '',
          ...(symbol ? { symbol } : {}),
          policy_name,
          ...message,
          ...args,
          ...tags,
          ...decimal('offset', event.offset ?? hook.offset),
          ...decimal('ref_ctr_offset', event.refCtrOffset),
          action,
          ...data,
        },
        ...stamp,
      };
    case 'usdt': {
      const [provider = '', name = ''] = hook.target.split('/');
      return {
        process_usdt: {
          ...who,
          path: hook.path ?? '',
          provider,
          name,
          policy_name,
          ...message,
          ...args,
          ...tags,
          action,
          ...(event.actionFailed ? { flags: 'action failed' } : {}),
        },
        ...stamp,
      };
    }
  }
}

/** A mapped ELF file (spec.loader). Such events have no time of their own. */
export function buildLoader(
  loaded: { readonly facts: ProcessFacts; readonly path: ByteString; readonly buildId: ByteString },
  clock: EventClock,
): TetragonEvent {
  const { process, parent } = people(loaded.facts, clock);
  return {
    process_loader: {
      process,
      ...(loaded.path ? { path: fromBytes(loaded.path) } : {}),
      ...(loaded.buildId ? { buildid: toBase64(loaded.buildId) } : {}),
      ...(parent ? { parent } : {}),
    },
    node_name: clock.nodeName,
  };
}

function returnJson({ hook, returnValue }: HookEvent): ArgJson[] {
  if (!returnValue || !hook.returnArg) return [];
  // The label of returnArg is not shown.
  const { type }: ArgPlan = hook.returnArg;
  return argJson(returnValue, { type, hook: hook.kind });
}

/** An empty list has no key. */
function listed<K extends string, T>(key: K, list: readonly T[] | undefined): { [P in K]?: T[] } {
  return (list && list.length > 0 ? { [key]: [...list] } : {}) as { [P in K]?: T[] };
}

function decimal<K extends string>(key: K, value: bigint | undefined): { [P in K]?: string } {
  return (value ? { [key]: String(value) } : {}) as { [P in K]?: string };
}
