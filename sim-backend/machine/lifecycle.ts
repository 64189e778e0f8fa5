/** Birth, change of image and death of processes. */
import type { Binary } from '../../core/engine/hit.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { ProcessFacts } from '../../core/events/facts.ts';
import { launcherBinary, launcherFacts } from '../../core/events/launcher.ts';
import { execFacts, forkFacts, residentFacts } from '../../core/events/process-facts.ts';
import { doubted, doubtOf, settled } from './credential-doubts.ts';
import { afterExec, allCapabilities, credValue, type Credentials } from './credentials.ts';
import { cwdUnknown, type Machine } from './machine.ts';
import { isOrdinary } from './common-links.ts';
import type { ExecTarget } from './executed-file.ts';
import { baseName } from './paths.ts';
import type { Ancestor } from './start.ts';
import type { Image, Namespaces, Process, Task } from './task.ts';
import { unknownFacts, unknownOfResidents } from './untold.ts';

export const cloneFlag = {
  vm: 0x100,
  fs: 0x200,
  files: 0x400,
  vfork: 0x4000,
  pidfd: 0x1000,
  parent: 0x8000,
  thread: 0x10000,
  newTime: 0x80,
  newNs: 0x20000,
  newCgroup: 0x2000000,
  newUts: 0x4000000,
  newIpc: 0x8000000,
  newUser: 0x10000000,
  newPid: 0x20000000,
  newNet: 0x40000000,
} as const;

/** New namespaces that take CAP_SYS_ADMIN: all but the user namespace. */
export const namespaceFlags =
  cloneFlag.newNs |
  cloneFlag.newUts |
  cloneFlag.newIpc |
  cloneFlag.newPid |
  cloneFlag.newNet |
  cloneFlag.newCgroup |
  cloneFlag.newTime;

/** What the root runs before its first execve. Below the launcher are the processes that started it. */
export function launcherImage(machine: Machine, pid: number): Image {
  const { ancestors, cred } = machine.start;
  const facts = launcherFacts({ pid, uid: cred.euid, startNs: ancestors[0]?.startNs ?? 0n });
  const uid = doubtOf(cred, 'uid');
  return {
    facts: uid === undefined ? facts : { ...facts, unknown: { uid } },
    binary: launcherBinary,
    process: undefined,
    parent: imageOf(machine, machine.start.ancestors.slice(1)),
    executed: false,
    ancestry: [launcherBinary],
  };
}

/** What the root runs where the trace begins inside of its program; undefined: the start does not say. */
export function residentImage(machine: Machine): Image | undefined {
  const { ancestors, cwd } = machine.start;
  const image = ancestors[0]?.exe === '' ? undefined : imageOf(machine, ancestors);
  if (image === undefined) return undefined;
  const { unknown } = image.facts;
  const doubts = cwd === undefined ? { ...unknown, cwd: cwdUnknown, flags: cwdUnknown } : unknown;
  return { ...image, facts: residentFacts({ ...image.facts, cwd: cwd ?? '', unknown: doubts }) };
}

/** The first of these processes, with the others as its forebears. */
function imageOf(machine: Machine, processes: readonly Ancestor[]): Image | undefined {
  let image: Image | undefined;
  for (const ancestor of [...processes].reverse()) {
    const facts = residentFacts({
      pid: ancestor.pid,
      uid: machine.start.cred.uid,
      auid: machine.start.loginuid,
      unknown: unknownOfResidents(machine.start),
      cwd: '/',
      binary: ancestor.exe,
      args: ancestor.args,
      startNs: ancestor.startNs,
      ...(image && { parent: image.facts }),
    });
    image = {
      facts,
      binary: ancestor.exe,
      process: undefined,
      parent: image,
      executed: true,
      // What ran before the policy was loaded, as pid 1 surely did, leaves nothing to inherit.
      ancestry: ancestor.pid === 1 ? [] : [ancestor.exe, ...(image?.ancestry ?? [])],
    };
  }
  return image;
}

/** Makes the child of a clone; `inner` is its pid in its own namespace where the trace shows one. */
export function fork(machine: Machine, parent: Task, tid: number, flags: number, startNs: bigint): Task {
  const thread = (flags & cloneFlag.thread) !== 0;
  const process = thread ? parent.process : machine.newProcess(tid, parent.process);
  if (flags & cloneFlag.vm) process.readTexts = parent.process.readTexts;
  const files = flags & cloneFlag.files ? parent.files : parent.files.fork();
  if (flags & cloneFlag.files) files.users += 1;
  const task: Task = {
    tid,
    process,
    files,
    fs: flags & cloneFlag.fs ? parent.fs : { ...parent.fs },
    cred: flags & cloneFlag.newUser ? newUserNamespace(machine, parent.cred) : parent.cred,
    namespaces: newNamespaces(machine, parent.namespaces, flags, true),
    comm: parent.comm,
    alive: true,
    seen: false,
    pending: undefined,
    superseded: undefined,
    enforcement: undefined,
  };
  process.threads.add(task);
  machine.tasks.set(tid, task);
  if (!thread) {
    if (flags & cloneFlag.newUser) task.namespaces = { ...task.namespaces, User: task.cred.userNs.inum };
    const fresh = task.namespaces.Pid !== parent.namespaces.Pid;
    process.namespaceInit = fresh;
    process.memory = flags & cloneFlag.vm ? parent.process.memory : { ...parent.process.memory };
    process.inInitTree = parent.process.inInitTree || fresh;
    process.nsPid =
      task.namespaces.Pid === machine.start.hostNamespaces.Pid
        ? 0
        : fresh
          ? 1
          : nextNsPid(machine, process, task);
    const image = flags & cloneFlag.parent ? siblingImage(parent.process) : parent.process.image;
    process.image = forkedImage(image, process, tid, startNs);
  }
  return task;
}

