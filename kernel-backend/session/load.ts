/** Loads the programs for a scenario's plans and attaches them; nothing is pinned, so closing the rig ends them. */
import { createHash } from 'node:crypto';
import { BackendError } from '../../core/backend/error.ts';
import { concat, numberBytes, textOf } from '../encode/bytes.ts';
import type { EncodedObject, EncodedPlans, NumberedHook } from '../encode/plan.ts';
import type { MapEntries } from '../encode/sets.ts';
import { uprobePlace } from '../encode/uprobe.ts';
import { layoutDigest, trHookLoss, trLoss, trTaskEntry } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { RigError, type CallRequest, type Rig } from '../rig.ts';
import type { RigKernel } from './kernel.ts';
import type { Residents } from './residents.ts';
import { placeText } from '../../core/source/spans.ts';

export interface LoadedPlans {
  /** Handles of the objects; the first has the process programs and the ring buffer. */
  readonly objects: readonly number[];
  /** Milliseconds that the kernel took for loading. */
  readonly loadMs: number;
}

/** Programs that follow processes, and the functions that those go to which are no tracepoints' (the exit's is the kernel's). */
const processPrograms = [
  'process_exec',
  'process_fork',
  'process_creds',
  'process_move',
  'process_exit',
] as const;
const credsFunction = 'security_bprm_committing_creds';
const moveFunction = 'cgroup_attach_task';
/** Maps that all objects of a session have in common. */
const shared = [
  ...[
    'fence',
    'step',
    'records',
    'lost',
    'tasks',
    'calls',
    'limits',
    'sockets',
    'overrides',
    'notifications',
  ],
  ...['equal_32', 'equal_128', 'equal_long'],
];
/** Of the program that tests alone run. */
const testMaps = ['placed_args', 'noted'];
const sharedSets = ['prefixes', 'postfixes', 'addresses', 'searches', 'ranges'];

/** The compiled programs, and the types that they use cut out of one kernel's, which makes loading there cheap. */
export interface Programs {
  readonly object: Uint8Array;
  readonly types?: Uint8Array;
}

/** Keeps the programs in the core, so that `load` need not send them: worth doing before a snapshot is taken. */
export async function storePrograms(rig: Rig, { object, types }: Programs): Promise<void> {
  for (const bytes of types === undefined ? [object] : [object, types])
    await rig.call('store', { name: digestOf(bytes) }, bytes);
}

/** How `load` refers to programs that are stored. */
export function storedPrograms({ object, types }: Programs): Pick<LoadRequest, 'image' | 'types'> {
  return {
    image: { stored: digestOf(object) },
    ...(types === undefined ? {} : { types: { stored: digestOf(types) } }),
  };
}

