/**
 * Courses of processes that are not the recorded ones, and what hangs on them. From an action on, something is known only
 * if no chain leads from the action to it: by what a process that was ended would have done, or a process that went
 * another way did, and who uses that.
 */
import type { ByteString } from '../../core/values/value.ts';
import { signalName } from '../../core/names/signals.ts';
import { fromBytes } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { Cause } from '../machine/cause.ts';
import type { OpenFile, SocketState } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import { nearest } from '../machine/paths.ts';
import type { Process, Task } from '../machine/task.ts';
import { readDescriptor } from '../trace/annotation.ts';
import { annotationEnd } from '../trace/text.ts';
import { isTerminal } from '../syscalls/data-flow.ts';
import { rowOf, signatureOf } from '../syscalls/index.ts';
import type { SyscallRow } from '../syscalls/row.ts';
import { ChangedPaths } from './changed-paths.ts';
import { addressed, addressedPath, channelsOf, ownAddress, peerAddress } from './channels.ts';
import { usesOwnOffset } from './data-moved.ts';
import type { Gathered } from './gathered.ts';
import { maySignal, wordsOf } from './unrecorded.ts';

const sigchld = 17;
const pathArguments = ['path', 'newpath'];

/** How the lines at hand are meant: as what did not happen, or as what is only assumed to have happened. */
export type Doing = 'would have' | 'has';

