/** The hooks of all plans, bound to the places where the kernel model meets them. */
import type { LoadedHook } from '../../core/judge/loaded-hook.ts';
import type { HookPlan, Plan } from '../../core/plan/plan.ts';
import { modelledHooks, releasesOf, sitesOf } from '../syscalls/index.ts';
import type { HookSite } from '../syscalls/row.ts';
import { symbolName, syscallsWithoutArguments } from '../kernel-model/syscalls.ts';
import type { ProblemCause } from '../../core/backend/problem.ts';

/** A site with what stands there. */
export interface SiteHooks {
  readonly site: HookSite;
  readonly hooks: readonly LoadedHook[];
}

/** What of a system call is hooked. */
export interface CallHooks {
  readonly rawEnter: readonly LoadedHook[];
  readonly enter: readonly LoadedHook[];
  readonly kprobe: readonly LoadedHook[];
  readonly sites: readonly SiteHooks[];
  /** The sites in order; those that go through the same items stand together, and run one after the other for each item. */
  readonly runs: readonly (readonly SiteHooks[])[];
  readonly exit: readonly LoadedHook[];
  readonly rawExit: readonly LoadedHook[];
  /** Nothing at all is hooked. */
  readonly none: boolean;
}

export const noHooks: CallHooks = {
  rawEnter: [],
  enter: [],
  kprobe: [],
  sites: [],
  runs: [],
  exit: [],
  rawExit: [],
  none: true,
};

/** LSM hooks whose function is not `security_` + their name. */
const lsmFunctions: Readonly<Record<string, string>> = {
  bprm_check_security: 'security_bprm_check',
  bprm_creds_for_exec: 'security_bprm_creds_for_exec',
  capable: 'cap_capable',
};
const functionOfLsm = (name: string): string => lsmFunctions[name] ?? `security_${name}`;

/** Functions that run in the call's context, but of which a trace does not tell enough. */
const whyNot: readonly (readonly [RegExp, string])[] = [
  [/^security_inode_(permission|follow_link)$/, 'how often a path is checked depends on caches'],
  [
    /^(tcp_v[46]_rcv|ip_|udp_rcv|__netif|netif_|ip6_|dev_|sk_filter|sk_skb|__cgroup_bpf|tcp_create|kfree_skb|consume_skb)/,
    'it runs for packets, in whichever task happens to be interrupted',
  ],
  [/^load_module/, 'the name inside the module file is not in a trace'],
  [/^tcp_set_state/, 'states change as packets come in, in whichever task happens to be interrupted'],
  [/^(__)?sk_free/, 'who lets go of a socket last hangs on packets and timers'],
  [
    /^(override|revert)_creds/,
    'how often the kernel takes other credentials for a moment hangs on caches and layers',
  ],
  [/^security_inode_copy_up_xattr/, 'which extended attributes a file has is not in a trace'],
  [
    /^security_inode_need_killpriv/,
    'the kernel asks of a file until it found nothing to lose, which it keeps in mind with the inode (S_NOSEC)',
  ],
  [/^find_module_sections/, 'it is part of another function on all kernels that Debian builds'],
  [/^io_/, 'io_uring operations are not in a trace'],
];

export class HookIndex {
  readonly problems: ProblemCause[] = [];
  private readonly byName = new Map<string, LoadedHook[]>();
  private readonly calls = new Map<string, CallHooks>();

  /** @param hooks of the plans, in the order in which those on one function are met */
  constructor(
    private readonly plans: readonly Plan[],
    hooks: readonly LoadedHook[],
    private readonly kernel: string,
  ) {
    const known = plans.length > 0 ? modelledHooks(kernel) : new Set<string>();
    for (const loaded of hooks) {
      const name = nameOf(loaded.hook);
      for (const target of targetsOf(loaded.hook, name, known)) {
        const list = this.byName.get(target) ?? [];
        list.push(loaded);
        this.byName.set(target, list);
      }
      const why = whyUnknown(loaded.hook, name, known);
      if (why !== undefined) this.problems.push({ kind: 'not-modelled', ...why });
    }
    if (plans.some(({ loader }) => loader)) {
      const why = 'build ids of mapped files are not in a trace';
      this.problems.push({ kind: 'not-modelled', feature: 'the loader', why });
    }
  }

  get empty(): boolean {
    return this.byName.size === 0;
  }

  /** Some plan hooks what a system call runs inside, not only calls themselves or functions of programs. */
  get hooksFunctions(): boolean {
    return this.hooksAny((name) => !/^(__\w+_sys_|(tp|raw):(raw_)?syscalls\/|user:|list:)/.test(name));
  }

  /** Some plan hooks a function like this one. */
  hooksAny(which: (name: string) => boolean): boolean {
    return [...this.byName.keys()].some((name) => which(name.replace(/^lsm:/, '')));
  }

  named(name: string): readonly LoadedHook[] {
    return this.byName.get(name) ?? [];
  }