/** Throws BackendError for programs of another version: they would take a plan for something else. */
export function demandLayout({ object }: Programs): void {
  const mark = Buffer.alloc(8);
  mark.writeBigUInt64LE(layoutDigest);
  if (Buffer.from(object.buffer, object.byteOffset, object.byteLength).includes(mark)) return;
  throw new BackendError(
    'TR-not-set-up',
    'the BPF programs were built by another version of tracerig',
    'unavailable',
    { enable: 'npx tracerig setup' },
  );
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface LoadOptions {
  /** Default true; else nobody is inside the fence. */
  readonly fenced?: boolean;
  /** Of maps that hold what is found: entries, of `records` bytes (a power of two of pages). Default: the programs' own. */
  readonly sizes?: Readonly<Partial<Record<'records' | 'tasks' | 'calls', number>>>;
}

export async function loadPlans(
  rig: Rig,
  programs: Programs,
  encoded: EncodedPlans,
  kernel: RigKernel,
  { tasks, launcher }: KnownProcesses,
  { fenced = true, sizes = {} }: LoadOptions = {},
): Promise<LoadedPlans> {
  demandLayout(programs);
  await demandSecurityModule(rig, encoded.hooks);
  const addresses = await addressesOf(rig, encoded.hooks, kernel);
  const stored = storedPrograms(programs);
  const handles: number[] = [];
  let loadMs = 0;
  for (const [index, part] of encoded.objects.entries()) {
    const first = handles[0];
    const known = first === undefined ? { tasks, launcher } : undefined;
    const request = loadRequest(part, kernel, known, first, {
      ...sizes,
      lost: trLoss.LOST_OF_HOOKS + encoded.hooks.length * trHookLoss.HOOK_LOSSES,
    });
    const load = () => rig.call('load', { ...request.head, ...stored, fenced }, request.bytes);
    const answer = await load().catch(async (error: unknown) => {
      if (!isNotStored(error)) throw loadError(error, encoded.hooks);
      await storePrograms(rig, programs);
      return load().catch((again: unknown) => {
        throw loadError(again, encoded.hooks);
      });
    });
    const handle = answer.head.object;
    handles.push(handle);
    loadMs += answer.head.ms;
    const links = [
      ...(index === 0 ? processLinks(addresses, kernel) : []),
      ...part.enforced.map(({ program, target }): Link => ({ program, kind: 'trace', target })),
      ...part.attach.flatMap(({ override }): Link[] =>
        override === undefined ? [] : [{ ...override, kind: 'trace' }],
      ),
      // What is entered must be met again: returns first.
      ...part.attach.flatMap(({ returns, hooks, uprobe }) => {
        if (returns === undefined) return [];
        return uprobe
          ? uprobeLinks(returns, 'uretprobe', hooks, encoded.hooks, kernel)
          : returnLinks(returns, hooks, encoded.hooks, addresses, kernel);
      }),
      ...part.attach.flatMap(({ program, lsm, tracepoint, uprobe, hooks }): Link[] => {
        if (lsm !== undefined) return [{ program, kind: 'lsm', target: lsm }];
        if (tracepoint) return [{ program, ...tracepoint }];
        if (uprobe) return uprobeLinks(program, 'uprobe', hooks, encoded.hooks, kernel);
        return hookLinks(program, hooks, encoded.hooks, addresses, kernel);
      }),
    ];
    await rig.call('attach', { object: handle, links }).catch((error: unknown) => {
      throw loadError(error, encoded.hooks);
    });
  }
  return { objects: handles, loadMs };
}

/** Names of the security modules that the kernel asks, separated by commas. */
const activeModules = '/sys/kernel/security/lsm';

/** Where the BPF LSM is built in but not active, programs load, are attached, and are never asked. */
async function demandSecurityModule(rig: Rig, hooks: readonly NumberedHook[]): Promise<void> {
  const first = hooks.find(({ hook }) => hook.kind === 'lsm');
  if (first === undefined) return;
  const active = await rig.read(activeModules).then(textOf, () => undefined);
  if (active?.trim().split(',').includes('bpf') === true) return;
  const { plan, hook } = first;
  const why = active === undefined ? `${activeModules} cannot be read` : `it has ${active.trim()}`;
  const message = `${placeText(hook.span)}: policy ${plan.policyName} does not load: bpf is not known to be an active security module of kernel ${rig.facts.release}: ${why}`;
  throw new BackendError('TR-load', message, 'usage');
}

type Addresses = ReadonlyMap<string, string>;
type LoadRequest = CallRequest<'load'>;
type Link = CallRequest<'attach'>['links'][number];

/** Address of each hooked function. Throws where the kernel lacks one, unless the policy takes that for granted. */
async function addressesOf(rig: Rig, hooks: readonly NumberedHook[], kernel: RigKernel): Promise<Addresses> {
  // An LSM hook is found by the loader, in the kernel's types, and a tracepoint by the kernel.
  const functions = hooks.filter(({ hook }) => hook.kind === 'kprobe' || hook.kind === 'fentry');
  const found = await rig.kallsyms([
    ...new Set([
      credsFunction,
      moveFunction,
      kernel.exitFunction,
      ...functions.map(({ hook }) => hook.target),
    ]),
  ]);
  const addresses = new Map<string, string>();
  for (const [name, [first]] of Object.entries(found)) if (first !== undefined) addresses.set(name, first);
  for (const { plan, hook } of functions) {
    if (addresses.has(hook.target) || hook.ignoreCallNotFound) continue;
    const message = `${placeText(hook.span)}: policy ${plan.policyName} does not load: kernel ${rig.facts.release} has no function ${hook.target}`;
    throw new BackendError('TR-load', message, 'usage');
  }
  return addresses;
}

function processLinks(addresses: Addresses, kernel: RigKernel): Link[] {
  return [
    { program: 'process_exec', kind: 'raw_tracepoint', target: 'sched_process_exec' },
    { program: 'process_fork', kind: 'raw_tracepoint', target: 'sched_process_fork' },
    ...kprobes('process_creds', [{ target: credsFunction, cookie: 0 }], addresses, kernel),
    ...kprobes('process_move', [{ target: moveFunction, cookie: 0 }], addresses, kernel),
    ...kprobes('process_exit', [{ target: kernel.exitFunction, cookie: 0 }], addresses, kernel),
  ];
}

function hookLinks(
  program: string,
  numbers: readonly number[],
  hooks: readonly NumberedHook[],
  addresses: Addresses,
  kernel: RigKernel,
): Link[] {
  return kprobes(program, placesOf(numbers, hooks, addresses), addresses, kernel);
}

/** Each alone: kprobe.multi has but a few instances for calls that have not returned yet (two a function on 6.12). */
function returnLinks(
  program: string,
  numbers: readonly number[],
  hooks: readonly NumberedHook[],
  addresses: Addresses,
  kernel: RigKernel,
): Link[] {
  return placesOf(numbers, hooks, addresses).map((place) => probe(program, 'kretprobe', place, kernel));
}

function uprobeLinks(
  program: string,
  kind: 'uprobe' | 'uretprobe',
  numbers: readonly number[],
  hooks: readonly NumberedHook[],
  { cookies }: RigKernel,
): Link[] {
  return numbers.flatMap((number) => {
    const hook = hooks[number]?.hook;
    return hook === undefined
      ? []
      : [{ program, kind, ...uprobePlace(hook), ...(cookies && { cookie: number }) }];
  });
}

/** A kernel without cookies takes no probe that has one; there each program serves one hook, and knows its number. */
function probe(
  program: string,
  kind: 'kprobe' | 'kretprobe',
  { target, cookie }: HookPlace,
  { cookies }: RigKernel,
): Link {
  return { program, kind, target, ...(cookies && { cookie }) };
}

interface HookPlace {
  readonly target: string;
  /** Number of the hook. */
  readonly cookie: number;
}

function placesOf(
  numbers: readonly number[],
  hooks: readonly NumberedHook[],
  addresses: Addresses,
): HookPlace[] {
  // A list may name a function twice; the kernel takes an address only once.
  const seen = new Set<string>();
  return numbers.flatMap((number) => {
    const target = hooks[number]?.hook.target ?? '';
    const address = addresses.get(target);
    if (address === undefined || seen.has(address)) return [];
    seen.add(address);
    return [{ target, cookie: number }];
  });
}

function kprobes(
  program: string,
  places: readonly HookPlace[],
  addresses: Addresses,
  kernel: RigKernel,
): Link[] {
  if (places.length === 0) return [];
  if (!kernel.multi) return places.map((place) => probe(program, 'kprobe', place, kernel));
  return [
    {
      program,
      kind: 'kprobe.multi',
      target: places.map(({ target }) => target).join(', '),
      addresses: places.map(({ target }) => addressOf(target, addresses)),
      cookies: places.map(({ cookie }) => cookie),
    },
  ];
}

function addressOf(target: string, addresses: Addresses): string {
  const address = addresses.get(target);
  if (address === undefined)
    throw new BackendError('TR-kernel-lacks', `the kernel has no function ${target}`, 'unavailable');
  return address;
}

function loadRequest(
  part: EncodedObject,
  kernel: RigKernel,
  known: KnownProcesses | undefined,
  shareWith: number | undefined,
  sizes: Readonly<Record<string, number>>,
): { head: Omit<LoadRequest, 'image' | 'types'>; bytes: Uint8Array } {
  const chunks: Uint8Array[] = [part.rodata];
  let offset = part.rodata.length;
  const first = known !== undefined;
  const maps = first ? [known.tasks, ...part.maps] : [];
  const entries = maps
    .filter(({ entries }) => entries.length > 0)
    .map(({ map, keySize, valueSize, entries }) => {
      const bytes = concat(entries);
      const described = { map, keySize, valueSize, count: entries.length, offset };
      chunks.push(bytes);
      offset += bytes.length;
      return described;
    });
  if (first) chunks.push(known.launcher);
  const multi = kernel.multi ? { multi: true } : {};
  return {
    head: {
      programs: [
        ...(first
          ? [
              ...processPrograms.map((name) => ({
                name,
                ...(name === 'process_exec' || name === 'process_fork' ? {} : multi),
              })),
              { name: 'call_exit' },
            ]
          : []),
        ...part.attach.map(({ program, lsm, tracepoint, uprobe }) => ({
          name: program,
          ...(lsm !== undefined && { target: lsm }),
          ...(tracepoint && { kind: tracepoint.kind }),
          ...(lsm === undefined && !tracepoint && uprobe !== true && multi),
        })),
        ...part.enforced.map(({ program, target }) => ({ name: program, target })),
        ...part.attach.flatMap(({ returns, override }) => [
          ...(returns === undefined ? [] : [{ name: returns }]),
          ...(override === undefined ? [] : [{ name: override.program, target: override.target }]),
        ]),
      ],
      maps: first
        ? { ...Object.fromEntries(part.maps.map(({ map, entries }) => [map, entries.length])), ...sizes }
        : {},
      unused: [...part.unused, ...testMaps],
      rodata: { offset: 0, length: part.rodata.length },
      entries,
      ...(first ? { launcher: { offset, length: known.launcher.length } } : {}),
      ...(shareWith === undefined ? {} : { share: { object: shareWith, maps: [...shared, ...sharedSets] } }),
    },
    bytes: concat(chunks),
  };
}

/** Processes that the programs know from the start. */
export interface KnownProcesses {
  /** Those that were in the fence before. */
  readonly tasks: MapEntries;
  /** A `tr_task_entry` of each step's root, until it executes its command. */
  readonly launcher: Uint8Array;
}

export function knownProcesses({ tasks, launcher }: Residents): KnownProcesses {
  return { tasks: taskEntries(tasks), launcher: trTaskEntry.encode(launcher) };
}

/** Entries of processes that were in the fence before the programs were. */
export function taskEntries(tasks: ReadonlyMap<number, Written<typeof trTaskEntry>>): MapEntries {
  const entries = [...tasks].map(([pid, task]) => concat([numberBytes(pid), trTaskEntry.encode(task)]));
  return { map: 'tasks', keySize: 4, valueSize: trTaskEntry.size, entries };
}

const isNotStored = (error: unknown): boolean =>
  error instanceof RigError &&
  error.call === 'load' &&
  error.errno === 2 &&
  error.message.includes('nothing is stored');

function loadError(error: unknown, hooks: readonly NumberedHook[]): unknown {
  if (!(error instanceof RigError)) return error;
  const policies = [...new Set(hooks.map(({ plan }) => plan.policyName))].join(', ');
  const log = error.log === undefined ? {} : { log: error.log };
  return new BackendError(
    'TR-load',
    `policy ${policies} does not load: ${error.message}`,
    'usage',
    { ...log },
    { cause: error },
  );
}