export class Courses {
  /** Some process's course is not the recorded one, or an earlier step's was not. */
  any: boolean;
  readonly paths = new ChangedPaths();
  /** Processes that an action ended, by the pids of their tasks, while the trace goes on with them. */
  readonly ended = new Map<number, Cause>();
  /** State that a process changed which went another way: what is known of it was only recorded. */
  readonly doubts = new Map<ByteString, Cause>();
  /** Pipes and sockets: data and room in them. */
  private readonly data = new Map<string, Cause>();
  private readonly room = new Map<string, Cause>();
  /** Addresses that somebody would have reached, and those where nobody listens any more. */
  private readonly reached = new Map<string, Cause>();
  private readonly gone = new Map<string, Cause>();
  /** Pipes that nobody reads, or writes, any more. */
  readonly unread = new Map<string, Cause>();
  readonly unwritten = new Map<string, Cause>();
  private readonly locks = new Map<ByteString, Cause>();
  /** Open files that are shared: their offset, or what they count. */
  private readonly shared = new WeakMap<OpenFile, Cause>();
  /** More was changed than is kept: nothing that others use is known any more. */
  private flood: Cause | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly record: Gathered,
    /** What earlier steps left otherwise than recorded. */
    private readonly before: ChangedPaths,
  ) {
    this.paths.takeOver(before, (cause) => cause);
    this.any = before.any;
  }

  /** Calls by which the course of one process reaches, or is reached by, that of another. */
  static concerns(name: string): boolean {
    const row = rowOf(name);
    if (row === undefined) return false;
    const signature = signatureOf(name);
    return (
      row.data !== undefined ||
      row.looksAt !== undefined ||
      row.lists !== undefined ||
      row.polls === true ||
      row.signals !== undefined ||
      signature.has('path') ||
      signature.has('addr')
    );
  }

  /** Those of them that are looked at before any action, too. */
  static prepares(name: string): boolean {
    const row = rowOf(name);
    return row?.locks !== undefined || row?.sharesMemory !== undefined || row?.waitsFor !== undefined;
  }

  /** The process does not surely go on as recorded. */
  diverge(process: Process, cause: Cause): void {
    if (process.diverged !== undefined || process.fate !== undefined) return;
    process.diverged = cause;
    this.any = true;
    const held = new Cause(`after which ${nameOf(process)} may use what it has open in another way`, cause);
    for (const { files } of process.threads)
      for (const [, file] of files.entries()) this.holds(file, cause, held);
    this.sharers(process, cause);
    this.goesItsWay(process, cause);
  }

  /** What no line of the trace shows of the process, which may do anything now. */
  private goesItsWay(process: Process, cause: Cause): void {
    const [task] = process.threads;
    if (task === undefined) return;
    const words = wordsOf(process, this.machine);
    this.paths.unrecorded.add(nameOf(process), cause, task.cred, task.fs.cwd, words);
    const whom = maySignal(process, words);
    const others = whom === 'anybody' ? this.machine.processes : whom === 'children' ? process.children : [];
    for (const other of [...others])
      if (other !== process)
        this.diverge(other, new Cause(`which may send ${nameOf(other)} a signal`, cause));
  }

  /** What a process that went another way has open may get other data. */
  private holds(file: OpenFile, cause: Cause, held: Cause): void {
    const writes = (file.flags & 3) !== 0;
    if (file.standard !== undefined) {
      this.record.outputAssumed(file.standard, restsOn(divergedOutput, cause));
    }
    for (const channel of channelsOf(file)) {
      this.set(this.data, channel, held);
      if (file.kind !== 'pipe' || !writes) this.set(this.room, channel, held);
    }
    if (file.socket !== undefined) this.leaves(file.socket, held);
    if (file.kind === 'file' && writes && file.standard === undefined && !file.deleted) {
      this.paths.add(file.path, held);
      this.set(this.doubts, file.path, held);
    }
    if (file.kind === 'anon') this.share(file, held);
  }

  private share(file: OpenFile, cause: Cause): void {
    if (file.references > 0 && !this.shared.has(file)) this.shared.set(file, cause);
  }

  private sharers(process: Process, cause: Cause): void {
    const { sharedMemory } = process;
    if (sharedMemory === undefined) return;
    for (const other of [...this.machine.processes]) {
      if (other === process || other.sharedMemory === undefined) continue;
      if (![...other.sharedMemory].some((memory) => sharedMemory.has(memory))) continue;
      this.diverge(other, new Cause(`with which ${nameOf(other)} shares memory`, cause));
    }
  }

  /** An action ended the process: before its descriptors are closed. */
  died(process: Process, cause: Cause): void {
    this.any = true;
    for (const task of process.threads) this.ended.set(task.tid, cause);
    for (const path of process.lockedFiles ?? []) this.set(this.locks, path, cause);
    this.sharers(process, cause);
  }

  /** The last descriptors of these files went with it. */
  released(files: readonly OpenFile[], cause: Cause): void {
    for (const file of files) {
      const { kind, pipe, flags, socket } = file;
      if (kind === 'pipe' && pipe !== undefined) (flags & 3 ? this.unwritten : this.unread).set(pipe, cause);
      if (socket !== undefined) {
        for (const channel of channelsOf(file)) {
          this.set(this.data, channel, cause);
          this.set(this.room, channel, cause);
        }
        this.leaves(socket, cause);
      }
      if (kind === 'file' && this.isFifo(file.path)) this.paths.add(file.path, cause);
    }
  }

  /** Nobody, or not surely anybody, takes what is sent to the socket's own address. */
  private leaves(socket: SocketState, cause: Cause): void {
    const address = ownAddress(socket);
    const connected = peerAddress(socket) !== undefined;
    if (address !== undefined && !connected) this.set(this.gone, address, cause);
  }

  /** The process ended, in a way that is not, or not surely, the recorded one: its parent will learn of it. */
  ends(process: Process, parent: Process | undefined, cause: Cause): void {
    if (parent === undefined || parent.fate !== undefined || parent.diverged !== undefined) return;
    parent.changedChildren.set(process.pid, cause);
    if (parent.handlers.get(sigchld) === 'handle')
      this.diverge(parent, new Cause(`of whose end ${nameOf(parent)} gets a signal`, cause));
  }

  /** What the call maps and locks, which others may depend on later. */
  note(call: Call): void {
    const row = rowOf(call.name);
    const { process } = call.task;
    if (row?.sharesMemory?.test(call, this.machine) === true) {
      const file = call.has('fd') ? this.machine.fileAt(call, 'fd') : undefined;
      // Without a file only a child that is made later can share it.
      const memory =
        file === undefined ? (call.has('fd') ? `line ${call.line}` : `shm ${call.arg('shmid')}`) : file;
      const named = file?.kind === 'file' && file.path !== '' ? file.path : memory;
      (process.sharedMemory ??= new Set()).add(named);
    }
    if (row?.locks?.test(call, this.machine) === true && call.ok) {
      const path = this.machine.fileAt(call, 'fd')?.path;
      if (path !== undefined && path !== '') (process.lockedFiles ??= new Set()).add(path);
    }
  }

  /** The call reaches others: it did not take effect, or what it did is only assumed. */
  spread(call: Call, doing: Doing, from: Cause): void {
    const row = rowOf(call.name);
    if (row === undefined) return;
    if (call.errno === undefined) this.reach(call, row, doing, from);
    if (doing === 'has') this.doubtNames(call, from);
  }

  private reach(call: Call, row: SyscallRow, doing: Doing, from: Cause): void {
    this.any = true;
    const cause = (what: string): Cause => new Cause(`which ${doing} ${what} (line ${call.line})`, from);
    this.changes(call, row, doing, cause);
    this.moves(call, row, doing, cause);
    const address = addressed(call.address('addr'));
    const reaches = row.reaches !== undefined || row.data?.to !== undefined;
    if (address !== undefined && reaches) this.set(this.reached, address, cause('reached its address'));
    if (row.locks?.test(call, this.machine) === true) {
      const path = this.machine.fileAt(call, 'fd')?.path;
      if (path !== undefined) this.set(this.locks, path, cause(`locked or unlocked ${shown(path)}`));
    }
    const target = row.signals?.(call);
    const signal = call.int('sig') ?? 0;
    if (target !== undefined && signal !== 0)
      this.signals(call.task.process, target, cause('sent it a signal'));
  }

  /** What a process learns of a changed path that went another way itself was only recorded. */
  private doubtNames(call: Call, cause: Cause): void {
    if (!this.paths.any) return;
    for (const path of this.pathsOf(call))
      if (this.paths.at(path) !== undefined) this.set(this.doubts, path, cause);
  }

  /** Why the state of a file is not known. */
  doubtOf(path: ByteString): Cause | undefined {
    return nearest(this.doubts, path) ?? this.before.at(path) ?? this.paths.unrecorded.at(path) ?? this.flood;
  }

  private changes(call: Call, row: SyscallRow, doing: Doing, cause: (what: string) => Cause): void {
    const names = row.changesNames?.test(call, this.machine) ?? false;
    const opens = row.reshapes?.some(({ kind }) => kind === 'opened') === true;
    // What cannot be told may well be.
    const paths = names === false ? [] : this.pathsOf(call);
    const fifos = opens ? this.pathsOf(call).filter((path) => this.isFifo(path)) : [];
    for (const path of [...paths, ...fifos]) {
      const why = cause(`changed ${shown(path)}`);
      this.paths.addName(path, why);
      if (doing === 'has') this.set(this.doubts, path, why);
    }
    for (const reshaping of row.reshapes ?? []) {
      const { kind } = reshaping;
      const argument =
        kind === 'obscured' || kind === 'sought' ? reshaping.file : kind === 'resized' ? 'fd' : undefined;
      const file = argument === undefined ? undefined : this.machine.fileAt(call, argument);
      if (file === undefined) continue;
      if (kind === 'sought') this.share(file, cause('moved the offset of the same open file'));
      else if (kind !== 'obscured' || reshaping.when.test(call, this.machine) !== false)
        this.writes(file, doing, cause);
    }
  }

  private set<K>(map: Map<K, Cause>, key: K, cause: Cause): void {
    if (map.has(key)) return;
    if (map.size < mostKept) map.set(key, cause);
    else this.flood ??= cause;
  }

  private isFifo(path: ByteString): boolean {
    return ((this.machine.inodes.knownMode(path) ?? 0) & fileType.mask) === fileType.fifo;
  }

  private writes(file: OpenFile, doing: Doing, cause: (what: string) => Cause): void {
    if (file.kind !== 'file' || file.path === '') return;
    if (this.paths.has(file.path) && (doing === 'would have' || this.doubts.has(file.path))) return;
    const why = cause(`written ${shown(file.path)}`);
    this.paths.add(file.path, why);
    if (doing === 'has') this.set(this.doubts, file.path, why);
  }

  private moves(call: Call, { data }: SyscallRow, doing: Doing, cause: (what: string) => Cause): void {
    const to = data?.to === undefined ? undefined : this.machine.fileAt(call, data.to);
    const from = data?.from === undefined ? undefined : this.machine.fileAt(call, data.from);
    if (to !== undefined) {
      this.writes(to, doing, cause);
      for (const channel of channelsOf(to))
        this.set(this.data, channel, cause(`written to ${channelWords(to)}`));
      if (counts(to) && usesOwnOffset(call, data?.toOffset))
        this.share(to, cause('written through the same open file'));
    }
    if (from === undefined) return;
    for (const channel of channelsOf(from)) {
      const why = cause(`read from ${channelWords(from)}`);
      this.set(this.data, channel, why);
      this.set(this.room, channel, why);
    }
    if (counts(from) && usesOwnOffset(call, data?.fromOffset))
      this.share(from, cause('read through the same open file'));
  }

  private signals(sender: Process, target: number, cause: Cause): void {
    if (target > 0) {
      const process = this.machine.tasks.get(target)?.process;
      if (process !== undefined && process !== sender) this.diverge(process, cause);
      return;
    }
    const group = target < -1 ? this.machine.tasks.get(-target)?.process : undefined;
    for (const process of [...this.machine.processes]) {
      const inGroup = target >= -1 || (group !== undefined && descends(process, group));
      if (process !== sender && inGroup) this.diverge(process, cause);
    }
  }

  /** Why what a live process's call returns is not, or not surely, what was recorded. */
  met(call: Call): Cause | undefined {
    if (!this.any) return undefined;
    const row = rowOf(call.name);
    if (row === undefined) return undefined;
    const of = nameOf(call.task.process);
    const at = `at line ${call.line}`;
    const link = (what: string, from: Cause | undefined): Cause | undefined =>
      from === undefined ? undefined : new Cause(`which ${of} ${what} ${at}`, from);
    return (
      link('waits for', this.metChild(call, row)) ??
      link('meets', this.metPath(call)) ??
      link('reads', this.metData(call, row)) ??
      link('asks for', this.metSignal(call, row)) ??
      this.flood
    );
  }

  private metChild(call: Call, row: SyscallRow): Cause | undefined {
    const { changedChildren } = call.task.process;
    if (row.waitsFor === undefined || changedChildren.size === 0) return undefined;
    const pids = row.waitsFor(call);
    if (pids === 'any') return changedChildren.values().next().value;
    return pids.map((pid) => changedChildren.get(pid)).find((cause) => cause !== undefined);
  }

  private metPath(call: Call): Cause | undefined {
    for (const path of this.pathsOf(call)) {
      const cause = this.paths.at(path) ?? this.endedAt(path);
      if (cause !== undefined) return cause;
    }
    return undefined;
  }

  /** What /proc shows of a process that has ended. */
  private endedAt(path: ByteString): Cause | undefined {
    const pid = /^\/proc\/(\d+)(?:\/|$)/.exec(path)?.[1];
    return pid === undefined ? undefined : this.ended.get(Number(pid));
  }

  private metData(call: Call, row: SyscallRow): Cause | undefined {
    const { machine } = this;
    const { from, to } = row.data ?? {};
    for (const argument of [from, row.looksAt]) {
      const file = argument === undefined ? undefined : machine.fileAt(call, argument);
      const cause = file && this.contentsOf(file);
      if (cause !== undefined) return cause;
    }
    const sink = to === undefined ? undefined : machine.fileAt(call, to);
    for (const channel of sink === undefined ? [] : channelsOf(sink)) {
      const cause = this.room.get(channel);
      if (cause !== undefined) return cause;
    }
    const address = addressed(call.address('addr'));
    const left = address === undefined ? undefined : this.gone.get(address);
    if (left !== undefined) return left;
    if (row.lists !== undefined) {
      const path = call.descriptor(row.lists)
        ? machine.fileAt(call, row.lists)?.path
        : machine.pathAt(call, row.lists);
      const cause = path === undefined ? undefined : this.paths.entriesOf(path);
      if (cause !== undefined) return cause;
    }
    if (row.locks?.test(call, machine) === true) {
      const path = machine.fileAt(call, 'fd')?.path;
      if (path !== undefined) return this.locks.get(path);
    }
    return row.polls === true ? this.metAny(call) : undefined;
  }

  private contentsOf(file: OpenFile): Cause | undefined {
    if (file.pipe !== undefined) {
      const gone = this.unwritten.get(file.pipe);
      if (gone !== undefined) return gone;
    }
    for (const channel of channelsOf(file)) {
      const cause = this.data.get(channel);
      if (cause !== undefined) return cause;
    }
    const { socket } = file;
    if (socket !== undefined) {
      const [own, peer] = [ownAddress(socket), peerAddress(socket)];
      // Whoever goes its own way may have connected to it.
      const anybody = own !== undefined && peer === undefined ? this.paths.unrecorded.cause : undefined;
      const cause = this.reached.get(own ?? '') ?? this.gone.get(peer ?? '') ?? anybody;
      if (cause !== undefined) return cause;
    }
    const shared = this.shared.get(file);
    if (shared !== undefined && !isSteady(file)) return shared;
    return file.kind === 'file' ? this.paths.at(file.path) : undefined;
  }

  /** Descriptors anywhere in the arguments. */
  private metAny(call: Call): Cause | undefined {
    const { text } = call;
    for (const match of text.matchAll(/\b\d+(?=<)/g)) {
      const end = annotationEnd(text, match.index + match[0].length);
      const descriptor = readDescriptor(text.slice(match.index, end < 0 ? undefined : end));
      const pid = descriptor?.target?.kind === 'pid' ? Number(descriptor.target.text) : undefined;
      const file = this.machine.fileOf(call.task, descriptor);
      const cause =
        (pid === undefined
          ? undefined
          : (this.ended.get(pid) ?? call.task.process.changedChildren.get(pid))) ??
        (file && this.contentsOf(file));
      if (cause !== undefined) return cause;
    }
    return undefined;
  }

  private metSignal(call: Call, row: SyscallRow): Cause | undefined {
    const target = row.signals?.(call);
    return target === undefined ? undefined : this.ended.get(Math.abs(target));
  }

  private pathsOf(call: Call): ByteString[] {
    const { machine } = this;
    const named = pathArguments
      .map((argument) => (call.has(argument) ? machine.pathAt(call, argument) : undefined))
      .filter((path) => path !== undefined);
    const address = call.has('addr') ? addressedPath(call.address('addr')) : undefined;
    const at = address === undefined ? undefined : machine.fromCwd(call.task, address);
    if (at !== undefined) named.push(at);
    // Calls that change what is behind a descriptor, or behind a path that is NULL.
    const { changesNames } = rowOf(call.name) ?? {};
    if (named.length === 0 && changesNames !== undefined && !call.has('addr')) {
      const path = machine.fileAt(call, call.has('fd') ? 'fd' : 'dirfd')?.path;
      if (path !== undefined && path !== '') named.push(path);
    }
    return named;
  }
}

