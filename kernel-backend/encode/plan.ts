/** Stage "setup": plans as the BPF programs take them: constants, contents of maps, and which program goes where. */
import type { WorkloadView } from '../../core/engine/hit.ts';
import { selectsWorkload } from '../../core/engine/workloads.ts';
import type { HookKind, HookPlan, NamespaceName, Plan } from '../../core/plan/plan.ts';
import { filterWindow, statusBytes, unresolvedPath } from '../../core/plan/record/layout.ts';
import {
  trActionKind,
  trArgType,
  trEntry,
  trHookPlan,
  trLimit,
  trPlan,
  type trSelector,
} from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { actionKinds, overridesByReturn } from './actions.ts';
import { encodeArgs, encodeReturn, returnCopyOf, type ArgPlaces } from './args.ts';
import { expandGenerated, type FunctionsLike } from './generated.ts';
import { constantFilter, type BinarySet } from './process.ts';
import { encodeSelector } from './select.ts';
import { ValueSets, type MapEntries } from './sets.ts';
import { checkUprobe } from './uprobe.ts';
import { unsupported } from './unsupported.ts';
import { noteUses, type Use } from './uses.ts';

/** What of the kernel decides how a plan is encoded. */
export interface TargetKernel extends ArgPlaces {
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
  /** bpf_get_attach_cookie in kprobes: 5.15 and later. */
  readonly cookies: boolean;
  /** bpf_override_return. */
  readonly override: boolean;
  /** The exit hook's argument that must be 1; 0: any. */
  readonly exitArgument: number;
  readonly functionsLike: FunctionsLike;
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
  /** `enforce_N` goes to each of these functions, of the policy's enforcers. */
  readonly enforced: readonly {
    readonly program: string;
    readonly target: string;
    readonly policy: string;
  }[];
  readonly attach: readonly {
    readonly program: string;
    /** `hook_N` is a program of this kind and goes to this tracepoint; else it is a kprobe's. */
    readonly tracepoint?: TracepointPlace;
    /** It goes to functions of programs, whose places its hooks say. */
    readonly uprobe?: true;
    /** `lsm_N` goes to this hook of the security modules. */
    readonly lsm?: string;
    readonly returns?: string;
    /** `override_N` goes to this function, whose probe it follows. */
    readonly override?: { readonly program: string; readonly target: string };
    readonly hooks: readonly number[];
  }[];
}

export interface TracepointPlace {
  readonly kind: 'tracepoint' | 'raw_tracepoint';
  /** `subsystem/event`, of a raw one the event alone. */
  readonly target: string;
}

export interface EncodedPlans {
  readonly objects: readonly EncodedObject[];
  readonly hooks: readonly NumberedHook[];
  readonly binaries: readonly BinarySet[];
}

/**
 * Throws BackendError `TR-unsupported-on-kernel` for what the programs cannot do.
 *
 * @param workload that the step's processes count as; unset: the host's
 */
