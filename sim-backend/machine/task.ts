/** Tasks (threads) and processes of a replay. */
import type { Binary } from '../../core/engine/hit.ts';
import type { NamespaceName } from '../../core/plan/plan.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { ProcessFacts } from '../../core/events/facts.ts';
import type { Fate } from '../../core/backend/outcome.ts';
import type { Cause } from './cause.ts';
import type { Credentials } from './credentials.ts';
import type { DescriptorTable, OpenFile } from './file.ts';
import type { Instant } from './instant.ts';

export type Namespaces = Readonly<Record<NamespaceName, number>>;

/** Working directory, root and umask; shared by CLONE_FS. */
export interface FsContext {
  cwd: ByteString;
  /** The start or a call shows it; otherwise `cwd` stands for none. */
  cwdShown: boolean;
  cwdDeleted: boolean;
  /** First name on the way by which it was entered of which nothing told whether it is a link. */
  cwdUnseen?: ByteString | undefined;
  root: ByteString;
  /** undefined: nothing tells. */
  umask: number | undefined;
}

/** One executed image, or a fork of one: what Tetragon keeps an entry for. */
export interface Image {
  readonly facts: ProcessFacts;
  /** Resolved path of the executed file, or why nothing tells it. */
  readonly binary: Binary;
  /** The process that runs or ran it; undefined for what ran before the trace. */
  readonly process: Process | undefined;
  /** The entry that `parent_exec_id` names. */
  readonly parent: Image | undefined;
  /** The entry was made by an exec; else by a fork. */
  readonly executed: boolean;
  /** Binaries that followChildren inherits, own first. */
  readonly ancestry: readonly Binary[];
}

export interface Process {
  /** By order of creation; the root is 0. */
  readonly number: number;
  readonly pid: number;
  readonly parent: Process | undefined;
  /** Which of its parent's children it is, from 1; 0: the root. */
  readonly place: number;
  /** Children that it has made. */
  made: number;
  /** Parent as the kernel sees it now; undefined once re-parented to init. Set by `reparent`. */
  realParent: Process | undefined;
  /** Those whose `realParent` this is and that have not ended. */
  readonly children: Set<Process>;
  readonly threads: Set<Task>;
  /** undefined until the root's first exec. */
  image: Image | undefined;
  /** Forked, not yet executed anything. */
  forked: boolean;
  recordedNamespaces: Namespaces | undefined;
  recordedCapabilities: Readonly<Record<'Effective' | 'Inheritable' | 'Permitted', bigint>> | undefined;
  /** Why they may be others. */
  recordedDoubt: string | undefined;
  /** Pid in its own pid namespace; 0 in the host's. */
  nsPid: number;
  inInitTree: boolean;
  /** First process of a pid namespace. */
  namespaceInit: boolean;
  fate: Fate | undefined;
  /** Why its course is not known to be the recorded one: an action changed it, or that of something it depends on. */
  diverged: Cause | undefined;
  /** Why it ended otherwise than recorded: what the trace still says of it is void. */
  endedEarly: Cause | undefined;
  /** Children whose end is not, or not surely, the recorded one, and who were not yet waited for. */
  readonly changedChildren: Map<number, Cause>;
  /** Memory that it may share with others: what was mapped; undefined: none. */
  sharedMemory: Set<OpenFile | ByteString> | undefined;
  /** Texts that the kernel read for it in this image: their pages are there. Of a fork none of its forker's are. */
  readTexts: Set<ByteString>;
  /** Files that it took a lock on, by path; undefined: none. */
  lockedFiles: Set<ByteString> | undefined;
  handlers: Map<number, 'ignore' | 'handle'>;
  /** Signals whose handler was set with SA_RESTART. */
  restarts: Set<number>;
  exitCode: number | undefined;
  memory: Memory;
}

/** Of its address space, which processes may share (CLONE_VM). */
export interface Memory {
  /** Others of its ids may look at it, for all that it shows (SUID_DUMP_USER); undefined: that is not known. */
  dumpable: boolean | undefined;
}

/** What is told of a process in the end: all that is kept of one that has ended. */
export interface ProcessRecord {
  readonly number: number;
  readonly parent: number | undefined;
  readonly pid: number;
  /** Of its last image; undefined if that ran before the trace. */
  readonly ran: Pick<ProcessFacts, 'binary' | 'args' | 'unknown'> | undefined;
  readonly fate: Fate | undefined;
  readonly diverged: Cause | undefined;
}

/** The process gets another parent; undefined: that is init. */
export function reparent(process: Process, parent: Process | undefined): void {
  process.realParent?.children.delete(process);
  process.realParent = parent;
  parent?.children.add(process);
}

const pick = ({ binary, args, unknown }: ProcessFacts): ProcessRecord['ran'] => ({ binary, args, unknown });

export function recordOf({ number, parent, pid, image, fate, diverged }: Process): ProcessRecord {
  const ran = image?.process && pick(image.facts);
  return { number, parent: parent?.number, pid, ran, fate, diverged };
}

export interface Task {
  readonly tid: number;
  process: Process;
  files: DescriptorTable;
  fs: FsContext;
  cred: Credentials;
  namespaces: Namespaces;
  /** Name of the thread, at most 15 bytes. */
  comm: ByteString;
  alive: boolean;
  /** The trace has lines of it. */
  seen: boolean;
  /** First half of an interrupted call. */
  pending:
    | {
        readonly name: string;
        readonly args: Uint8Array;
        readonly line: number;
        readonly start: Instant;
        /** strace was detached in it. */
        readonly detached: boolean;
      }
    | undefined;
  /** The thread whose execve this one, the first of its process, goes on with: the kernel made it the first. */
  superseded: Task | undefined;
  /** Effects of NotifyEnforcer that wait for the enforcer's hook. */
  enforcement: { readonly error: number; readonly signal: number } | undefined;
}

/** Who begins the execve that the task goes on with. */
export const executor = (task: Task): Task => task.superseded ?? task;

/** Resolved path of what an image was executed from; undefined where it is not known. */
export function knownBinary(image: Image | undefined): ByteString | undefined {
  const binary = image?.binary;
  return typeof binary === 'string' ? binary : undefined;
}
