/** Stage "setup": plans as the BPF programs take them: constants, contents of maps, and which program goes where. */
import type { HookPlan, NamespaceName, Plan } from '../../core/plan/plan.ts';
import { filterWindow, statusBytes, unresolvedPath } from '../../core/plan/record/layout.ts';
import { trActionKind, trHookPlan, trLimit, trPlan } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { actionKinds } from './actions.ts';
import { argReaders, encodeArgs, encodeReturn } from './args.ts';
import { expandGenerated } from './generated.ts';
import type { BinarySet } from './process.ts';
import { usesRecord } from './record.ts';
import { encodeSelector } from './select.ts';
import { ValueSets, type MapEntries } from './sets.ts';
import { unsupported } from './unsupported.ts';

/** What of the kernel decides how a plan is encoded. */
export interface TargetKernel {
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
  /** bpf_get_attach_cookie in kprobes: 5.15 and later. */
  readonly cookies: boolean;
  /** bpf_override_return. */
  readonly override: boolean;
  /** The exit hook's argument that must be 1; 0: any. */
  readonly exitArgument: number;
}

/** A hook of a plan; its place in the list is the number that its records carry. */
export interface NumberedHook {
  readonly plan: Plan;
  readonly hook: HookPlan;
}

/** One BPF object to load. */
export interface EncodedObject {
  readonly rodata: Uint8Array;
  readonly maps: readonly MapEntries[];
  /** Maps that no program looks into under these plans. */
  readonly unused: readonly string[];
  /** `hook_N` goes to all of these; the number is that of the hook. `return_N` goes to their returns, if it is there. */
  readonly attach: readonly {
    readonly program: string;
    /** `lsm_N` goes to this hook of the security modules. */
    readonly lsm?: string;
    readonly returns?: string;
    readonly hooks: readonly number[];
  }[];
}

export interface EncodedPlans {
  readonly objects: readonly EncodedObject[];
  readonly hooks: readonly NumberedHook[];
  readonly binaries: readonly BinarySet[];
}

/** Throws BackendError `TR-unsupported-on-kernel` for what the programs cannot do. */
export function encodePlans(plans: readonly Plan[], kernel: TargetKernel): EncodedPlans {
  const hooks: NumberedHook[] = plans.flatMap((plan) => {
    checkPlan(plan);
    return plan.hooks.flatMap(expandGenerated).map((hook) => ({ plan, hook }));
  });
  const sets = new ValueSets();
  const binaries: BinarySet[] = [];
  const uses = new Set<Use>();
  // Calls of one `list:` have the same plan: one program serves them all, and its cookie tells which it was.
  const programs = new Map<string, Program>();
  hooks.forEach(({ plan, hook }, number) => {
    const bytes = encodeHook(
      { hook, plan, number, policy: plans.indexOf(plan) },
      { sets, binaries, uses, kernel },
    );
    const key = kernel.cookies
      ? `${plans.indexOf(plan)} ${hook.kind} ${hook.index} ${Buffer.from(bytes).toString('latin1')}`
      : String(number);
    const same = programs.get(key);
    if (same === undefined)
      programs.set(key, {
        ...{ bytes, hooks: [number], returns: hook.returnArg !== undefined },
        ...(hook.kind === 'lsm' && { lsm: hook.target }),
      });
    else same.hooks.push(number);
  });

  const all = [...programs.values()];
  const unused = unusedMaps(sets, uses, all);
  const objects: EncodedObject[] = [];
  for (let first = 0; first === 0 || first < all.length; first += trLimit.MAX_HOOKS) {
    const group = all.slice(first, first + trLimit.MAX_HOOKS);
    if (!kernel.cookies && first > 0)
      throw unsupported(
        `more than ${trLimit.MAX_HOOKS} hooks on a kernel before 5.15`,
        (hooks[0] as NumberedHook).hook.span,
      );
    objects.push({
      rodata: rodata(
        group.map(({ bytes }) => bytes),
        { sets, binaries, uses, kernel },
      ),
      maps: sets.maps(),
      unused,
      attach: group.map(({ hooks: numbers, returns, lsm }, index) => ({
        ...(lsm === undefined ? { program: `hook_${index}` } : { program: `lsm_${index}`, lsm }),
        ...(returns ? { returns: `return_${index}` } : {}),
        hooks: numbers,
      })),
    });
  }
  return { objects, hooks, binaries };
}

/** Each is looked into only where the plan's constants say so, which the verifier knows (bpf/sets.h, bpf/returns.h). */
function unusedMaps(sets: ValueSets, uses: ReadonlySet<Use>, programs: readonly Program[]): string[] {
  const wanted: Readonly<Record<string, boolean>> = {
    equal_long: sets.usesLong,
    piece_keys: sets.usesLong,
    prefixes: sets.usesPrefixes,
    postfixes: sets.usesPostfixes,
    trie_keys: sets.usesPrefixes || sets.usesPostfixes,
    addresses: sets.usesAddresses,
    limits: uses.has('limits'),
    limit_keys: uses.has('limits'),
    sockets: uses.has('tracking'),
    calls: programs.some(({ returns }) => returns),
  };
  return Object.keys(wanted).filter((map) => wanted[map] !== true);
}

interface Program {
  readonly bytes: Uint8Array;
  readonly hooks: number[];
  readonly returns: boolean;
  readonly lsm?: string;
}

/** Parts of the programs that a plan may use or not: what it does not use the verifier drops. */
type Use =
  | 'strings'
  | 'paths'
  | 'buffers'
  | 'sockets'
  | 'packets'
  | 'structures'
  | 'override'
  | 'record'
  | 'limits'
  | 'tracking'
  | 'changes';

