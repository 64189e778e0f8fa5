/**
 * The plan: a policy, compiled. Typed, normalized, backend-neutral and pure data (it can be compared, printed,
 * intersected and sent over a channel). The engine and the BPF programs execute it and decide nothing else.
 */
import type { IpPrefix } from '../go/go-netip.ts';
import type { NamespaceName } from '../names/namespaces.ts';
import type { DiagnosticCode } from '../source/codes.ts';
import type { Span } from '../source/diagnostic.ts';
import type { ByteString } from '../values/value.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { CelProgram } from './cel/ast.ts';

export type { NamespaceName };

export type HookKind = 'kprobe' | 'fentry' | 'tracepoint' | 'raw_tracepoint' | 'lsm' | 'uprobe' | 'usdt';

/** Whether enforcing actions act. `monitor_only`: the policy has no enforcing action at all. */
export type PolicyMode = 'enforce' | 'monitor' | 'monitor_only';

/** A policy, compiled: everything resolved that depends on its text and on the kernel alone. */
export interface Plan {
  readonly policyName: string;
  /** Set for TracingPolicyNamespaced. */
  readonly namespace?: string;
  readonly span: Span;
  readonly mode: PolicyMode;
  readonly hooks: readonly HookPlan[];
  readonly options: Readonly<Record<string, string>>;
  /** Syscalls and security hooks that pending enforcer notifications act on (spec.enforcers). */
  readonly enforcers: readonly string[];
  /** spec.loader: report mapped ELF files with their build id. */
  readonly loader: boolean;
  /** Workloads that the policy is limited to; undefined = every process. */
  readonly workload?: WorkloadSelector;
  /** spec.lists, for those that hooks and values refer to by name. */
  readonly lists: readonly ListPlan[];
  /** Why it does not load on the kernel that it was compiled for. None: it loads, as far as is known of the kernel. */
  readonly refusals: readonly Refusal[];
}

/** Something that a kernel lacks and without which Tetragon does not load the policy. */
export interface Refusal {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span;
  /** Tetragon's own words for it, where they are known. */
  readonly said?: string;
}

/** A list of functions. The generated ones hold no values: the backend fills them from its kernel. */
export interface ListPlan {
  readonly name: string;
  readonly kind: 'plain' | 'syscalls' | 'generated_syscalls' | 'generated_ftrace';
  readonly values: readonly string[];
  /** generated_ftrace: regular expression that function names match. */
  readonly pattern?: string;
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}
export interface WorkloadSelector {
  readonly pod?: readonly LabelRequirement[];
  readonly container?: readonly LabelRequirement[];
  readonly host: boolean;
}

export interface HookPlan {
  readonly kind: HookKind;
  /**
   * What is hooked: the kernel symbol with its arch prefix (`__x64_sys_openat`, `fd_install`), `subsystem/event` of a
   * tracepoint, the LSM hook's name without prefix, `symbol` of a uprobe, `provider/name` of a USDT.
   */
  readonly target: string;
  /** Position in the policy's section; the members of a list share it. */
  readonly index: number;
  /** Name of the list that `call` refers to. */
  readonly list?: string;
  /**
   * The hook stands for every function that the backend's kernel has of this kind (`target` is `list:NAME` then):
   * all system calls, or the functions whose names match the pattern.
   */
  readonly generated?: { readonly kind: 'syscalls' } | { readonly kind: 'ftrace'; readonly pattern: string };
  /** System call hook: arguments come from the inner pt_regs. */
  readonly syscall: boolean;
  /** ELF file of a uprobe or USDT. */
  readonly path?: string;
  /** Uprobe place when not a symbol: offset in the file, or virtual address. */
  readonly offset?: bigint;
  readonly address?: bigint;
  /** Uprobe: offset of the reference counter in the file. */
  readonly refCtrOffset?: bigint;
  /** Uprobe: digests `ALGO:HEX`, one of which the file must have; else the hook is not attached or, ignored, left out. */
  readonly digests?: readonly string[];
  readonly ignoreDigestFailure?: boolean;
  /** Uprobe: symbol that events name. Of several symbols Tetragon always names the last. */
  readonly shownSymbol?: string;
  readonly args: readonly ArgPlan[];
  readonly data: readonly ArgPlan[];
  /** Return value, when `return: true`. */
  readonly returnArg?: ArgPlan;
  readonly returnArgAction?: 'TrackSock' | 'UntrackSock';
  /** In order; the first that matches wins. Empty: every hit is posted (an lsm hook: none is). */
  readonly selectors: readonly SelectorPlan[];
  /** As events carry them: cut to what Tetragon keeps, and escaped as in a Go string. */
  readonly message?: string;
  readonly tags: readonly string[];
  readonly ignoreCallNotFound: boolean;
  readonly span: Span;
}

