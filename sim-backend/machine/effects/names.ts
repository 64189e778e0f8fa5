/** Names and attributes: directories, links, renames, modes, owners, times of files. */
import type { ByteString } from '../../../core/values/value.ts';
import type { Call } from '../call.ts';
import { fileType } from '../inodes.ts';
import type { Machine } from '../machine.ts';
import { isBelow } from '../paths.ts';
import { statPath, statStructures } from '../foresight.ts';
import { readStat } from '../../trace/stat-text.ts';
import type { EffectTable } from './effect.ts';
import { forCalls } from './effect.ts';

/** Resolved path of a path argument; `at` says that a directory descriptor stands before it. */
export function pathArgument(
  machine: Machine,
  call: Call,
  index: number,
  at: boolean,
  followLast: boolean,
): ByteString | undefined {
  const path = call.path(index);
  if (path === undefined) return undefined;
  return machine.resolve(call.task, at ? call.descriptor(index - 1) : undefined, path, followLast);
}

/** Calls with one path: where it stands and whether a descriptor is before it. */
const single: Readonly<Record<string, readonly [index: number, at: boolean]>> = {
  mkdir: [0, false],
  mkdirat: [1, true],
  mknod: [0, false],
  mknodat: [1, true],
  rmdir: [0, false],
  unlink: [0, false],
  unlinkat: [1, true],
  symlink: [1, false],
  symlinkat: [2, true],
  chmod: [0, false],
  fchmodat: [1, true],
  fchmodat2: [1, true],
  chown: [0, false],
  lchown: [0, false],
  fchownat: [1, true],
  truncate: [0, false],
  chdir: [0, false],
  chroot: [0, false],
};

/** The path that a call of names or attributes is about, resolved. */
export function subjectPath(machine: Machine, call: Call): ByteString | undefined {
  const place = single[call.name];
  if (!place) return undefined;
  const last =
    /^(chmod|chown|truncate|chdir|chroot|fchmodat2?|fchownat)$/.test(call.name) &&
    !call.text.includes('AT_SYMLINK_NOFOLLOW');
  return pathArgument(machine, call, place[0], place[1], last);
}

/** Old and new path of link and rename. */
export function twoPaths(machine: Machine, call: Call): readonly [ByteString, ByteString] | undefined {
  const at = call.name.includes('at');
  const from = pathArgument(machine, call, at ? 1 : 0, at, false);
  const to = pathArgument(machine, call, at ? 3 : 1, at, false);
  return from === undefined || to === undefined ? undefined : [from, to];
}

function create(type: number, modeIndex: (call: Call) => number) {
  return ({ machine, call }: { machine: Machine; call: Call }): void => {
    const path = subjectPath(machine, call);
    const mode = call.int(modeIndex(call)) ?? 0o777;
    if (path === undefined) return;
    machine.links.remove(path);
    machine.inodes.learn(path, {
      mode: (mode & fileType.mask ? 0 : type) | (mode & ~call.task.fs.umask),
      exists: true,
      ...ownerOf(call),
    });
  };
}
const ownerOf = (call: Call): { uid: number; gid: number } => ({
  uid: call.task.cred.fsuid,
  gid: call.task.cred.fsgid,
});

function remove({ machine, call }: { machine: Machine; call: Call }): void {
  const path = subjectPath(machine, call);
  if (path === undefined) return;
  machine.inodes.remove(path);
  machine.links.remove(path);
  for (const task of machine.tasks.values()) if (task.fs.cwd === path) task.fs.cwdDeleted = true;
}

function learnStat({ machine, call }: { machine: Machine; call: Call }): void {
  const stat = call.read(statStructures[call.name] ?? 1, readStat);
  if (stat === undefined) return;
  let path = statPath(call.name, call);
  if (path === undefined && call.name !== 'fstat') {
    const at = call.name === 'newfstatat' || call.name === 'statx';
    path = pathArgument(machine, call, at ? 1 : 0, at, true);
  } else if (path !== undefined && call.name !== 'fstat') {
    const lstat = call.name === 'lstat' || call.text.includes('AT_SYMLINK_NOFOLLOW');
    path = machine.resolve(call.task, undefined, path, !lstat);
  }
  if (path !== undefined) machine.inodes.learn(path, { ...stat, exists: true });
}

