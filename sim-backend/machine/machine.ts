/** The machine: all state that a replay keeps, and the questions that the kernel model asks it. */
import type { WorkloadView } from '../../core/engine/hit.ts';
import type { ByteString } from '../../core/values/value.ts';
import { launcherName } from '../../core/events/launcher.ts';
import type { Given } from '../../core/backend/request.ts';
import type { DescriptorText, Target } from '../trace/annotation.ts';
import type { Call } from './call.ts';
import { doubtOf } from './credential-doubts.ts';
import type { Credentials } from './credentials.ts';
import { Foresight, type Foretold } from './foresight.ts';
import { DescriptorTable, isMemory, newFile, type OpenFile, type SocketState } from './file.ts';
import { Inodes, fileType, type Mode } from './inodes.ts';
import { Links } from './links.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import { ResolvedPaths } from './resolved-paths.ts';
import { belowRoot, isBelow, parentPath } from './paths.ts';
import { openSocket, updateSocket } from './sockets.ts';
import type { Mount, Start, StartFile } from './start.ts';
import { knownBinary, type Process, type ProcessRecord, recordOf, reparent, type Task } from './task.ts';
import { isUsuallyPlain } from './usual-places.ts';

/** What is known of the machine beside its start. */
export interface GivenMachine {
  readonly files: readonly {
    readonly path: ByteString;
    /** Permission bits. */
    readonly mode: number;
    readonly content?: Uint8Array;
    /** It belongs to another than the account of the steps. */
    readonly owner?: string | number;
  }[];
  readonly dirs: readonly { readonly path: ByteString; readonly mode: number }[];
  readonly symlinks: readonly { readonly path: ByteString; readonly target: ByteString }[];
  /** Commands of the scenario, run before the first step, may have changed their modes: the start tells those. */
  readonly commandsRan: boolean;
  /** They are as they were made for the account of the steps. */
  readonly untouched: boolean;
  readonly workload: Given['workload'] | undefined;
}

/** Where a path leads. */
export interface Resolution extends Doubts {
  /** Absolute, from strace's root. */
  readonly path: ByteString;
}

interface Doubts {
  /** First name on the way that was looked at, or led elsewhere, and yet is not known to be a link or to be none. */
  unproven?: ByteString;
  /** First name on the way of which nothing tells whether it is a link. */
  unseen?: ByteString;
}

/** How to get to know what a trace lacks. */
const cure = 'record it again, or state it under facts.files of the start snapshot';

/** Why a path leads nobody knows where. */
export const linkUnknown = (path: ByteString): string =>
  `neither the recording nor the trace tells whether ${path} is a symbolic link: ${cure}`;

/** Why a file may be another than the named one. */
export const linkUnseen = (path: ByteString): string =>
  `the trace does not show whether ${path} is a symbolic link, and so where it leads (record with strace -y, or state it under facts of the start snapshot)`;

/** Why it is not known where a relative path leads. */
export const cwdUnknown =
  'the trace does not show in which directory the program runs (record with strace -yy, or give a start snapshot with its cwd)';

const pivoted = 'what is mounted where is not known after pivot_root';

/** What d_path puts behind a name that is gone. */
export const deletedMark = ' (deleted)';

/** AT_FDCWD */
const atCwd = -100;

/** Why it is not known what an executed file is. */
export const formUnknown = (path: ByteString): string =>
  `neither the recording nor the trace tells whether ${path} is a script: ${cure}`;

/** From strace's root. */
const absolute = (task: Task, base: ByteString, path: ByteString): ByteString =>
  path.startsWith('/') ? (task.fs.root === '/' ? path : task.fs.root + path) : joinPath(base, path);

/** Whose the files are that were made for a program with these credentials; undefined: nothing tells whose they are. */
const makerOf = (cred: Credentials): { readonly uid: number; readonly gid: number } | undefined =>
  doubtOf(cred, 'uid', 'gid') === undefined ? { uid: cred.uid, gid: cred.gid } : undefined;

