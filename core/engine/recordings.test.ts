/**
 * Events of real Tetragon, turned back into hits: some selector of the policy must match each, with the action that was
 * recorded. Filters on processes are left out, since an event does not show all that they look at.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';
import { toBytes } from '../values/value.ts';
import type { ArgValue } from '../values/value.ts';
import { socketFamilies, socketProtocols, tcpStates } from '../names/sockets.ts';
import { parseAddress } from '../go/go-netip.ts';
import { createEvaluator } from './evaluate.ts';
import { hit } from './testing.ts';

const recordings = join(import.meta.dirname, '..', '..', '..', 'shared', 'oracle2');

/** What the structured arguments hold, all of them in one. */
interface Fields {
  readonly path?: string;
  readonly permission?: string;
  readonly flags?: string;
  readonly family?: string;
  readonly protocol?: string;
  readonly state?: string;
  readonly saddr?: string;
  readonly daddr?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly addr?: string;
  readonly port?: number;
  readonly bytes_arg?: string;
  readonly orig_size?: string;
  readonly Message?: string;
  readonly id?: number;
}
type Arg = Readonly<Record<string, unknown>>;
interface HookEvent {
  readonly policy_name: string;
  readonly action: string;
  readonly return_action?: string;
  readonly function_name?: string;
  readonly subsys?: string;
  readonly event?: string;
  readonly args?: readonly Arg[];
  readonly data?: readonly Arg[];
  readonly return?: Arg;
}
type EventJson = Readonly<Record<string, HookEvent | undefined>>;

const modeLetters: Readonly<Record<string, number>> = {
  '-': 0o100000,
  d: 0o040000,
  p: 0o010000,
  s: 0o140000,
  l: 0o120000,
  c: 0o020000,
  b: 0o060000,
};

function valueOf(arg: Arg): ArgValue {
  const [key = '', content] = Object.entries(arg).find(([name]) => name !== 'label') ?? [];
  const scalar = typeof content === 'string' || typeof content === 'number' ? String(content) : '';
  const fields = (typeof content === 'object' ? content : {}) as Fields;
  switch (key) {
    case 'int_arg':
    case 'uint_arg':
    case 'long_arg':
    case 'size_arg':
      return { kind: 'int', value: BigInt(scalar) };
    case 'string_arg':
      return { kind: 'string', value: toBytes(scalar) };
    case 'bytes_arg':
      return bytesOf(scalar, undefined);
    case 'truncated_bytes_arg':
      return bytesOf(fields.bytes_arg ?? '', Number(fields.orig_size));
    case 'file_arg':
    case 'path_arg':
    case 'linux_binprm_arg':
      return {
        kind: 'file',
        path: toBytes(fields.path ?? ''),
        mode: modeLetters[fields.permission?.[0] ?? ''] ?? 0,
        ...(fields.flags === 'unresolvedPathComponents' ? { unresolved: true } : {}),
      };
    case 'sock_arg':
    case 'skb_arg':
      return {
        kind: key === 'sock_arg' ? 'sock' : 'skb',
        family: socketFamilies.numberOf(fields.family ?? '') ?? 0,
        type: 0,
        protocol: socketProtocols.numberOf(fields.protocol ?? '') ?? 0,
        state: tcpStates.numberOf(fields.state ?? '') ?? 0,
        ...address('saddr', fields.saddr),
        ...address('daddr', fields.daddr),
        sport: fields.sport ?? 0,
        dport: fields.dport ?? 0,
      };
    case 'sockaddr_arg':
      return {
        kind: 'sockaddr',
        family: socketFamilies.numberOf(fields.family ?? '') ?? 0,
        ...address('addr', fields.addr),
        port: fields.port ?? 0,
      };
    case 'sockaddrun_arg': {
      const path = fields.path ?? '';
      return { kind: 'sockaddr_un', family: 1, path: path.replace(/^@/, ''), abstract: path.startsWith('@') };
    }
    case 'kernel_cap_t_arg':
    case 'cap_inheritable_arg':
    case 'cap_permitted_arg':
    case 'cap_effective_arg':
      return { kind: 'caps', value: BigInt(`0x${scalar}`) };
    case 'error_arg':
      return { kind: 'unreadable', message: fields.Message ?? '' };
    case 'syscall_id':
      return { kind: 'int', value: fields.id ?? 0 };
    default:
      return { kind: 'nop' };
  }
}