  /** Hooks of a call, by the name that strace prints. */
  ofCall(name: string): CallHooks {
    const known = this.calls.get(name);
    if (known) return known;
    const symbol = symbolName(name);
    const sites = sitesOf(name, this.kernel)
      .map((site) => ({ site, hooks: this.ofSite(site) }))
      .filter(({ site, hooks }) => hooks.length > 0 || this.isEnforced(site.hook));
    const machineEvent = name.startsWith('@');
    const hooks = {
      rawEnter: machineEvent
        ? []
        : [...this.named('tp:raw_syscalls/sys_enter'), ...this.named('raw:raw_syscalls/sys_enter')],
      enter: this.named(`tp:syscalls/sys_enter_${symbol}`),
      kprobe:
        machineEvent || syscallsWithoutArguments.has(name)
          ? []
          : [...this.named(`__x64_sys_${symbol}`), ...this.named(everySyscall)],
      sites,
      runs: runsOf(sites),
      exit: this.named(`tp:syscalls/sys_exit_${symbol}`),
      rawExit: machineEvent
        ? []
        : [...this.named('tp:raw_syscalls/sys_exit'), ...this.named('raw:raw_syscalls/sys_exit')],
    };
    const none = Object.values(hooks).every((list) => list.length === 0);
    const result = { ...hooks, none };
    this.calls.set(name, result);
    return result;
  }

  /** All hooks that a call meets on its way. */
  loadedAt(name: string): readonly LoadedHook[] {
    const { rawEnter, enter, kprobe, sites, exit, rawExit } = this.ofCall(name);
    return [...rawEnter, ...enter, ...kprobe, ...sites.flatMap(({ hooks }) => hooks), ...exit, ...rawExit];
  }

  /** Some hook is on a system call of 32-bit programs. */
  get ofCompat(): boolean {
    return this.hooksAny((name) => name.startsWith('__ia32_'));
  }

  /** The function's probes, then the LSM program that it calls. */
  private ofSite(site: HookSite): readonly LoadedHook[] {
    return [...this.named(site.hook), ...this.named(`lsm:${site.hook}`)];
  }

  /** Functions that pending NotifyEnforcer records act on. */
  isEnforced(symbol: string): boolean {
    return this.plans.some(({ enforcers }) => enforcers.includes(symbol));
  }
}

function runsOf(sites: readonly SiteHooks[]): readonly (readonly SiteHooks[])[] {
  const runs: SiteHooks[][] = [];
  for (const one of sites) {
    const last = runs.at(-1);
    const { each } = one.site;
    if (each !== undefined && last?.[0]?.site.each === each) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

/** Stands for the entries of all system calls. */
const everySyscall = 'list:every-syscall';

/** Names under which a hook is met; a generated list has many. */
function targetsOf(hook: HookPlan, name: string, known: ReadonlySet<string>): readonly string[] {
  if (!hook.generated) return [name];
  if (hook.generated.kind === 'syscalls') return [everySyscall];
  const pattern = patternOf(hook.generated.pattern);
  return pattern ? [...known].filter((symbol) => !/[:@]/.test(symbol) && pattern.test(symbol)) : [];
}

function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

function nameOf(hook: HookPlan): string {
  switch (hook.kind) {
    case 'kprobe':
    case 'fentry':
      return hook.target;
    case 'tracepoint':
      return `tp:${hook.target}`;
    case 'raw_tracepoint':
      return `raw:${hook.target}`;
    case 'lsm':
      return `lsm:${functionOfLsm(hook.target)}`;
    case 'uprobe':
    case 'usdt':
      return `user:${hook.path ?? ''}:${hook.target}`;
  }
}

/** What of the hook the model does not hold, and why if that is known. */
interface Unmodelled {
  readonly feature: string;
  readonly why?: string;
}

function whyUnknown(hook: HookPlan, name: string, known: ReadonlySet<string>): Unmodelled | undefined {
  if (hook.kind === 'uprobe' || hook.kind === 'usdt') {
    const why = 'a trace of system calls does not show functions of programs';
    return { feature: `${hook.path ?? ''} ${hook.target}`, why };
  }
  if (hook.generated?.kind === 'syscalls') return undefined;
  if (hook.generated) {
    return { feature: `functions like /${hook.generated.pattern}/ that the model does not hold` };
  }
  if (/^__x64_sys_/.test(name)) return undefined;
  if (/^__(ia32|x32)/.test(name)) return undefined;
  if (/^__(arm64|s390x?|riscv)_/.test(name)) {
    const why = 'a function of another architecture: traces are replayed as of an x86-64 kernel';
    return { feature: hook.target, why };
  }
  if (/^(tp|raw):(raw_syscalls\/sys_(enter|exit)$|syscalls\/sys_(enter|exit)_)/.test(name)) return undefined;
  const plain = name.startsWith('lsm:') ? name.slice(4) : name;
  if (known.has(plain)) return undefined;
  const releases = releasesOf(plain);
  const why =
    releases === undefined
      ? whyNot.find(([pattern]) => pattern.test(plain))?.[1]
      : `only kernels ${releases} run it`;
  return { feature: hook.target, ...(why === undefined ? {} : { why }) };
}