/** How a file with this content is executed. */
function howExecuted(content: Uint8Array): Partial<Pick<StartFile, 'interpreter' | 'loader'>> {
  const head = String.fromCharCode(...content.subarray(0, 256));
  if (head.startsWith('\x7fELF')) return { interpreter: null };
  const line = head.startsWith('#!') ? (head.slice(2).split('\n', 1)[0] ?? '').trim() : '';
  return { interpreter: line === '' ? null : line, loader: null };
}

export class Machine {
  readonly tasks = new Map<number, Task>();
  /** Those that have not ended. */
  readonly processes = new Set<Process>();
  private readonly ended: ProcessRecord[] = [];
  private made = 0;
  /** The time of the line that is replayed may be off by less than so much. */
  clockStepNs = 0n;
  readonly links = new Links();
  readonly foresight: Foresight;
  readonly inodes: Inodes;
  private readonly resolved = new ResolvedPaths();
  /** The path that is followed leads through /proc. */
  private varies = false;
  readonly mounts: Mount[];
  /** Contents of files that the scenario made. */
  readonly givenFiles = new Map<ByteString, Uint8Array>();
  readonly workload: WorkloadView | undefined;
  readonly notes = new Set<string>();
  /** All texts of the policies, as JSON: what programs they may be about. */
  soughtText = (): string => '';
  /** Loopback and local connections that wait to be accepted. */
  readonly waiting: SocketState[] = [];
  private connections = 0;
  /** Told of each name that is walked over, from strace's root. */
  walked: ((path: ByteString) => void) | undefined;
  /** Next made-up inode number of a namespace. */
  private nextNamespace = 4026532200;
  /** Mount namespaces that were made, and whose mounts they began with. */
  readonly mountsFrom = new Map<number, number>();

  /** @param start changes before the first line is replayed, if ever */
  constructor(
    public start: Start,
    given: GivenMachine,
    foretold: (name: string) => Foretold,
  ) {
    this.foresight = new Foresight(this.links, foretold);
    this.inodes = new Inodes(this.foresight);
    this.mounts = [...start.mounts];
    this.workload = given.workload;
    for (const [path, facts] of start.files) this.learn(path, facts);
    if (start.cwd !== undefined) this.links.learnFolders(`${start.cwd}/.`);
    for (const { path, mode: givenMode, content, owner: user } of given.files) {
      if (content !== undefined) this.givenFiles.set(path, content);
      this.inodes.seen(path);
      const form =
        content === undefined ? { interpreter: undefined, loader: undefined } : howExecuted(content);
      const told = this.inodes.owner(path);
      const owner = given.untouched && user === undefined ? (told ?? makerOf(start.cred)) : told;
      // What the recorder saw right before the step counts more than how the file was made.
      const mode = given.commandsRan ? start.files.get(path)?.mode : fileType.regular | givenMode;
      const own = given.untouched || undefined;
      this.inodes.learn(path, { ...(mode !== undefined && { mode }), exists: true, own, ...form, ...owner });
    }
    if (given.untouched) {
      for (const { path, mode } of given.dirs)
        this.inodes.learn(path, { mode: fileType.directory | mode, exists: true });
      for (const { path, target } of given.symlinks) this.links.set(path, target);
    }
  }

  /** Both sockets are ends of one connection. */
  connected(one: SocketState, other: SocketState): void {
    this.connections += 1;
    one.connection = this.connections;
    other.connection = this.connections;
  }

  /** What the start snapshot says of a name. */
  private learn(path: ByteString, { existed, target, mode, uid, gid, ...executed }: StartFile): void {
    // Of what the step made, the recorder saw how it was in the end: that is for where the trace shows less.
    if (existed !== true) this.foresight.noteMade(path, executed);
    if (existed === undefined) return;
    if (!existed) {
      this.inodes.remove(path);
      return;
    }
    if (target === undefined) this.links.remove(path);
    else this.links.set(path, target);
    // Of a file that is no more when the recorder looks, only its name was known.
    const plain = target !== undefined ? false : mode === undefined ? undefined : true;
    this.inodes.learn(path, { exists: true, plain, mode, uid, gid, ...executed });
  }

