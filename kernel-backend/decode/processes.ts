/** The processes of a step as its records tell of them: images, their parents, and how each process ended. */
import type { NamespaceName } from '../../core/plan/plan.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { ProcessFacts } from '../../core/events/facts.ts';
import { launcherFacts } from '../../core/events/launcher.ts';
import { execFacts, forkFacts } from '../../core/events/process-facts.ts';
import { signalName } from '../../core/names/signals.ts';
import type { Fate } from '../../core/backend/outcome.ts';
import { concat, textOf } from '../encode/bytes.ts';
import { namespaceNames } from '../../core/names/namespaces.ts';
import { credentialsOf } from './credentials.ts';
import type { KernelRecord, RecordHead } from './records.ts';

export interface TrackedProcess {
  /** By order of creation within the step; the root is 0. */
  readonly number: number;
  readonly pid: number;
  readonly parent: number | undefined;
  /** Of the last image. */
  facts: ProcessFacts;
  forked: boolean;
  fate: Fate;
}

export interface ProcessWorld {
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
  /** The process that the launcher becomes the step's command in. */
  readonly root: { readonly pid: number; readonly uid: number };
  /** The machine's first process: parent of what outlives its own. */
  readonly init: ProcessFacts;
}

/** As long as nobody waits for a page of the program, what lies in one that is not there cannot be read. */
const argsCut = 'not all of its arguments were in memory when the kernel had executed it';

type Exec = Extract<KernelRecord, { kind: 'exec' }>;

export class Processes {
  readonly all: TrackedProcess[] = [];
  readonly #world: ProcessWorld;
  readonly #byPid = new Map<number, TrackedProcess>();
  readonly #args = new Map<number, Uint8Array[]>();

  constructor(world: ProcessWorld) {
    this.#world = world;
  }

  /** Pieces of argv come ahead of the exec that they belong to. */
  addArgs(head: RecordHead, bytes: Uint8Array): void {
    const pieces = this.#args.get(head.pid);
    if (pieces === undefined) this.#args.set(head.pid, [bytes]);
    else pieces.push(bytes);
  }

  addExec(exec: Exec): TrackedProcess {
    const { head } = exec;
    const known = this.#byPid.get(head.pid);
    const facts = this.#factsOf(exec, known, this.#takeArgs(head.pid));
    if (known !== undefined) {
      known.facts = facts;
      known.forked = false;
      return known;
    }
    return this.#add(head.pid, facts, undefined, false);
  }

  addFork(head: RecordHead): TrackedProcess {
    const forker = this.#byPid.get(head.parent);
    const from = forker?.facts ?? this.#launcher();
    const facts = forkFacts(from, { pid: head.pid, tid: head.pid, startNs: head.start_ns });
    return this.#add(head.pid, facts, forker?.number, true);
  }

  /** `code` is a wait status. */
  addExit(head: RecordHead, code: number): TrackedProcess | undefined {
    const process = this.at(head);
    if (process === undefined || !this.#byPid.has(head.pid)) return undefined;
    process.fate = fateOf(code);
    this.#byPid.delete(head.pid);
    return process;
  }

  /** The process that a record is attributed to. The root is known before its exec: what it meets there is of the step. */
  at({ pid, start_ns }: Pick<RecordHead, 'pid' | 'start_ns'>): TrackedProcess | undefined {
    const [root] = this.all;
    if (root === undefined && pid === this.#world.root.pid)
      return this.#add(pid, this.#launcher(start_ns), undefined, false);
    return this.#byPid.get(pid) ?? this.all.findLast((process) => process.pid === pid);
  }

  #launcher(startNs = 0n): ProcessFacts {
    return launcherFacts({ ...this.#world.root, startNs });
  }

  #add(pid: number, facts: ProcessFacts, parent: number | undefined, forked: boolean): TrackedProcess {
    const process: TrackedProcess = {
      number: this.all.length,
      pid,
      parent,
      facts,
      forked,
      fate: { kind: 'running' },
    };
    this.all.push(process);
    this.#byPid.set(pid, process);
    return process;
  }

  #takeArgs(pid: number): ByteString[] {
    const text = textOf(concat(this.#args.get(pid) ?? []));
    this.#args.delete(pid);
    const words = text.split('\0');
    // Each word ends with a NUL, so that there is an empty one behind the last.
    words.pop();
    return words.slice(1);
  }

  #factsOf(exec: Exec, known: TrackedProcess | undefined, args: ByteString[]): ProcessFacts {
    const { head, creds } = exec;
    const fromFork = head.from_fork !== 0;
    // One that is too long to be told is not the root.
    const cwd = exec.cwd === '' && exec.cwd_unresolved === 0 ? '/' : exec.cwd;
    const { hostNamespaces } = this.#world;
    return execFacts({
      pid: head.pid,
      tid: head.tid,
      auid: exec.auid,
      cwd,
      binary: absolute(cwd, exec.binary),
      args,
      ...(exec.args_cut !== 0 && { unknown: { args: argsCut } }),
      forked: fromFork,
      startNs: head.start_ns,
      namespaces: Object.fromEntries(
        namespaceNames.map((name, i) => [name, exec.namespaces[i] ?? 0]),
      ) as Record<NamespaceName, number>,
      hostNamespaces,
      credentials: credentialsOf(creds, hostNamespaces.User),
      before: exec.old_known === 0 ? undefined : { euid: exec.old_euid, egid: exec.old_egid },
      unlinked: exec.exe_links === 0 ? exec.exe_inode : undefined,
      inInitTree: exec.ns_pid > 0,
      parent: this.#parentOf(head, known, fromFork),
    });
  }

  /** An exec without fork has the image before as parent; one in a fork the forker, unless that is gone. */
  #parentOf(head: RecordHead, known: TrackedProcess | undefined, fromFork: boolean): ProcessFacts {
    if (known === undefined) return { ...this.#launcher(), pid: head.pid, tid: head.pid };
    if (!fromFork) return known.facts;
    const { parent } = known.facts;
    if (parent !== undefined && parent.pid === head.parent) return parent;
    return this.#byPid.get(head.parent)?.facts ?? this.#world.init;
  }
}

/** Relative to a folder that nobody knows a path stays as it is. */
function absolute(cwd: ByteString, path: ByteString): ByteString {
  if (cwd === '' && !path.startsWith('/')) return path.replace(/^(\.\/+)+/, '');
  return cleanPath(joinPath(cwd, path));
}

/** Of a wait status. */
export function fateOf(status: number): Fate {
  const signal = status & 0x7f;
  return signal === 0
    ? { kind: 'exited', code: (status >> 8) & 0xff }
    : { kind: 'killed', signal: signalName(signal) };
}
