/**
 * What is known of a kernel: the one description that compiler, engine, `check`, simulator and rig ask. It comes from the
 * shipped data, from a running kernel or from a file; several sources are asked in turn. Each answer may be `undefined`,
 * which is "not known" and never means no.
 */
import type { TypeLookup } from '../btf/resolve.ts';
import { once } from '../values/once.ts';

/** What a kernel can do that policies depend on. */
export type KernelCapability =
  /** bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE): Override and NotifyEnforcer on system calls. */
  | 'override-return'
  /** fmod_ret programs: Override on security_ functions. */
  | 'fmod-ret'
  /** kprobe.multi links. */
  | 'kprobe-multi'
  /** kprobe.session links: one program at entry and return. */
  | 'kprobe-session'
  /** uprobe.multi links. */
  | 'uprobe-multi'
  /** bpf_get_attach_cookie in kprobe programs. */
  | 'attach-cookie'
  /** BPF trampolines on functions. */
  | 'fentry'
  /** The BPF LSM is built in and among the active security modules. */
  | 'bpf-lsm'
  /** The function bpf_strnstr: SubString. */
  | 'strnstr'
  /** The function bpf_strncasestr: SubStringIgnCase. */
  | 'strncasestr';

export interface TracepointField {
  /** As in the event's format file, such as `const char *` or `char[16]`. */
  readonly type: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly signed: boolean;
}

/** Types as Tetragon compares them with a policy's: `struct file *`, `umode_t`. */
export interface FunctionPrototype {
  readonly name: string;
  readonly returns: string;
  readonly parameters: readonly string[];
}

/**
 * Whether a hook can be put on a function that the kernel has types of: `any` can; `no kprobe` (the kernel's own blacklist) only by
 * kprobe_multi or a trampoline; the others by none. `untraced`: compiled without a call of ftrace (`notrace`, all of lib/). `copies`:
 * there are only forms that the compiler changed (`.isra.0`, `.constprop.0`). `boot only`: its memory is freed after the boot.
 * `no symbol`: nothing of that name is left.
 */
export const attachments = [
  'any',
  'no kprobe',
  'untraced',
  'copies',
  'boot only',
  'no symbol',
  'several',
] as const;
export type Attachment = (typeof attachments)[number];

/** Which kernel it is. */
export interface KernelIdentity {
  /** A stable text: facts of one id give the same answers, so that what was compiled for them can be kept under it. */
  readonly id: string;
  /** As users name it: `6.12`. */
  readonly version: string;
  /** What uname -r prints, such as `6.12.117+deb13-cloud-amd64`. */
  readonly release?: string;
  /** What uname -m prints: `x86_64`. */
  readonly architecture?: string;
  /** Who built it: `debian`. */
  readonly distribution?: string;
}

export interface KernelAnswers {
  readonly has: (capability: KernelCapability) => boolean | undefined;
  /** Value of a CONFIG_ option, named with its prefix: `y`, `m`, `n` (not set), or its text without quotes. */
  readonly config: (option: string) => string | undefined;
  /** The kernel or a module made for it has the function. A module need not be loaded. */
  readonly hasFunction: (name: string) => boolean | undefined;
  /** Modules that bring the function; none: it is the kernel's own, or there is none. */
  readonly modulesOf: (name: string) => readonly string[] | undefined;
  /** Undefined, too, for a function that the kernel does not have. */
  readonly attachment: (name: string) => Attachment | undefined;
  readonly prototype: (name: string) => FunctionPrototype | undefined;
  readonly hasTracepoint: (subsystem: string, event: string) => boolean | undefined;
  /** Fields of a tracepoint's format file, the four common ones first. */
  readonly tracepointFields: (subsystem: string, event: string) => readonly TracepointField[] | undefined;
  /** The hook's name without `bpf_lsm_`. */
  readonly hasLsmHook: (name: string) => boolean | undefined;
  /** Its type information. Reading it may take long: asked for only where a policy has `resolve`. */
  readonly types: () => TypeLookup | undefined;
}

/** One kernel, as far as it is known. */
export interface KernelFacts extends KernelIdentity, KernelAnswers {}

/** Some of the answers; or how to get at them, which is done when the first is asked for. */
export type FactSource = Partial<KernelAnswers> | (() => Partial<KernelAnswers>);

/** Facts from sources that each know something: the first that knows answers. */
export function kernelFacts(identity: KernelIdentity, ...from: readonly FactSource[]): KernelFacts {
  const sources = from.map((source) => (typeof source === 'function' ? once(source) : () => source));
  const ask = <T>(question: (source: Partial<KernelAnswers>) => T | undefined): T | undefined => {
    for (const source of sources) {
      const answer = question(source());
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    id: identity.id,
    version: identity.version,
    ...(identity.release === undefined ? {} : { release: identity.release }),
    ...(identity.architecture === undefined ? {} : { architecture: identity.architecture }),
    ...(identity.distribution === undefined ? {} : { distribution: identity.distribution }),
    has: (capability) => ask((source) => source.has?.(capability)),
    config: (option) => ask((source) => source.config?.(option)),
    hasFunction: (name) => ask((source) => source.hasFunction?.(name)),
    modulesOf: (name) => ask((source) => source.modulesOf?.(name)),
    attachment: (name) => ask((source) => source.attachment?.(name)),
    prototype: (name) => ask((source) => source.prototype?.(name)),
    hasTracepoint: (subsystem, event) => ask((source) => source.hasTracepoint?.(subsystem, event)),
    tracepointFields: (subsystem, event) => ask((source) => source.tracepointFields?.(subsystem, event)),
    hasLsmHook: (name) => ask((source) => source.hasLsmHook?.(name)),
    types: () => ask((source) => source.types?.()),
  };
}

/** Some of a kernel's answers, as a source for the facts of another. */
export function answersOf(
  kernel: KernelFacts,
  ...which: readonly (keyof KernelAnswers)[]
): Partial<KernelAnswers> {
  return Object.fromEntries(which.map((name) => [name, kernel[name]]));
}

/**
 * No kernel in particular: nothing is known. For callers to whom it makes no difference.
 *
 * @example
 * ```ts
 * import { anyKernel } from 'tracerig/core';
 *
 * console.log(anyKernel.hasFunction('fd_install')); // undefined
 * ```
 */
export const anyKernel: KernelFacts = kernelFacts({ id: 'any', version: '' });

/**
 * What a kernel says of types, as facts of no kernel in particular: for those to whom no kernel was named, so that a policy is
 * typed as it most likely will be, and nothing is concluded from what one kernel happens to have.
 */
export function typesOnly(kernel: KernelFacts): KernelFacts {
  const { id } = kernel;
  return kernelFacts({ id: `types of ${id}`, version: '' }, answersOf(kernel, 'tracepointFields', 'types'));
}

/** No kernel was named: what is not known of it is no cause for a warning. */
export const isUnnamed = ({ version }: KernelIdentity): boolean => version === '';

/** The kernel in words: its release, else the version it goes by. */
export const kernelName = ({ release, version }: KernelIdentity): string => release ?? version;