export function encodePlans(
  plans: readonly Plan[],
  kernel: TargetKernel,
  workload?: WorkloadView,
): EncodedPlans {
  const hooks: NumberedHook[] = plans.flatMap((plan) => {
    checkPlan(plan);
    return plan.hooks
      .flatMap((hook) => expandGenerated(hook, kernel.functionsLike))
      .map((hook) => ({ plan, hook }));
  });
  const sets = new ValueSets();
  const binaries: BinarySet[] = [];
  const uses = new Set<Use>();
  // Calls of one `list:` have the same plan: one program serves them all, and its cookie tells which it was.
  const programs = new Map<string, Program>();
  hooks.forEach(({ plan, hook }, number) => {
    const bytes = encodeHook(
      { hook, plan, number, policy: plans.indexOf(plan) },
      { sets, binaries, uses, kernel, workload },
    );
    const override = overridesByReturn(hook);
    const key =
      kernel.cookies && !override
        ? `${plans.indexOf(plan)} ${hook.kind} ${hook.index} ${Buffer.from(bytes).toString('latin1')}`
        : String(number);
    const same = programs.get(key);
    if (same === undefined)
      programs.set(key, {
        ...{ bytes, hooks: [number], returns: awaitsReturn(hook) },
        ...(hook.kind === 'lsm' && { lsm: hook.target }),
        ...tracepointOf(hook),
        ...(override && { override: hook.target }),
        ...(hook.kind === 'uprobe' && { uprobe: true as const }),
      });
    else same.hooks.push(number);
  });

  const all = [...programs.values()];
  const enforced = enforcedBy(plans);
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
        { sets, binaries, uses, kernel, workload },
        enforced,
      ),
      maps: sets.maps(),
      unused,
      // Once for all objects: they share what is notified.
      enforced:
        first === 0
          ? enforced.map(({ target, number }, index) => ({
              ...{ program: `enforce_${index}`, target, policy: plans[number]?.policyName ?? '' },
            }))
          : [],
      attach: group.map(({ hooks: numbers, returns, lsm, tracepoint, override, uprobe }, index) => ({
        ...(uprobe && { uprobe }),
        ...(tracepoint && { tracepoint }),
        ...(lsm === undefined ? { program: `hook_${index}` } : { program: `lsm_${index}`, lsm }),
        ...(returns ? { returns: `return_${index}` } : {}),
        ...(override !== undefined && { override: { program: `override_${index}`, target: override } }),
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
    searches: sets.usesSearches,
    limits: uses.has('limits'),
    limit_keys: uses.has('limits'),
    sockets: uses.has('tracking'),
    calls: programs.some(({ returns }) => returns),
    notifications: uses.has('enforcers'),
    overrides: programs.some(({ override }) => override !== undefined),
  };
  return Object.keys(wanted).filter((map) => wanted[map] !== true);
}

interface Program {
  readonly bytes: Uint8Array;
  readonly hooks: number[];
  readonly returns: boolean;
  readonly lsm?: string;
  readonly tracepoint?: TracepointPlace;
  readonly override?: string;
  readonly uprobe?: true;
}

/** Its event waits for what the function returns, or has written by then. */
const awaitsReturn = ({ returnArg, args }: HookPlan): boolean =>
  returnArg !== undefined || args.some(({ returnCopy }) => returnCopy);

function tracepointOf({ kind, target }: HookPlan): { readonly tracepoint?: TracepointPlace } {
  if (kind === 'tracepoint') return { tracepoint: { kind, target } };
  return kind === 'raw_tracepoint' ? { tracepoint: { kind, target: target.replace(/^.*\//, '') } } : {};
}

interface Context {
  readonly sets: ValueSets;
  readonly binaries: BinarySet[];
  readonly uses: Set<Use>;
  readonly kernel: TargetKernel;
  readonly workload: WorkloadView | undefined;
}

interface PlacedHook extends NumberedHook {
  readonly number: number;
  /** Number of its policy. */
  readonly policy: number;
}

function checkPlan(plan: Plan): void {
  const [call] = plan.enforcers.filter((name) => !name.startsWith('security_'));
  if (call !== undefined) throw unsupported('enforcers of system calls', plan.span);
  if (plan.loader) throw unsupported('loader', plan.span);
}

/** The functions of the plans' enforcers, each with the number of its policy. */
function enforcedBy(plans: readonly Plan[]): { readonly target: string; readonly number: number }[] {
  const all = plans.flatMap(({ enforcers }, number) =>
    [...new Set(enforcers)].map((target) => ({ target, number })),
  );
  const beyond = all[trLimit.MAX_ENFORCED];
  if (beyond !== undefined)
    throw unsupported(
      `enforcers of more than ${trLimit.MAX_ENFORCED} functions`,
      (plans[beyond.number] as Plan).span,
    );
  return all;
}

function encodeHook({ hook, plan, number, policy }: PlacedHook, context: Context): Uint8Array {
  const entry = entries[hook.kind];
  if (entry === undefined) throw unsupported(`hooks of kind ${hook.kind}`, hook.span);
  if (hook.kind === 'uprobe') checkUprobe(hook);
  const selectors = selectorsOf(plan, hook, context);
  if (hook.selectors.length > trLimit.MAX_SELECTORS)
    throw unsupported(`more than ${trLimit.MAX_SELECTORS} selectors`, hook.span);
  const { kernel, uses } = context;
  const args = encodeArgs(hook, kernel);
  const returnCopy = returnCopyOf(hook);
  noteUses(hook, uses);
  return trHookPlan.encode({
    arg_count: args.length,
    selector_count: selectors.length,
    entry: trEntry[hook.syscall ? 'ENTRY_SYSCALL' : entry],
    // Of the others the probe tells it, so that the members of a list can have one program.
    number: entry === 'ENTRY_FUNCTION' && !overridesByReturn(hook) ? 0 : number,
    overrides: Number(overridesByReturn(hook)),
    policy,
    monitor: Number(plan.mode === 'monitor' || plan.options['policy-mode'] === 'monitor'),
    args,
    returns: Number(awaitsReturn(hook)),
    return_copy: returnCopy ?? trLimit.NO_INDEX,
    return_arg:
      hook.returnArg === undefined ? { type: trArgType.ARG_NOP } : encodeReturn(hook.returnArg, hook),
    ...(hook.returnArgAction === undefined
      ? {}
      : { return_action: trActionKind[actionKinds[hook.returnArgAction]] }),
    selectors,
  });
}

/** Of a policy that is not about the step's processes none is ever reached. */
function selectorsOf(
  { workload: selected, namespace }: Plan,
  hook: HookPlan,
  context: Context,
): Written<typeof trSelector>[] {
  // What they say is asked in any case: before a run nobody knows of which workload it will be.
  const encoded = hook.selectors.map((selector) =>
    encodeSelector(selector, { ...context, ...context.kernel, hook }),
  );
  return selected === undefined || selectsWorkload(selected, context.workload, namespace)
    ? encoded
    : [{ process_count: 1, process: [constantFilter(false)] }];
}

/** Where the arguments of each kind of hook come from; undefined: it is not done. An fentry's event and place are a kprobe's. */
const entries = {
  kprobe: 'ENTRY_FUNCTION',
  fentry: 'ENTRY_FUNCTION',
  tracepoint: 'ENTRY_TRACEPOINT',
  raw_tracepoint: 'ENTRY_RAW_TRACEPOINT',
  lsm: 'ENTRY_LSM',
  uprobe: 'ENTRY_FUNCTION',
  usdt: undefined,
} as const satisfies Record<HookKind, keyof typeof trEntry | undefined>;

function rodata(
  hooks: readonly Uint8Array[],
  { sets, binaries, uses, kernel }: Context,
  enforced: ReturnType<typeof enforcedBy>,
): Uint8Array {
  const plan: Written<typeof trPlan> = {
    uses_strings: Number(uses.has('strings')),
    uses_long: Number(sets.usesLong),
    // Binaries and working directories are paths, whatever the policies look at.
    uses_paths: 1,
    uses_buffers: Number(uses.has('buffers')),
    uses_prefix: Number(sets.usesPrefixes),
    uses_postfix: Number(sets.usesPostfixes),
    uses_search: Number(sets.usesSearches),
    uses_sockets: Number(uses.has('sockets')),
    uses_packets: Number(uses.has('packets')),
    uses_addresses: Number(sets.usesAddresses),
    uses_structures: Number(uses.has('structures')),
    uses_limits: Number(uses.has('limits')),
    uses_tracking: Number(uses.has('tracking')),
    uses_changes: Number(uses.has('changes')),
    uses_cookies: Number(kernel.cookies),
    uses_enforcers: Number(uses.has('enforcers')),
    enforced: enforced.map(({ number }) => number),
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