export interface ArgPlan {
  /** Position in the policy's list: what filters address. */
  readonly position: number;
  /** Position in the function's prototype; field number for a tracepoint. */
  readonly index: number;
  readonly type: ArgTypeName;
  readonly label?: string;
  readonly source: 'function' | 'current_task' | 'pt_regs';
  /** BTF path (or register name for pt_regs) as written. */
  readonly resolve?: string;
  readonly btfType?: string;
  /** 0-based function argument that holds the size of a char_buf or the count of a char_iovec. */
  readonly sizeArg?: number;
  readonly returnCopy: boolean;
  /** Most bytes of a char_buf that are reported. */
  readonly maxData?: number;
  readonly span: Span;
}

export interface SelectorPlan {
  readonly index: number;
  readonly label?: string;
  /** Filters on the process; all are tried before any argument is read. */
  readonly process: readonly ProcessFilter[];
  /** Filters on arguments and data, ANDed. */
  readonly args: readonly ArgFilter[];
  readonly returnArgs: readonly ArgFilter[];
  /** In order; empty means Post. */
  readonly actions: readonly ActionPlan[];
  readonly returnActions: readonly ActionPlan[];
  readonly span: Span;
}

interface FilterBase {
  /** Where it stands in the policy. */
  readonly span: Span;
}

/** NOT(any value matches) when `negated`, else any value matches. */
export type ProcessFilter = FilterBase &
  (
    | {
        readonly kind: 'binary';
        readonly of: 'self' | 'parent';
        readonly match: 'exact' | 'prefix' | 'postfix';
        readonly negated: boolean;
        readonly followChildren: boolean;
        readonly values: readonly ByteString[];
        /** Not written at this selector: it is that of another hook, with which the map is shared. */
        readonly inherited?: true;
      }
    | {
        readonly kind: 'pid';
        readonly negated: boolean;
        readonly values: readonly number[];
        readonly namespacePid: boolean;
        readonly followForks: boolean;
      }
    | {
        readonly kind: 'namespace';
        readonly namespace: NamespaceName;
        readonly negated: boolean;
        readonly values: readonly (number | 'host_ns')[];
      }
    | {
        readonly kind: 'capability';
        readonly set: CapabilitySet;
        readonly negated: boolean;
        readonly mask: bigint;
        readonly namespaceCapability: boolean;
      }
    | {
        readonly kind: 'namespace-change';
        readonly negated: boolean;
        readonly namespaces: readonly NamespaceName[];
      }
    | {
        readonly kind: 'capability-change';
        readonly set: CapabilitySet;
        readonly negated: boolean;
        readonly mask: bigint;
      }
    | { readonly kind: 'workload'; readonly workload: WorkloadSelector }
    /** An oddity of Tetragon makes this filter a constant; `why` names it, `of` is the list that it stands for. */
    | {
        readonly kind: 'constant';
        readonly of: 'matchPIDs' | 'matchCapabilities' | 'matchCapabilityChanges';
        readonly result: boolean;
        readonly why: string;
      }
  );

export type CapabilitySet = 'Effective' | 'Inheritable' | 'Permitted';

/** One entry of matchArgs, matchData or matchReturnArgs. */
export interface ArgFilter extends FilterBase {
  readonly on: 'args' | 'data' | 'return';
  /** Position in the hook's `args` (or `data`); two positions for CapabilitiesGained. */
  readonly positions: readonly number[];
  /** Operator as written, for words. */
  readonly operator: string;
  /** Values as written, for words. */
  readonly written: readonly string[];
  readonly comparison: Comparison;
  readonly outside: Outside;
  /** It compares with values that are written there: with another hook it shares the map that they are kept in. */
  readonly valuesFrom?: { readonly span: Span };
}

/**
 * What a filter says where its comparison cannot be put to the argument (outside.ts). `itself`: nothing special, the
 * comparison decides.
 */