function bytesOf(base64: string, size: number | undefined): ArgValue {
  const value = Buffer.from(base64, 'base64').toString('latin1');
  return { kind: 'buffer', value, size: size ?? value.length };
}

type Side = 'saddr' | 'daddr' | 'addr';

function address<K extends Side>(key: K, text = ''): { readonly [P in Side]?: readonly number[] } {
  const bytes = parseAddress(text);
  return bytes === undefined ? {} : { [key]: bytes };
}

function isHooked(hook: HookPlan, event: HookEvent): boolean {
  const target = event.subsys === undefined ? event.function_name : `${event.subsys}/${event.event ?? ''}`;
  return hook.generated !== undefined || hook.target === target;
}

/** Behind a descriptor that refers to no file the event shows junk, or nothing at all. */
function isGarbled({ args = [] }: HookEvent): boolean {
  const bad = args.findIndex(({ file_arg: file }) => {
    const { path = '/', permission } = (file ?? {}) as Fields;
    return permission === '---------' && path === '/';
  });
  return bad !== -1 && (bad === args.length - 1 || 'error_arg' in (args[bad + 1] ?? {}));
}

/** One plan for each selector of the hook, with its filters on arguments only. */
function alone(plan: Plan, hook: HookPlan): Plan[] {
  const selectors =
    hook.selectors.length > 0 ? hook.selectors.map((selector) => [{ ...selector, process: [] }]) : [[]];
  return selectors.map((list) => ({ ...plan, hooks: [{ ...hook, selectors: list }] }));
}

function explains(plan: Plan, event: HookEvent): boolean {
  const action = event.action.replace('KPROBE_ACTION_', '').toLowerCase();
  return plan.hooks
    .filter((hook) => isHooked(hook, event))
    .some((hook) => {
      const values: ArgValue[] = hook.args.map(() => ({ kind: 'nop' }));
      hook.args
        .filter(({ type }) => type !== 'nop')
        .forEach(({ position }, index) => {
          const arg = event.args?.[index];
          if (arg !== undefined) values[position] = valueOf(arg);
        });
      return alone(plan, hook).some((single) => {
        const [evaluated] = createEvaluator(single).hooks;
        const probe = hit(values, {
          data: (event.data ?? []).map(valueOf),
          ...(event.return === undefined ? {} : { returnValue: valueOf(event.return) }),
          isTracked: () => action !== 'post',
        });
        const entry = evaluated?.entry(probe);
        if (entry?.post !== true || entry.action.toLowerCase() !== action) return false;
        if (hook.returnArg === undefined) return true;
        const exit = evaluated?.exit(probe, entry);
        return exit?.post === true && `KPROBE_ACTION_${exit.action.toUpperCase()}` === event.return_action;
      });
    });
}

describe.skipIf(!existsSync(recordings))('recorded events', () => {
  const cases = existsSync(recordings)
    ? readdirSync(recordings).filter((name) => existsSync(join(recordings, name, 'events.jsonl')))
    : [];

  it.each(cases)('%s', (name) => {
    const folder = join(recordings, name);
    const plans = readdirSync(folder)
      .filter((file) => /^policy.*\.yaml$/.test(file))
      .flatMap((file) => loadPolicies(readFileSync(join(folder, file), 'utf8'), file, anyKernel).plans);
    const unexplained = readFileSync(join(folder, 'events.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as EventJson)
      .flatMap(
        (event) => event['process_kprobe'] ?? event['process_lsm'] ?? event['process_tracepoint'] ?? [],
      )
      .filter((event) => {
        if (isGarbled(event)) return false;
        const plan = plans.find(({ policyName }) => policyName === event.policy_name);
        return plan !== undefined && !explains(plan, event);
      });
    expect(
      unexplained
        .map((event) => JSON.stringify({ ...event, process: undefined, parent: undefined }))
        .slice(0, 2),
    ).toEqual([]);
  });
});