/** It has an offset or a counter, which all that share it see. */
const counts = ({ kind }: OpenFile): boolean => kind === 'anon' || kind === 'file' || kind === 'memory';

/** Reading it changes nothing for others. */
const isSteady = (file: OpenFile): boolean =>
  file.kind === 'file' && file.path.startsWith('/dev/') && !isTerminal(file);

const shown = (path: ByteString): string => fromBytes(path);
const channelWords = (file: OpenFile): string => (file.kind === 'pipe' ? 'a pipe' : 'a socket');

/** A task's name, as the kernel has it. */
export const nameOf = (process: Process): string => {
  const [task] = process.threads;
  return commOf(task) ?? 'a process';
};
const commOf = (task: Task | undefined): string | undefined =>
  task === undefined ? undefined : fromBytes(task.comm);

/** What a signal that an action raised in this call did to the process. */
export const killed = (process: Process, signal: number, call: Call, from = process.diverged): Cause =>
  new Cause(
    `${nameOf(process)} was killed${signal === 9 ? '' : ` by ${signalName(signal)}`} at line ${call.line}`,
    from,
  );

export const divergedOutput = 'what a process writes after its course was changed is not in the trace';

/** Why something is not known, with the chain. */
export const restsOn = (why: string, cause: Cause): string => `${why} (rests on: ${cause.text})`;

/** Of more than so many of a kind it is taken that they may be any. */
const mostKept = 65_536;

function descends(process: Process, from: Process): boolean {
  for (let at: Process | undefined = process; at; at = at.parent) if (at === from) return true;
  return false;
}