function changeMode(machine: Machine, path: ByteString, mode: number): void {
  const type = machine.inodes.mode(path) & fileType.mask;
  machine.inodes.learn(path, { mode: type | (mode & 0o7777) });
}

export const nameEffects: EffectTable = {
  ...forCalls(
    'mkdir',
    create(fileType.directory, () => 1),
  ),
  ...forCalls(
    'mkdirat',
    create(fileType.directory, () => 2),
  ),
  ...forCalls(
    'mknod',
    create(fileType.regular, () => 1),
  ),
  ...forCalls(
    'mknodat',
    create(fileType.regular, () => 2),
  ),
  ...forCalls('rmdir unlink unlinkat', remove),
  ...forCalls('symlink symlinkat', ({ machine, call }) => {
    const path = subjectPath(machine, call);
    const target = call.path(0);
    if (path === undefined || target === undefined) return;
    machine.links.set(path, target);
    machine.inodes.learn(path, { mode: fileType.link | 0o777, exists: true });
  }),
  ...forCalls('link linkat', ({ machine, call }) => {
    const paths = twoPaths(machine, call);
    if (paths) machine.inodes.link(...paths);
  }),
  ...forCalls('rename renameat renameat2', ({ machine, call }) => {
    const paths = twoPaths(machine, call);
    if (!paths) return;
    const [from, to] = paths;
    if (call.text.includes('RENAME_EXCHANGE')) return;
    machine.inodes.move(from, to);
    machine.links.move(from, to);
    for (const task of machine.tasks.values()) {
      if (isBelow(task.fs.cwd, from)) task.fs.cwd = to + task.fs.cwd.slice(from.length);
    }
  }),
  ...forCalls('stat lstat fstat newfstatat statx', learnStat),
  chmod({ machine, call }) {
    const path = subjectPath(machine, call);
    if (path !== undefined) changeMode(machine, path, call.int(1) ?? 0);
  },
  ...forCalls('fchmodat fchmodat2', ({ machine, call }) => {
    const path = subjectPath(machine, call);
    if (path !== undefined) changeMode(machine, path, call.int(2) ?? 0);
  }),
  fchmod({ machine, call }) {
    const file = machine.fileOf(call.task, call.descriptor(0));
    if (!file) return;
    const mode = call.int(1) ?? 0;
    if (file.path !== '' && !file.deleted) changeMode(machine, file.path, mode);
    else file.mode = (machine.modeOf(file) & fileType.mask) | (mode & 0o7777);
  },
  ...forCalls('chown lchown', ({ machine, call }) => {
    const path = subjectPath(machine, call);
    const uid = call.int(1) ?? -1;
    const gid = call.int(2) ?? -1;
    if (path !== undefined) changeOwner(machine, path, uid, gid);
  }),
  fchownat({ machine, call }) {
    const path = subjectPath(machine, call);
    if (path !== undefined) changeOwner(machine, path, call.int(2) ?? -1, call.int(3) ?? -1);
  },
  fchown({ machine, call }) {
    const file = machine.fileOf(call.task, call.descriptor(0));
    if (file && file.path !== '') changeOwner(machine, file.path, call.int(1) ?? -1, call.int(2) ?? -1);
  },
  ...forCalls('readlink', ({ machine, call }) => {
    learnLink(machine, call, pathArgument(machine, call, 0, false, false), 1);
  }),
  readlinkat({ machine, call }) {
    learnLink(machine, call, pathArgument(machine, call, 1, true, false), 2);
  },
};

function learnLink(machine: Machine, call: Call, path: ByteString | undefined, index: number): void {
  const target = call.path(index);
  if (path === undefined || target === undefined || path.startsWith('/proc/')) return;
  machine.links.set(path, target);
}

/** Changing the owner drops the set-id bits. */
function changeOwner(machine: Machine, path: ByteString, uid: number, gid: number): void {
  const old = machine.inodes.owner(path) ?? { uid: 0, gid: 0 };
  machine.inodes.learn(path, {
    mode: machine.inodes.mode(path) & ~0o6000,
    uid: uid < 0 ? old.uid : uid,
    gid: gid < 0 ? old.gid : gid,
  });
}