  /** Something was mounted there, or is no more: nothing is known of what is below. */
  cover(path: ByteString): void {
    this.inodes.cover(path);
    this.links.cover(path);
  }

  /** Another file system is the root of processes: what was known of names is of those that are not among them. */
  pivot(): void {
    this.cover('/');
    this.givenFiles.clear();
    const { start } = this;
    this.start = { ...start, allLinks: false, untold: { ...start.untold, mounts: pivoted } };
  }

  newNamespace(): number {
    this.nextNamespace += 1;
    return this.nextNamespace;
  }

  /** A mount namespace that begins with the mounts of another. */
  copyMounts(from: number): number {
    const made = this.newNamespace();
    this.mountsFrom.set(made, from);
    return made;
  }

  /** The first task, before its first execve. */
  addRoot(tid: number): Task {
    const process = this.newProcess(tid, undefined);
    const files = new DescriptorTable();
    for (const [fd, link] of this.start.descriptors) {
      const file = newFile('file', link, fd === 0 ? 0 : 0o2001);
      if (fd === 1 || fd === 2) file.standard = fd;
      const shared = fd === 2 ? files.get(1) : undefined;
      files.set(fd, shared?.path === link ? shared : file, false);
    }
    for (const fd of [0, 1, 2]) {
      if (files.get(fd)) continue;
      const file = newFile('file', '', fd === 0 ? 0 : 1);
      if (fd !== 0) file.standard = fd === 1 ? 1 : 2;
      file.inherited = true;
      files.set(fd, file, false);
    }
    const task: Task = {
      tid,
      process,
      files,
      fs: {
        cwd: this.start.cwd ?? '/',
        cwdShown: this.start.cwd !== undefined,
        cwdDeleted: false,
        root: this.start.root,
        umask: this.start.umask,
      },
      cred: this.start.cred,
      namespaces: this.start.namespaces,
      comm: launcherName,
      alive: true,
      seen: false,
      pending: undefined,
      superseded: undefined,
      enforcement: undefined,
    };
    process.threads.add(task);
    this.tasks.set(tid, task);
    return task;
  }

  newProcess(pid: number, parent: Process | undefined): Process {
    if (parent) parent.made += 1;
    const process: Process = {
      number: this.made,
      pid,
      parent,
      place: parent?.made ?? 0,
      made: 0,
      realParent: parent,
      children: new Set(),
      threads: new Set(),
      image: parent?.image,
      forked: parent !== undefined,
      recordedNamespaces: parent?.recordedNamespaces,
      recordedCapabilities: parent?.recordedCapabilities,
      recordedDoubt: parent?.recordedDoubt,
      nsPid: 0,
      inInitTree: parent?.inInitTree ?? false,
      namespaceInit: false,
      fate: undefined,
      diverged: parent?.diverged,
      endedEarly: undefined,
      changedChildren: new Map(),
      sharedMemory: parent?.sharedMemory && new Set(parent.sharedMemory),
      readTexts: new Set(),
      lockedFiles: undefined,
      handlers: new Map(parent?.handlers ?? []),
      restarts: new Set(parent?.restarts ?? []),
      exitCode: undefined,
      memory: { dumpable: undefined },
    };
    this.made += 1;
    this.processes.add(process);
    parent?.children.add(process);
    return process;
  }

  /** The open file behind a descriptor argument. */
  fileAt(call: Call, argument: string): OpenFile | undefined {
    return this.fileOf(call.task, call.descriptor(argument));
  }

  /** Absolute path from strace's root that a path argument names; its last component followed as the call does. */
  pathAt(call: Call, argument: string): ByteString | undefined {
    const path = call.path(argument);
    if (path === undefined) return undefined;
    const from = this.directoryOf(call, argument);
    return from === undefined ? undefined : this.resolve(call.task, from, path, call.follows(argument));
  }

  /** A path argument made absolute by its text; undefined where `..` may stand behind a link. */
  named(call: Call, argument: string): ByteString | undefined {
    const path = call.path(argument);
    if (path === undefined || path.split('/').includes('..')) return undefined;
    const from = this.directoryOf(call, argument);
    return from === undefined ? undefined : cleanPath(joinPath(from, path));
  }

