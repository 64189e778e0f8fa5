/** Plans as the BPF programs take them: constants, contents of maps, and which program goes where. */
import type { HookPlan, NamespaceName, Plan, SelectorPlan } from '../../core/plan/plan.ts';
import { hookPlan as hookLayout, limits, argTypes, planLayout } from '../layout.ts';
import { encodeAction } from './actions.ts';
import { encodeArgs, type EncodedArg } from './args.ts';
import { encodeFilter } from './filters.ts';
import { expandGenerated } from './generated.ts';
import { encodeProcessFilter, type BinarySet } from './process-filters.ts';
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
  /** `hook_N` goes to all of these; the number is that of the hook. */
  readonly attach: readonly { readonly program: string; readonly hooks: readonly number[] }[];
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
  const uses = new Set<string>();
  // Calls of one `list:` have the same plan: one program serves them all, and its cookie tells which it was.
  const programs = new Map<string, { readonly bytes: Uint8Array; readonly hooks: number[] }>();
  hooks.forEach(({ plan, hook }, number) => {
    const bytes = encodeHook(hook, plan, { sets, binaries, uses, kernel });
    const key = kernel.cookies
      ? `${plans.indexOf(plan)} ${hook.kind} ${hook.index} ${Buffer.from(bytes).toString('latin1')}`
      : String(number);
    const same = programs.get(key);
    if (same === undefined) programs.set(key, { bytes, hooks: [number] });
    else same.hooks.push(number);
  });

  const all = [...programs.values()];
  const objects: EncodedObject[] = [];
  for (let first = 0; first === 0 || first < all.length; first += limits.hooks) {
    const group = all.slice(first, first + limits.hooks);
    if (!kernel.cookies && first > 0)
      throw unsupported(
        `more than ${limits.hooks} hooks on a kernel before 5.15`,
        (hooks[0] as NumberedHook).hook.span,
      );
    objects.push({
      rodata: rodata(
        group.map(({ bytes }) => bytes),
        { sets, binaries, uses, kernel },
      ),
      maps: sets.maps(),
      attach: group.map((program, index) => ({ program: `hook_${index}`, hooks: program.hooks })),
    });
  }
  return { objects, hooks, binaries };
}

interface Context {
  readonly sets: ValueSets;
  readonly binaries: BinarySet[];
  readonly uses: Set<string>;
  readonly kernel: TargetKernel;
}

function checkPlan(plan: Plan): void {
  if (plan.enforcers.length > 0) throw unsupported('enforcers', plan.source);
  if (plan.loader) throw unsupported('loader', plan.source);
  if (plan.workload !== undefined) throw unsupported('pod, container and host selectors', plan.source);
}

function encodeHook(hook: HookPlan, plan: Plan, context: Context): Uint8Array {
  // An fentry's event is a kprobe's, and so is its place.
  if (hook.kind !== 'kprobe' && hook.kind !== 'fentry')
    throw unsupported(`hooks of kind ${hook.kind}`, hook.span);
  if (hook.returnArg !== undefined) throw unsupported('return', hook.span);
  if (hook.selectors.length > limits.selectors)
    throw unsupported(`more than ${limits.selectors} selectors`, hook.span);
  const args = encodeArgs(hook);
  for (const arg of args) noteUse(arg, context.uses);
  return hookLayout.encode({
    arg_count: args.length,
    selector_count: hook.selectors.length,
    syscall: Number(hook.syscall),
    monitor: Number(plan.mode === 'monitor' || plan.options['policy-mode'] === 'monitor'),
    args: args.map((arg) => ({ ...arg, spare: 0 })),
    selectors: hook.selectors.map((selector) => encodeSelector(selector, context)),
  });
}

function encodeSelector(selector: SelectorPlan, context: Context) {
  const { kernel } = context;
  if (selector.process.length > limits.processFilters)
    throw unsupported(`more than ${limits.processFilters} filters on the process`, selector.span);
  if (selector.args.length > limits.filters)
    throw unsupported(`more than ${limits.filters} filters on arguments`, selector.span);
  if (selector.actions.length > limits.actions)
    throw unsupported(`more than ${limits.actions} actions`, selector.span);
  const actions = selector.actions.map((action) => encodeAction(action, kernel));
  if (selector.actions.some(({ kind }) => kind === 'Override')) context.uses.add('override');
  return {
    process_count: selector.process.length,
    arg_count: selector.args.length,
    action_count: actions.length,
    spare: new Uint8Array(5),
    process: selector.process.map((filter) =>
      encodeProcessFilter(filter, { ...context, hostNamespaces: kernel.hostNamespaces }),
    ),
    args: selector.args.map((filter) => encodeFilter(filter, context)),
    actions: actions.map((action) => ({ ...action, spare: new Uint8Array(3) })),
  };
}

const { string, buffer, fd, file, path, dentry, kiocb, binprm, sock, socket, sockaddr } = argTypes;
const useOf = new Map<number, string>([
  [string, 'strings'],
  [buffer, 'buffers'],
  ...[fd, file, path, dentry, kiocb, binprm].map((type) => [type, 'paths'] as const),
  ...[sock, socket, sockaddr].map((type) => [type, 'sockets'] as const),
]);

function noteUse({ type }: EncodedArg, uses: Set<string>): void {
  const use = useOf.get(type);
  if (use !== undefined) uses.add(use);
}

function rodata(hooks: readonly Uint8Array[], { sets, binaries, uses, kernel }: Context): Uint8Array {
  const bytes = planLayout.encode({
    uses_strings: Number(uses.has('strings')),
    // Binaries and working directories are paths, whatever the policies look at.
    uses_paths: 1,
    uses_buffers: Number(uses.has('buffers')),
    uses_prefix: Number(sets.usesPrefixes),
    uses_postfix: Number(sets.usesPostfixes),
    uses_sockets: Number(uses.has('sockets')),
    uses_cookies: Number(kernel.cookies),
    uses_override: Number(uses.has('override')),
    binary_count: binaries.length,
    exit_argument: kernel.exitArgument,
    host_user_ns: BigInt(kernel.hostNamespaces.User),
    binaries: binaries.map(({ kind, set }) => ({ kind, spare: 0, set })),
  });
  hooks.forEach((hook, index) =>
    bytes.set(hook, (planLayout.offsets['hooks'] ?? 0) + index * hookLayout.size),
  );
  return bytes;
}