export interface Outside {
  /** The kernel could not read the argument. Comes first, whatever the filter is. */
  readonly unreadable: 'fails';
  /** The backend could not find out the value. */
  readonly unknown: 'unknown' | 'itself';
  /** A file without a path (a pipe, `/` itself), or with one that is too long. */
  readonly noPath: 'fails' | 'itself';
  /** A descriptor that refers to no file. */
  readonly badDescriptor: 'fails' | 'passes' | 'itself';
  /** A socket or address of a family without IP addresses. */
  readonly noAddress: 'fails' | 'itself';
  /**
   * The argument's data begins 2,048 bytes or more behind the start of the record (record/layout.ts). `bytes`: the
   * comparison is with the eight bytes at that offset modulo 2,048, read as an integer. Always `itself` where nothing
   * before the argument can be that long.
   */
  readonly beyond: 'fails' | 'passes' | 'bytes' | 'unknown' | 'itself';
}

/** How an integer argument is widened to 64 bits before it is compared. */
export type IntLoad = 's8' | 'u8' | 's16' | 'u16' | 's32' | 'u32' | 'u64' | 's64';

/** An inclusive range. */
export interface Range<T> {
  readonly from: T;
  readonly to: T;
}

/** What is compared, with every constant parsed. An unreadable argument never matches, negated or not. */
export type Comparison =
  | {
      readonly kind: 'int-set';
      readonly load: IntLoad;
      readonly negated: boolean;
      readonly values: readonly bigint[];
      readonly ranges: readonly Range<bigint>[];
    }
  | {
      readonly kind: 'int-order';
      readonly load: IntLoad;
      readonly order: 'gt' | 'lt';
      readonly values: readonly bigint[];
    }
  | { readonly kind: 'int-mask'; readonly load: IntLoad; readonly values: readonly bigint[] }
  | {
      readonly kind: 'int-range';
      readonly load: IntLoad;
      readonly negated: boolean;
      readonly ranges: readonly Range<bigint>[];
    }
  | {
      readonly kind: 'bytes';
      readonly match: 'equal' | 'prefix' | 'postfix' | 'substring' | 'substring-ignore-case';
      readonly negated: boolean;
      readonly values: readonly ByteString[];
      /** `path`: an argument without a path never matches, not even negated. `unix`: sun_path. */
      readonly of: 'string' | 'buffer' | 'path' | 'unix';
      /** Longest argument that can match; a longer one is never equal. */
      readonly limit: number;
    }
  | {
      readonly kind: 'address';
      readonly side: 'source' | 'destination';
      readonly negated: boolean;
      readonly prefixes: readonly IpPrefix[];
    }
  | {
      readonly kind: 'port';
      readonly side: 'source' | 'destination';
      readonly negated: boolean;
      readonly ranges: readonly Range<number>[];
    }
  | {
      readonly kind: 'socket-number';
      readonly field: 'protocol' | 'family' | 'state';
      readonly ranges: readonly Range<number>[];
    }
  | {
      readonly kind: 'file-type';
      readonly negated: boolean;
      /** S_IFMT values. */ readonly types: readonly number[];
    }
  | { readonly kind: 'capabilities-gained' }
  | { readonly kind: 'cel'; readonly program: CelProgram }
  | { readonly kind: 'syscall-id'; readonly negated: boolean; readonly ids: readonly number[] }
  /** An oddity of Tetragon makes this filter a constant (quirks); `why` names it. */
  | { readonly kind: 'constant'; readonly result: boolean; readonly why: string };

export type RateScope = 'thread' | 'process' | 'global';

export type ActionPlan = { readonly span: Span } & (
  | {
      readonly kind: 'Post';
      readonly rateLimit?: { readonly windowMs: number; readonly scope: RateScope };
      readonly kernelStack: boolean;
      readonly userStack: boolean;
      readonly imaHash: boolean;
    }
  | { readonly kind: 'NoPost' | 'Sigkill' | 'CleanupEnforcerNotification' }
  | { readonly kind: 'Signal'; readonly signal: number }
  | {
      readonly kind: 'Override';
      readonly error: number;
      readonly regs?: readonly string[];
      readonly newSymbol?: string;
      readonly newAddress?: bigint;
      readonly newOffset?: bigint;
    }
  | { readonly kind: 'GetUrl'; readonly url: string }
  | { readonly kind: 'DnsLookup'; readonly fqdn: string }
  | { readonly kind: 'TrackSock' | 'UntrackSock'; readonly position: number }
  | { readonly kind: 'NotifyEnforcer'; readonly error: number; readonly signal: number }
  | { readonly kind: 'Set'; readonly position: number; readonly value: number }
);
export type ActionName = ActionPlan['kind'];