  /** Why it is not known where a path argument leads; undefined: `pathAt` is the place. */
  doubtAt(call: Call, argument: string, found = this.resolutionAt(call, argument)): string | undefined {
    if (found === undefined)
      return call.path(argument) !== undefined && this.startsAtCwd(call, argument) ? cwdUnknown : undefined;
    return found.unproven === undefined ? undefined : linkUnknown(found.unproven);
  }

  /** Where a path argument leads; undefined: nothing tells where it starts. */
  resolutionAt(call: Call, argument: string): Resolution | undefined {
    const path = call.path(argument);
    const from = this.directoryOf(call, argument);
    if (path === undefined || from === undefined) return undefined;
    return this.resolution(call.task, from, path, call.follows(argument));
  }

  /** The process has ended, with its fate: its children are init's now, and no more than its record is kept. */
  end(process: Process): void {
    for (const child of process.children) if (!child.fate) reparent(child, undefined);
    process.realParent?.children.delete(process);
    if (this.processes.delete(process)) this.ended.push(recordOf(process));
  }

  /** All processes there have been, by number. */
  records(): ProcessRecord[] {
    return [...this.ended, ...[...this.processes].map(recordOf)].sort((a, b) => a.number - b.number);
  }

  /** Absolute path from strace's root that a path text names, from a directory; links that are known are followed. */
  resolve(task: Task, from: ByteString, path: ByteString, followLast = true): ByteString {
    const base = path.startsWith('/') ? '' : from;
    if (task.fs.root !== '/') return this.follow(task, absolute(task, base, path), followLast, 0, {});
    const known = this.resolved.get(this.links.version, base, path, followLast);
    if (known !== undefined) return known;
    this.varies = false;
    const found = this.follow(task, absolute(task, base, path), followLast, 0, {});
    // What links of /proc lead to depends on the task.
    if (!this.varies) this.resolved.set(base, path, followLast, found);
    return found;
  }

  /** Where a path leads that is looked up from the working directory, as that of a socket's address is. */
  fromCwd(task: Task, path: ByteString): ByteString | undefined {
    return this.resolutionFromCwd(task, path)?.path;
  }

  /** The same, and how sure that is. */
  resolutionFromCwd(task: Task, path: ByteString): Resolution | undefined {
    return path.startsWith('/') || task.fs.cwdShown ? this.resolution(task, task.fs.cwd, path) : undefined;
  }

  /** Where a path leads, and how sure that is. */
  resolution(task: Task, from: ByteString, path: ByteString, followLast = true): Resolution {
    const doubts: Doubts = {};
    const found = this.follow(task, absolute(task, from, path), followLast, 0, doubts);
    return { path: found, ...doubts };
  }

  /** A recorder looked at the name, and could not tell what it was; nor has the trace so far. */
  private isOpen(path: ByteString): boolean {
    return this.start.files.has(path) && !this.inodes.isPlain(path);
  }

  /** Neither the scenario, a recorder nor the trace tells whether the name is a link. */
  private isUnseen(path: ByteString, last: boolean): boolean {
    return !(
      this.start.allLinks ||
      isUsuallyPlain(path, last) ||
      this.inodes.isPlain(path) ||
      this.links.isFolder(path) ||
      this.givenFiles.has(path)
    );
  }

  /** The directory that a path argument starts from, if it is relative; undefined: nothing shows it. */
  directoryOf(call: Call, argument: string): ByteString | undefined {
    const { fs } = call.task;
    if (call.path(argument)?.startsWith('/') !== false) return fs.cwd;
    const directory = call.directory(argument);
    if (directory && directory.fd !== atCwd) return this.fileOf(call.task, directory)?.path;
    if (directory?.target?.kind === 'path') {
      const shown = directory.target.text.replace(/ \(deleted\)$/, '');
      // The program entered it by a name that led elsewhere.
      if (!directory.target.deleted) this.links.learnFolders(`${shown}/.`);
      if (directory.fd === atCwd && fs.cwdUnseen !== undefined)
        Object.assign(fs, { cwd: shown, cwdUnseen: undefined });
      return shown;
    }
    return fs.cwdShown ? fs.cwd : undefined;
  }

