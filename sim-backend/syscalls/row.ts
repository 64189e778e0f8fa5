/**
 * Shape of the table of system calls: all that the simulator holds of a call stands in its row, as data first. Replay,
 * contents, changed paths, foresight and pages read it from there.
 */
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Shown } from '../machine/foresight.ts';
import type { Machine } from '../machine/machine.ts';
import type { KernelValue } from '../kernel-model/kernel-value.ts';

/** How an argument is derived from the call and the machine; `item` is what `each` yielded for this hit. */
export type Derivation = (call: Call, machine: Machine, item: unknown) => KernelValue;

/** Whether something is so at a call; a text says why that cannot be told. */
export interface Condition {
  /** To be read after "if". */
  readonly words: string;
  readonly test: (call: Call, machine: Machine) => boolean | string;
}

/** A place on the way of a system call where a hook may stand: one kernel function, or one tracepoint, that the call runs. */
export interface HookSite {
  /** Kernel symbol, or `tp:subsystem/event`. */
  readonly hook: string;
  /** By position in the prototype (by field number for a tracepoint); missing ones are not derivable. */
  readonly args: readonly (Derivation | undefined)[];
  /** Default: always. */
  readonly when?: Condition;
  /** One hit for each item; without it there is one. */
  readonly each?: (call: Call, machine: Machine) => readonly unknown[];
  /** Of a site that the replay runs for each of some items (files that are released): is it about this one? */
  readonly about?: (item: OpenFile) => boolean;
  /** Range of releases: `>=6.9`, `<=6.1`, `>=5.12 <=6.1`; every kernel without it. */
  readonly kernels?: string;
  /** Value that the function returns when the call went as recorded; default 0. */
  readonly returns?: (call: Call, machine: Machine, item: unknown) => bigint | undefined;
}

/** Part of the machine's state that a call may change. */
export type State =
  | 'descriptors'
  | 'sockets'
  /** Names, links, modes and owners of files. */
  | 'files'
  /** What the machine learns of files that the call leaves as they are. */
  | 'knowledge'
  /** Working directory, root, umask. */
  | 'context'
  | 'credentials'
  | 'namespaces'
  | 'mounts'
  | 'handlers';

export interface EffectContext {
  readonly machine: Machine;
  readonly call: Call;
  /** Files whose last reference the call dropped, in that order; they are released from the last to the first. */
  readonly released: OpenFile[];
}

/** What a call changes in the machine. */
export interface Effect {
  readonly on: State;
  /** A call that failed may change something too. Default: only one that succeeded is applied. */
  readonly evenFailed?: boolean;
  readonly apply: (context: EffectContext) => void;
}

/** Data that a call moves: which arguments are the descriptors that they come from and go to, and what shows them. */
export interface DataFlow {
  readonly from?: string;
  readonly to?: string;
  /** Argument that holds the bytes: a buffer, or a vector of buffers. Neither: they never come to the program. */
  readonly buffer?: string;
  readonly vector?: string;
  /** Argument with the offset to read from, or to write to; without it, and where it is -1 or NULL, the file's own counts. */
  readonly fromOffset?: string;
  readonly toOffset?: string;
}

/** What becomes of the contents of a file other than by data that flow. */
export type Reshaping =
  /** Made or emptied, as its flags say; its offset starts at 0. */
  | { readonly kind: 'opened' }
  /** Two names: the second becomes one of the first's file; `moved`: the first goes. */
  | { readonly kind: 'named'; readonly moved: boolean }
  /** The name goes. */
  | { readonly kind: 'unlinked' }
  /** Cut or padded with zeros to the length in this argument. */
  | { readonly kind: 'resized'; readonly length: string }
  /** The file's offset is what the call returned. */
  | { readonly kind: 'sought'; readonly file: string }
  /** From now on it may change without a call, or has in a way that is not shown. */
  | { readonly kind: 'obscured'; readonly file: string; readonly when: Condition };

/** Where a fatal signal that is raised inside the call keeps it from its effect. The first rule that fits decides. */
export interface KillRule {
  /** In words: the objects that the rule is about. */
  readonly where: string;
  readonly effect: 'done' | 'stopped';
  /** Is the rule about this object, read from that one? undefined: one that nothing is known of. Default: it is about all. */
  readonly applies?: (file: OpenFile | undefined, machine: Machine, from: OpenFile | undefined) => boolean;
}

/** What a signal with a handler does to a call that it was raised in; most calls just complete. */
export type Interruption =
  /** It ends without effect, with EINTR. */
  | 'interrupted'
  /** Without effect, and starts again if the handler was set with SA_RESTART: the hook raises the signal again. */
  | 'restarted'
  /** Without effect, and starts again whatever the handler says. */
  | 'always-restarted'
  /** One of the above if it had to wait, which cannot be seen. */
  | 'waits';

export interface SyscallRow {
  /** Each call's name as strace prints it, and its signature (`trace/signature.ts`). Names with @ are events of the machine. */
  readonly calls: Readonly<Record<string, string>>;
  /** Where the row comes from: group of the measured tables, or the recording that shows it. */
  readonly evidence: string;
  /** Functions that it runs, in order. */
  readonly sites?: readonly HookSite[];
  readonly effects?: readonly Effect[];
  /** Why it is not known what a call that succeeded changes; undefined: it is. */
  readonly doubts?: (call: Call, machine: Machine) => string | undefined;
  /** It makes, replaces or ends a task. */
  readonly life?: 'exec' | 'fork' | 'exit';
  /** It has operations done that are in shared memory, not in a trace. */
  readonly submits?: boolean;
  readonly data?: DataFlow;
  readonly reshapes?: readonly Reshaping[];
  /** Descriptor argument of a socket whose peer it reaches. */
  readonly reaches?: string;
  /** It makes, moves or removes the names of its paths, or changes what is behind them, if this is so. */
  readonly changesNames?: Condition;
  /** Descriptor argument of the file whose size, contents or connections it asks for, beside those that data come from. */
  readonly looksAt?: string;
  /** Argument of the directory whose entries it depends on. */
  readonly lists?: string;
  /** It waits for what comes of the descriptors in its arguments. */
  readonly polls?: boolean;
  /** Children that it may report the end of. */
  readonly waitsFor?: (call: Call) => readonly number[] | 'any';
  /** Process or task that it sends a signal to; 0 or less: a group of them. */
  readonly signals?: (call: Call) => number | undefined;
  /** It takes or drops a lock on `fd`, if this is so. */
  readonly locks?: Condition;
  /** It maps memory that others see being changed, if this is so. */
  readonly sharesMemory?: Condition;
  /** A name that it did not find is known not to exist. */
  readonly showsAbsence?: boolean;
  /** What foresight learns of it. */
  readonly shows?: readonly Shown[];
  /** On an overlay file system it may have to copy the file up. */
  readonly copiesUp?: Condition;
  /** Without rules it takes effect in spite of a fatal signal. */
  readonly killed?: readonly KillRule[];
  readonly interruption?: (call: Call, machine: Machine, raisedAt: string) => Interruption | undefined;
}

/** `6.12.117+deb13` -> [6, 12]. */
function release(text: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(text);
  return [Number(match?.[1] ?? 6), Number(match?.[2] ?? 12)];
}

/** True if a kernel of this release has the site. */
export function onKernel(range: string | undefined, kernel: string): boolean {
  const [major, minor] = release(kernel);
  return (range?.split(' ') ?? []).every((bound) => {
    const [otherMajor, otherMinor] = release(bound.slice(2));
    const order = major - otherMajor || minor - otherMinor;
    return bound.startsWith('>=') ? order >= 0 : order <= 0;
  });
}
