/** The machine: all state that a replay keeps, and the questions that the kernel model asks it. */
import type { WorkloadView } from '../../core/engine/hit.ts';
import type { ByteString } from '../../core/values/value.ts';
import { launcherName } from '../../core/events/launcher.ts';
import type { Given } from '../../core/backend/request.ts';
import type { DescriptorText, Target } from '../trace/annotation.ts';
import type { Call } from './call.ts';
import { Foresight, type Foretold } from './foresight.ts';
import { DescriptorTable, newFile, type OpenFile, type SocketState } from './file.ts';
import { Inodes, fileType } from './inodes.ts';
import { Links } from './links.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import { ResolvedPaths } from './resolved-paths.ts';
import { belowRoot, isBelow, parentPath } from './paths.ts';
import { openSocket, updateSocket } from './sockets.ts';
import type { Mount, Start } from './start.ts';
import { knownBinary, type Process, type ProcessRecord, recordOf, reparent, type Task } from './task.ts';

/** What is known of the machine beside its start. */
export interface GivenMachine {
  readonly files: readonly {
    readonly path: ByteString;
    /** Permission bits. */
    readonly mode: number;
    readonly content?: Uint8Array;
  }[];
  readonly workload: Given['workload'] | undefined;
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
  /** Next made-up inode number of a namespace. */
  private nextNamespace = 4026532200;

  constructor(
    readonly start: Start,
    given: GivenMachine,
    foretold: (name: string) => Foretold,
  ) {
    this.foresight = new Foresight(this.links, foretold);
    this.inodes = new Inodes(this.foresight);
    this.mounts = [...start.mounts];
    this.workload = given.workload;
    for (const file of given.files) {
      if (file.content !== undefined) this.givenFiles.set(file.path, file.content);
      this.inodes.learn(file.path, { mode: fileType.regular | file.mode, exists: true });
    }
  }

  /** Both sockets are ends of one connection. */
  connected(one: SocketState, other: SocketState): void {
    this.connections += 1;
    one.connection = this.connections;
    other.connection = this.connections;
  }

  newNamespace(): number {
    this.nextNamespace += 1;
    return this.nextNamespace;
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
      files.set(fd, file, false);
    }
    const task: Task = {
      tid,
      process,
      files,
      fs: { cwd: this.start.cwd, cwdDeleted: false, root: this.start.root, umask: this.start.umask },
      cred: this.start.cred,
      namespaces: this.start.namespaces,
      comm: launcherName,
      alive: true,
      seen: false,
      pending: undefined,
      enforcement: undefined,
    };
    process.threads.add(task);
    this.tasks.set(tid, task);
    return task;
  }

  newProcess(pid: number, parent: Process | undefined): Process {
    const process: Process = {
      number: this.made,
      pid,
      parent,
      realParent: parent,
      children: new Set(),
      threads: new Set(),
      image: parent?.image,
      forked: parent !== undefined,
      recordedNamespaces: parent?.recordedNamespaces,
      recordedCapabilities: parent?.recordedCapabilities,
      nsPid: 0,
      inInitTree: parent?.inInitTree ?? false,
      namespaceInit: false,
      fate: undefined,
      diverged: parent?.diverged,
      endedEarly: undefined,
      changedChildren: new Map(),
      sharedMemory: parent?.sharedMemory && new Set(parent.sharedMemory),
      lockedFiles: undefined,
      handlers: new Map(parent?.handlers ?? []),
      restarts: new Set(parent?.restarts ?? []),
      exitCode: undefined,
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
    return this.resolve(call.task, call.directory(argument), path, call.follows(argument));
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

  /** Absolute path from strace's root that a path text names; links that are known are followed. */
  resolve(
    task: Task,
    directory: DescriptorText | undefined,
    path: ByteString,
    followLast = true,
  ): ByteString {
    let base = task.fs.cwd;
    if (directory && directory.fd !== -100) base = this.fileOf(task, directory)?.path ?? base;
    else if (directory?.target?.kind === 'path') base = directory.target.text.replace(/ \(deleted\)$/, '');
    if (task.fs.root !== '/') {
      const inside = path.startsWith('/') ? task.fs.root + path : joinPath(base, path);
      return this.follow(task, inside, followLast, 0);
    }
    const known = this.resolved.get(this.links.version, path.startsWith('/') ? '' : base, path, followLast);
    if (known !== undefined) return known;
    this.varies = false;
    const found = this.follow(task, joinPath(base, path), followLast, 0);
    // What links of /proc lead to depends on the task.
    if (!this.varies) this.resolved.set(path.startsWith('/') ? '' : base, path, followLast, found);
    return found;
  }

  private follow(task: Task, path: ByteString, followLast: boolean, depth: number): ByteString {
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
      if (target === undefined || depth > 40) {
        at = next;
        continue;
      }
      const rest = parts.slice(index + 1).join('/');
      const base =
        target.startsWith('/') && task.fs.root !== '/' && !isBelow(target, task.fs.root) ? task.fs.root : '';
      const whole = base + joinPath(at, target);
      return this.follow(task, rest === '' ? whole : `${whole}/${rest}`, followLast, depth + 1);
    }
    return at;
  }

  /** Target of a symbolic link, the magic ones of /proc included. */
  private linkTarget(task: Task, path: ByteString): ByteString | undefined {
    if (path === '/proc') this.varies = true;
    if (path === '/proc/self') return `/proc/${task.process.pid}`;
    if (path === '/proc/thread-self') return `/proc/${task.process.pid}/task/${task.tid}`;
    const magic = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(fd\/(\d+)|exe|cwd|root)$/.exec(path);
    if (magic) {
      const of = this.tasks.get(Number(magic[1]));
      if (of && magic[3] !== undefined) {
        const file = of.files.get(Number(magic[3]));
        return file && file.path !== '' ? file.path : undefined;
      }
      if (of && magic[2] === 'exe') return knownBinary(of.process.image);
      if (of && magic[2] === 'cwd') return of.fs.cwd;
      if (of && magic[2] === 'root') return of.fs.root;
    }
    return this.links.target(path);
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
        const memory = target.deleted && target.text.startsWith('/memfd:');
        const file = newFile(memory ? 'memory' : 'file', memory ? '' : target.text, flags);
        file.deleted = target.deleted;
        if (memory) file.mode = fileType.regular | 0o777;
        else if (target.device !== undefined)
          file.mode = this.inodes.mode(target.text, { device: target.device });
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
      if (target.device !== undefined) file.mode ??= this.inodes.mode(target.text, { device: target.device });
    } else if (target.kind === 'socket' && file.socket) updateSocket(file.socket, target);
  }

  /** inode mode of an open file. */
  modeOf(file: OpenFile): number {
    switch (file.kind) {
      case 'pipe':
        return fileType.fifo | 0o600;
      case 'socket':
        return fileType.socket | 0o777;
      case 'anon':
        return 0o600;
      case 'pid':
        return fileType.regular | 0o700;
      case 'namespace':
        return fileType.regular | 0o444;
      case 'memory':
        return file.mode ?? fileType.regular | 0o777;
      case 'file':
        return file.deleted
          ? (file.mode ?? this.inodes.mode(file.path))
          : (this.inodes.knownMode(file.path) ??
              file.mode ??
              this.inodes.mode(file.path, { directory: (file.flags & 0o200000) !== 0 }));
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
    return deleted ? `${text} (deleted)` : text;
  }
}