  private startsAtCwd(call: Call, argument: string): boolean {
    const { fd = atCwd } = call.directory(argument) ?? {};
    return fd === atCwd;
  }

  private follow(
    task: Task,
    path: ByteString,
    followLast: boolean,
    depth: number,
    doubts: Doubts,
  ): ByteString {
    let at: ByteString = '/';
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    for (const [index, part] of parts.entries()) {
      if (part === '..') {
        if (at !== task.fs.root) at = parentPath(at);
        continue;
      }
      const next = at === '/' ? `/${part}` : `${at}/${part}`;
      const last = index === parts.length - 1;
      const target = last && !followLast ? undefined : this.linkTarget(task, next);
      this.walked?.(next);
      if (target === undefined || depth > 40) {
        if (
          last && !followLast
            ? this.links.isUndecidedEnd(next)
            : this.isOpen(next) || this.links.isUndecided(next)
        )
          doubts.unproven ??= next;
        else if ((!last || followLast) && this.isUnseen(next, last)) doubts.unseen ??= next;
        at = next;
        continue;
      }
      if (!this.links.isShown(next) && this.isOpen(next)) doubts.unproven ??= next;
      const rest = parts.slice(index + 1).join('/');
      const base =
        target.startsWith('/') && task.fs.root !== '/' && !isBelow(target, task.fs.root) ? task.fs.root : '';
      const whole = base + joinPath(at, target);
      return this.follow(task, rest === '' ? whole : `${whole}/${rest}`, followLast, depth + 1, doubts);
    }
    return at;
  }

  /** Target of a symbolic link, the magic ones of /proc included. */
  linkTarget(task: Task, path: ByteString): ByteString | undefined {
    if (path === '/proc') this.varies = true;
    if (path === '/proc/self') return `/proc/${task.process.pid}`;
    if (path === '/proc/thread-self') return `/proc/${task.process.pid}/task/${task.tid}`;
    const file = this.descriptorAt(path);
    if (file) return file.path === '' ? undefined : file.path + (file.deleted ? deletedMark : '');
    const magic = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(exe|cwd|root)$/.exec(path);
    if (magic) {
      const of = this.tasks.get(Number(magic[1]));
      if (of && magic[2] === 'exe') return knownBinary(of.process.image);
      if (of && magic[2] === 'cwd') return of.fs.cwdShown ? of.fs.cwd : undefined;
      if (of && magic[2] === 'root') return of.fs.root;
    }
    return this.links.target(path);
  }

  /** The open file that a link in /proc/PID/fd leads to; undefined: the path is none, or nothing is known of it. */
  descriptorAt(path: ByteString): OpenFile | undefined {
    const link = /^\/proc\/(\d+)\/(?:task\/\d+\/)?fd\/(\d+)$/.exec(path);
    return link ? this.tasks.get(Number(link[1]))?.files.get(Number(link[2])) : undefined;
  }

  /** The open file behind a descriptor; what the annotation shows is taken over. */
  fileOf(task: Task, descriptor: DescriptorText | undefined): OpenFile | undefined {
    if (!descriptor) return undefined;
    const { fd, target } = descriptor;
    if (fd < 0) return undefined;
    let file = task.files.get(fd);
    if (!target) return file;
    if (!file || !this.fits(file, target)) {
      // The trace shows a descriptor that nothing before explained (an inherited one, an unknown call).
      const made = this.fileFrom(target, 0);
      if (file?.standard !== undefined && made.kind === 'file') made.standard = file.standard;
      task.files.set(fd, made, task.files.isCloseOnExec(fd));
      if (made.kind === 'file' && !made.deleted) this.inodes.seen(made.path);
      file = made;
    } else if (task.alive) this.refresh(file, target);
    return file;
  }