interface Context {
  readonly sets: ValueSets;
  readonly binaries: BinarySet[];
  readonly uses: Set<Use>;
  readonly kernel: TargetKernel;
}

interface PlacedHook extends NumberedHook {
  readonly number: number;
  /** Number of its policy. */
  readonly policy: number;
}

function checkPlan(plan: Plan): void {
  if (plan.enforcers.length > 0) throw unsupported('enforcers', plan.span);
  if (plan.loader) throw unsupported('loader', plan.span);
  if (plan.workload !== undefined) throw unsupported('pod, container and host selectors', plan.span);
}

function encodeHook({ hook, plan, number, policy }: PlacedHook, context: Context): Uint8Array {
  // An fentry's event is a kprobe's, and so is its place.
  if (hook.kind !== 'kprobe' && hook.kind !== 'fentry' && hook.kind !== 'lsm')
    throw unsupported(`hooks of kind ${hook.kind}`, hook.span);
  if (hook.selectors.length > trLimit.MAX_SELECTORS)
    throw unsupported(`more than ${trLimit.MAX_SELECTORS} selectors`, hook.span);
  const { kernel, uses } = context;
  const args = encodeArgs(hook);
  noteUses(hook, uses);
  return trHookPlan.encode({
    arg_count: args.length,
    selector_count: hook.selectors.length,
    syscall: Number(hook.syscall),
    // Of the others the probe tells it, so that the members of a list can have one program.
    number: hook.kind === 'lsm' ? number : 0,
    policy,
    monitor: Number(plan.mode === 'monitor' || plan.options['policy-mode'] === 'monitor'),
    args,
    ...(hook.returnArg === undefined ? {} : { returns: 1, return_arg: encodeReturn(hook.returnArg) }),
    ...(hook.returnArgAction === undefined
      ? {}
      : { return_action: trActionKind[actionKinds[hook.returnArgAction]] }),
    selectors: hook.selectors.map((selector) => encodeSelector(selector, { ...context, ...kernel, hook })),
  });
}

const useOf: Readonly<Record<string, Use>> = {
  ARG_STRING: 'strings',
  ARG_CHAR_BUF: 'buffers',
  ARG_FD: 'paths',
  ARG_FILE: 'paths',
  ARG_PATH: 'paths',
  ARG_DENTRY: 'paths',
  ARG_KIOCB: 'paths',
  ARG_BINPRM: 'paths',
  ARG_SOCK: 'sockets',
  ARG_SOCKET: 'sockets',
  ARG_SOCKADDR: 'sockets',
  ARG_SKB: 'packets',
  ARG_FILENAME: 'strings',
  ARG_NET_DEVICE: 'strings',
  ARG_CRED: 'structures',
  ARG_USER_NAMESPACE: 'structures',
  ARG_BPF_ATTR: 'structures',
  ARG_BPF_PROG: 'structures',
  ARG_BPF_MAP: 'structures',
  ARG_PERF_EVENT: 'structures',
};

function noteUses(hook: HookPlan, uses: Set<Use>): void {
  const { args, returnArg } = hook;
  for (const { type } of returnArg === undefined ? args : [...args, returnArg]) {
    const use = useOf[argReaders[type] ?? ''];
    if (use !== undefined) uses.add(use);
  }
  if (usesRecord(hook)) uses.add('record');
  const actions = hook.selectors.flatMap(({ actions, returnActions }) => [...actions, ...returnActions]);
  const filters = hook.selectors.flatMap(({ process }) => process);
  if (hook.kind !== 'lsm' && actions.some(({ kind }) => kind === 'Override')) uses.add('override');
  if (actions.some((action) => action.kind === 'Post' && action.rateLimit !== undefined)) uses.add('limits');
  if (
    hook.returnArgAction !== undefined ||
    actions.some(({ kind }) => kind === 'TrackSock' || kind === 'UntrackSock')
  )
    uses.add('tracking');
  if (filters.some(({ kind }) => kind === 'namespace-change' || kind === 'capability-change'))
    uses.add('changes');
}

function rodata(hooks: readonly Uint8Array[], { sets, binaries, uses, kernel }: Context): Uint8Array {
  const plan: Written<typeof trPlan> = {
    uses_strings: Number(uses.has('strings')),
    uses_long: Number(sets.usesLong),
    // Binaries and working directories are paths, whatever the policies look at.
    uses_paths: 1,
    uses_buffers: Number(uses.has('buffers')),
    uses_prefix: Number(sets.usesPrefixes),
    uses_postfix: Number(sets.usesPostfixes),
    uses_sockets: Number(uses.has('sockets')),
    uses_packets: Number(uses.has('packets')),
    uses_addresses: Number(sets.usesAddresses),
    uses_structures: Number(uses.has('structures')),
    uses_limits: Number(uses.has('limits')),
    uses_tracking: Number(uses.has('tracking')),
    uses_changes: Number(uses.has('changes')),
    uses_cookies: Number(kernel.cookies),
    uses_override: Number(uses.has('override')),
    uses_record: Number(uses.has('record')),
    status_bytes: statusBytes,
    filter_window: filterWindow,
    unresolved_path: unresolvedPath,
    binary_count: binaries.length,
    exit_argument: kernel.exitArgument,
    host_user_ns: BigInt(kernel.hostNamespaces.User),
    binaries: binaries.map(({ encoded }) => encoded),
  };
  const bytes = trPlan.encode(plan);
  hooks.forEach((hook, index) => bytes.set(hook, trPlan.fields.hooks.offset + index * trHookPlan.size));
  return bytes;
}