/** With CLONE_PARENT the child's parent is the caller's, and Tetragon takes its entry for the one to copy. */
function siblingImage(process: Process): Image | undefined {
  if (process.realParent !== undefined) return process.realParent.image;
  let image = process.image;
  while (image?.process === process) image = image.parent;
  return image;
}

/** Pids within a namespace are given out in order. */
function nextNsPid(machine: Machine, process: Process, task: Task): number {
  let highest = 1;
  for (const { process: other, namespaces } of machine.tasks.values()) {
    if (other !== process && namespaces.Pid === task.namespaces.Pid) highest = Math.max(highest, other.nsPid);
  }
  return highest + 1;
}

function forkedImage(
  parent: Image | undefined,
  process: Process,
  tid: number,
  startNs: bigint,
): Image | undefined {
  if (!parent) return undefined;
  return {
    facts: forkFacts(parent.facts, { pid: process.pid, tid, startNs, inInitTree: process.inInitTree }),
    binary: parent.binary,
    process,
    parent,
    executed: false,
    ancestry: parent.ancestry,
  };
}

export function newUserNamespace(machine: Machine, cred: Credentials): Credentials {
  return {
    ...settled(cred, 'capabilities'),
    securebits: 0,
    permitted: allCapabilities,
    effective: allCapabilities,
    inheritable: 0n,
    ambient: 0n,
    bounding: allCapabilities,
    userNs: {
      level: cred.userNs.level + 1,
      uid: cred.euid,
      gid: cred.egid,
      inum: machine.newNamespace(),
      root: { uid: undefined },
    },
  };
}

/** Namespaces after clone (`forChild`) or unshare with these flags. */
export function newNamespaces(
  machine: Machine,
  old: Namespaces,
  flags: number,
  forChild: boolean,
): Namespaces {
  const next = { ...old };
  if (forChild) {
    next.Pid = old.PidForChildren;
    next.Time = old.TimeForChildren;
  }
  if (flags & cloneFlag.newNs) next.Mnt = machine.copyMounts(old.Mnt);
  if (flags & cloneFlag.newUts) next.Uts = machine.newNamespace();
  if (flags & cloneFlag.newIpc) next.Ipc = machine.newNamespace();
  if (flags & cloneFlag.newNet) next.Net = machine.newNamespace();
  if (flags & cloneFlag.newCgroup) next.Cgroup = machine.newNamespace();
  if (flags & cloneFlag.newPid) {
    next.PidForChildren = machine.newNamespace();
    if (forChild) next.Pid = next.PidForChildren;
  }
  if (flags & cloneFlag.newTime) {
    next.TimeForChildren = machine.newNamespace();
    if (forChild) next.Time = next.TimeForChildren;
  }
  return next;
}

/** Credentials that the call's new image gets, and why they may be others. */
export function execCredentials(
  machine: Machine,
  task: Task,
  target: ExecTarget,
): { readonly cred: Credentials; readonly doubt: string | undefined } {
  const { path = '', doubt } = target.rounds.at(-1) ?? {};
  const { inodes } = machine;
  const nosuid = machine.mountOf(path).options.includes('nosuid');
  const mode = doubt === undefined ? inodes.permissions(path) : undefined;
  const owner = inodes.owner(path);
  const capability = doubt === undefined ? inodes.capability(path) : undefined;
  const setId = mode !== undefined && (mode & 0o6000) !== 0;
  const cred = nosuid
    ? afterExec(task.cred, undefined)
    : afterExec(task.cred, { mode: setId && owner ? mode : 0, uid: 0, gid: 0, ...owner, capability });
  // Root gains nothing by a file, and nobody who gave up gaining does.
  const root = doubtOf(task.cred, 'uid') === undefined && task.cred.euid === 0;
  const gains = !nosuid && !task.cred.noNewPrivs && !root && !target.unlinked;
  const ordinary = !machine.start.files.has(path) && isOrdinary(path);
  const capable = capability !== undefined || isOrdinary(path);
  const known = ordinary || (mode !== undefined && capable && (!setId || owner !== undefined));
  const before = doubtOf(task.cred, 'uid', 'gid', 'capabilities');
  if (!gains || known) return { cred, doubt: before };
  const why = idsUnknown(path);
  return { cred: doubted(cred, ['uid', 'gid', 'capabilities'], why), doubt: before ?? why };
}