  /** A new open file as an annotation shows it. */
  fileFrom(target: Target | undefined, flags: number): OpenFile {
    if (!target) return newFile('file', '', flags);
    switch (target.kind) {
      case 'path': {
        const memory = isMemory(target.text, target.deleted);
        const file = newFile(memory ? 'memory' : 'file', memory ? '' : target.text, flags);
        file.deleted = target.deleted;
        if (memory) {
          file.mode = fileType.regular | 0o777;
          file.memoryName = target.text;
        } else file.type = this.inodes.mode(target.text, target).type;
        return file;
      }
      case 'socket': {
        const file = newFile('socket', '', flags);
        file.socket = openSocket(target);
        return file;
      }
      case 'pipe': {
        const file = newFile('pipe', '', flags);
        file.pipe = target.text;
        return file;
      }
      case 'pid':
        return newFile('pid', '', flags);
      case 'namespace':
        return newFile('namespace', '', flags);
      case 'anon':
      case 'other':
        return newFile('anon', '', flags);
    }
  }

  private fits(file: OpenFile, target: Target): boolean {
    if (target.kind === 'path') return file.kind === 'file' || file.kind === 'memory';
    if (target.kind === 'socket') return file.kind === 'socket';
    return target.kind === 'pipe' ? file.kind === 'pipe' : file.kind !== 'file' && file.kind !== 'socket';
  }

  private refresh(file: OpenFile, target: Target): void {
    if (target.kind === 'path' && file.kind === 'file') {
      file.path = target.text;
      file.deleted = target.deleted;
      if (file.argued === true) {
        file.argued = false;
        file.unseen = undefined;
      }
      file.type ??= this.inodes.mode(target.text, target).type;
    } else if (target.kind === 'socket' && file.socket) updateSocket(file.socket, target);
  }

  /** Owner of an open file that has, or had, a name; undefined: not known. */
  ownerOf({ deleted, owner, path }: OpenFile): ReturnType<Inodes['owner']> {
    return deleted ? owner : this.inodes.owner(path);
  }

  /** inode mode of an open file, as far as it is known. */
  modeOf(file: OpenFile): Mode {
    const known = (mode: number): Mode => ({ mode, type: mode & fileType.mask });
    switch (file.kind) {
      case 'pipe':
        return known(file.mode ?? fileType.fifo | 0o600);
      case 'socket':
        return known(file.mode ?? fileType.socket | 0o777);
      case 'anon':
        return known(0o600);
      case 'pid':
        return known(fileType.regular | 0o700);
      case 'namespace':
        return known(fileType.regular | 0o444);
      case 'memory':
        return known(file.mode ?? fileType.regular | 0o777);
      case 'file': {
        // What was made by a call has the mode of its making, whatever is looked at later.
        const mode = (file.deleted ? undefined : this.inodes.modeSoFar(file.path)) ?? file.mode;
        if (mode !== undefined) return known(mode);
        const seen: Mode = file.deleted
          ? { mode: undefined, type: undefined }
          : this.inodes.mode(file.path, { directory: (file.flags & 0o200000) !== 0 });
        return seen.type === undefined ? { ...seen, type: file.type } : seen;
      }
    }
  }

  /** The mount that a path lies on. */
  mountOf(path: ByteString): Mount {
    let best: Mount | undefined;
    for (const mount of this.mounts) {
      if (isBelow(path, mount.mountpoint) && (!best || mount.mountpoint.length >= best.mountpoint.length))
        best = mount;
    }
    return best ?? { mountpoint: '/', root: '/', fstype: 'unknown', options: [] };
  }

  /** Why it is not known what is mounted there. */
  mountDoubt(path: ByteString): string | undefined {
    return this.start.untold.mounts ?? this.mountOf(path).doubt;
  }

  /** A path inside its own file system only, as a dentry shows it. */
  dentryPath(path: ByteString): ByteString {
    const mount = this.mountOf(path);
    const inside = belowRoot(path, mount.mountpoint);
    return mount.root === '/' ? inside : cleanPath(`${mount.root}/${inside}`);
  }

  /** d_path of an absolute path for a task: below its root, '' for the root itself. */
  shown(task: Task, path: ByteString, deleted = false): ByteString {
    const below = belowRoot(path, task.fs.root);
    const text = below === '/' ? '' : below;
    return deleted ? text + deletedMark : text;
  }
}