const idsUnknown = (path: ByteString): string =>
  `neither the recording nor the trace tells whether ${path} is set-user-ID, and what it gains`;

/** Replaces the image of the calling process; its other threads are gone. Returns the new image. */
export function exec(machine: Machine, task: Task, target: ExecTarget, startNs: bigint): Image {
  const { process } = task;
  const previous = process.image;
  const old = task.cred;
  const { cred } = execCredentials(machine, task, target);
  task.cred = cred;
  task.comm = baseName(target.shown).slice(0, 15);
  for (const thread of process.threads) {
    if (thread === task) continue;
    thread.alive = false;
    machine.tasks.delete(thread.tid);
  }
  process.threads.clear();
  process.threads.add(task);
  if (task.files.users > 1) {
    task.files.users -= 1;
    task.files = task.files.fork();
  }
  task.namespaces = { ...task.namespaces, Time: task.namespaces.TimeForChildren };
  // A forked child's entry names the forker's image as parent; an exec without fork the image before.
  const parent = process.forked ? previous?.parent : previous;
  const { path: file = '', doubt } = target.rounds.at(-1) ?? {};
  const binary: Binary = doubt === undefined ? machine.shown(task, file) : { kind: 'unknown', why: doubt };
  if (doubt === undefined) machine.inodes.executed(file);
  const unknown = unknownFacts(machine.start, task, target);
  for (const why of Object.values(unknown ?? {})) machine.notes.add(`${why}: events leave that out`);
  const orphan = process.forked && process.parent !== undefined && process.realParent === undefined;
  const facts = execFacts({
    pid: process.pid,
    tid: task.tid,
    auid: machine.start.loginuid,
    cwd: task.fs.cwdShown ? machine.shown(task, task.fs.cwd, task.fs.cwdDeleted) || '/' : '',
    binary: target.shown,
    args: target.argv.slice(1),
    forked: process.forked,
    startNs,
    namespaces: task.namespaces,
    hostNamespaces: machine.start.hostNamespaces,
    credentials: credValue(cred, machine.start.hostNamespaces.User),
    before: old,
    // The trace does not tell inode numbers.
    unlinked: target.unlinked ? 0n : undefined,
    inInitTree: process.inInitTree,
    parent: orphan ? orphanParent(machine) : parent?.facts,
    unknown,
  });
  const image: Image = {
    facts,
    binary,
    process,
    parent,
    executed: true,
    ancestry: [binary, ...(parent?.ancestry ?? [])],
  };
  process.image = image;
  if (process.forked || process.recordedNamespaces === undefined) {
    process.recordedNamespaces = task.namespaces;
    process.recordedDoubt = doubtOf(cred, 'capabilities');
    process.recordedCapabilities = {
      Effective: cred.effective,
      Inheritable: cred.inheritable,
      Permitted: cred.permitted,
    };
  }
  process.forked = false;
  process.memory = { dumpable: dumpableAfterExec(machine, file, doubt, cred) };
  process.sharedMemory = undefined;
  process.readTexts = new Set();
  for (const [signal, how] of [...process.handlers]) if (how === 'handle') process.handlers.delete(signal);
  return image;
}

/** Who executes what he may not read, or as somebody else, is looked at by nobody. */
function dumpableAfterExec(
  machine: Machine,
  file: ByteString,
  doubt: string | undefined,
  cred: Credentials,
): boolean | undefined {
  if (doubtOf(cred, 'uid', 'gid') !== undefined) return undefined;
  const { uid, gid, euid, egid } = cred;
  if (uid !== euid || gid !== egid) return false;
  const bits = doubt === undefined ? machine.inodes.permissions(file) : undefined;
  const readable =
    euid === 0 || isOrdinary(file) || (bits !== undefined && (bits & (bits >> 3) & (bits >> 6) & 4) !== 0);
  return readable ? true : undefined;
}

/** New credentials of other ids, or with more rights, keep others from looking (commit_creds). */
export function takeCredentials(task: Task, cred: Credentials): void {
  const old = task.cred;
  const same =
    cred.euid === old.euid && cred.egid === old.egid && cred.fsuid === old.fsuid && cred.fsgid === old.fsgid;
  if (!same || (cred.permitted & ~old.permitted) !== 0n) task.process.memory.dumpable = false;
  task.cred = cred;
}

/** A process re-parented before its exec has pid 1 as parent. */
function orphanParent(machine: Machine): ProcessFacts | undefined {
  let top: Image | undefined = imageOf(machine, machine.start.ancestors.slice(1));
  while (top?.parent) top = top.parent;
  return top?.facts.pid === 1 ? top.facts : undefined;
}
