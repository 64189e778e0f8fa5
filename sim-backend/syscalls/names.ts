/** Names of files: made, linked, renamed, removed. */
import { maskedMode } from '../machine/untold.ts';
import { fileType } from '../machine/inodes.ts';
import { nameGoes, namesMove } from '../machine/open-names.ts';
import { isBelow, parentPath } from '../machine/paths.ts';
import { number } from '../kernel-model/kernel-value.ts';
import {
  all,
  always,
  any,
  condition,
  failed,
  flag,
  hasFlag,
  not,
  notFailed,
  succeeded,
} from './conditions.ts';
import { bothPaths, foreign, handsDownGroup, isRefused, newOwner, pathOf, refuses } from './file-access.ts';
import type { Machine } from '../machine/machine.ts';
import { type ByteString, fromBytes } from '../../core/values/value.ts';
import type { Condition, Derivation, Effect, HookSite, SyscallRow } from './row.ts';
import { capable } from './capability.ts';
import { arg, freshAt, namedBy, parentAt, pathAt, pathValue } from './values.ts';

/** What is known before the security hook of the path: it is not reached. */
const early = notFailed(
  ...['ENOENT', 'EEXIST', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EFAULT', 'EBADF', 'EINVAL', 'EXDEV', 'EROFS'],
);
/** The inode hook follows once the directory's permission was granted; one that is sticky refuses with EPERM. */
const granted = all(early, notFailed('EACCES'));
const mayGo = all(granted, notFailed('EPERM'));

const directory = condition('it removes a directory', (call) => hasFlag(call, 'AT_REMOVEDIR', 'atflags'));

/** The second name of a rename: it may be free. */
const target: Derivation = namedBy('newpath', (path, machine) =>
  pathValue(path, path !== undefined && machine.inodes.exists(path) === false ? 0 : undefined),
);

/** The directory of the name does not let the caller write. */
const closed = (argument: string): Condition =>
  condition('the directory does not let the caller write', (call, machine) => {
    const path = machine.pathAt(call, argument);
    return isRefused(machine, call, path === undefined ? undefined : parentPath(path), 3);
  });
/** Who may not write to the directory of the name needs CAP_DAC_OVERRIDE; the directories above may refuse with EACCES, too. */
const writesFolder = (argument = 'path', when = early): HookSite =>
  capable(1, { of: 'own', when: all(when, closed(argument)) });

/** Of a sticky directory the names of others go by CAP_FOWNER only. */
const takesOther = (when: Condition, argument = 'path'): HookSite =>
  capable(3, {
    of: 'own',
    when: all(
      early,
      when,
      condition('the directory is sticky, and the file somebody else’s', (call, machine) => {
        const path = machine.pathAt(call, argument);
        const folder = path && parentPath(path);
        const mode = folder === undefined ? undefined : machine.inodes.knownMode(folder);
        if (mode !== undefined && (mode & 0o1000) === 0) return false;
        const owners = [path, folder].map((one) => one && machine.inodes.owner(one)?.uid);
        if (owners.includes(call.task.cred.fsuid)) return false;
        if (mode === undefined || owners.includes(undefined))
          return 'whose the name is, and whether its directory is sticky, is not known';
        return true;
      }),
    ),
  });

const newName: HookSite['args'] = [parentAt(), freshAt()];

/** Both hooks of a new name. */
const makes = (what: string, ...more: readonly (Derivation | undefined)[]): readonly HookSite[] => [
  { hook: `security_path_${what}`, args: [...newName, ...more], when: early },
  writesFolder(),
  { hook: `security_inode_${what}`, args: [...newName, ...more], when: granted },
];

/** What kind of node mknod makes; without a type in its mode that is a regular file. */
const makesNode = (words: string, ...types: readonly number[]): Condition =>
  condition(`it makes ${words}`, (call) => {
    const mode = call.int('mode');
    return mode === undefined ? 'the mode is not known' : types.includes(mode & fileType.mask);
  });
const makesRegular = makesNode('a regular file', 0, fileType.regular);
const makesDevice = makesNode('a device', fileType.character, fileType.block);

/** Is it a directory, as far as is known? */
function isFolder(machine: Machine, path: ByteString): boolean | undefined {
  const mode = machine.inodes.knownMode(path);
  return mode === undefined ? undefined : (mode & fileType.mask) === fileType.directory;
}

/** The kernel does not come to the name: something above it is known to be no directory. */
function leadsNowhere(machine: Machine, path: ByteString): boolean {
  for (let above = parentPath(path); above !== '/'; above = parentPath(above))
    if (isFolder(machine, above) === false) return true;
  return false;
}

/** A file of this type is known by its last name to be no directory. */
const noDirectory = condition('it is known to be no directory', (call, machine) => {
  const path = machine.pathAt(call, 'path');
  if (path !== undefined && leadsNowhere(machine, path)) return false;
  const folder = path === undefined ? undefined : isFolder(machine, path);
  return folder === undefined ? 'whether the name is of a file is not in the trace' : !folder;
});
/** rmdir finds out behind the first hook that the name is of a file; of what leads there it finds out before. */
const isFile = all(failed('ENOTDIR'), noDirectory);

/** `.`, `..` and `/` are no names of files, which the kernel finds out before any hook. */
const endsWithName = (argument = 'path'): Condition =>
  condition('the path ends with a name', (call) => {
    const path = call.path(argument);
    return path === undefined ? pathUnknown : !/(?:^|\/)\.{1,2}\/*$|^\/*$/.test(path);
  });
/** A slash behind the name asks for a directory: of what is none, or may not be one, the kernel says so before any hook. */
const withoutSlash = condition('no slash follows the name', (call) => {
  const path = call.path('path');
  return path === undefined ? pathUnknown : !path.endsWith('/');
});
const pathUnknown = 'the path is not in the trace';
const takesName = any(succeeded, endsWithName());

/** protected_hardlinks: of somebody else's file that it may not write, the caller makes a link as its owner only. */
const unwritable = condition(
  'the file is somebody else’s, who does not let the caller write',
  (call, machine) => {
    const other = foreign.test(call, machine);
    if (other === false) return false;
    const refused = refuses(machine, call, pathOf(call, machine), 6);
    if (refused === false || typeof other === 'string') return refused === false ? false : other;
    return refused ?? 'the mode of the file is not in the trace';
  },
);
/** EPERM is of that check, or later of a directory, which has one name only. */
const mayLink = all(early, any(notFailed('EPERM'), not(unwritable)));

/** The new name is of a new inode of this type; `mode` may say another. */
const makesInode = (type: number): Effect => ({
  on: 'files',
  apply: ({ machine, call }) => {
    const path = machine.pathAt(call, 'path');
    if (path === undefined) return;
    const mode = call.int('mode') ?? 0o777;
    const isFolder = type === fileType.directory;
    // A directory hands its set-group-ID bit down to those that are made in it.
    const mark = isFolder && handsDownGroup(machine.inodes, parentPath(path)) ? 0o2000 : 0;
    machine.links.remove(path);
    const bits = maskedMode(call.task.fs, mode);
    machine.inodes.make(path, {
      mode: bits === undefined ? undefined : (mode & fileType.mask ? 0 : type) | bits | mark,
      made: isFolder,
      ...newOwner(call, machine, path),
    });
  },
});

const removesName: Effect = {
  on: 'files',
  apply: ({ machine, call }) => {
    const path = machine.pathAt(call, 'path');
    if (path === undefined) return;
    nameGoes(machine, path);
    machine.inodes.remove(path);
    machine.links.remove(path);
  },
};

const makesLink: Effect = {
  on: 'files',
  apply: ({ machine, call }) => {
    const path = machine.pathAt(call, 'path');
    const link = call.path('target');
    if (path === undefined || link === undefined) return;
    machine.links.set(path, link);
    machine.inodes.make(path, { mode: fileType.link | 0o777, plain: false });
  },
};

const linksName: Effect = {
  on: 'files',
  apply: ({ machine, call }) => {
    const paths = bothPaths(call, machine);
    if (paths !== undefined) machine.inodes.link(paths.from, paths.to);
  },
};

/** A directory does not take the place of a file: found out behind the first hook, and all else with ENOTDIR before it. */
const overFile = all(
  failed('ENOTDIR'),
  condition('it is a directory, and the new name is a file’s', (call, machine) => {
    const paths = bothPaths(call, machine);
    if (paths === undefined) return pathUnknown;
    const { from, to } = paths;
    if (leadsNowhere(machine, from) || leadsNowhere(machine, to)) return false;
    if (machine.inodes.exists(to) === false) return false;
    const [moved, taken] = [isFolder(machine, from), isFolder(machine, to)];
    if (moved === false || taken === true) return false;
    return moved === undefined || taken === undefined
      ? 'whether the names are of files is not in the trace'
      : true;
  }),
);

/** Where the new name is above the old one, the kernel finds no room before it asks. */
const above = all(
  failed('ENOTEMPTY'),
  condition('the new name is of a directory above', (call, machine) => {
    const paths = bothPaths(call, machine);
    return paths === undefined ? pathUnknown : isBelow(paths.from, paths.to);
  }),
);

const renames = all(
  any(early, overFile),
  any(succeeded, all(endsWithName(), endsWithName('newpath'))),
  not(above),
);

/** Both names are of one file: nothing is done, and nobody else is asked. */
const sameFile = condition('both names are of the same file', (call, machine) => {
  const paths = bothPaths(call, machine);
  if (paths === undefined) return false;
  const { inodes } = machine;
  if (inodes.areOne(paths.from, paths.to)) return true;
  if (!call.ok || inodes.exists(paths.to) !== true || inodes.areTwo(paths.from, paths.to)) return false;
  return `whether ${fromBytes(paths.from)} and ${fromBytes(paths.to)} are names of one file is not in the trace`;
});

const exchanges = flag('RENAME_EXCHANGE');
const movesName: Effect = {
  on: 'files',
  apply: ({ machine, call }) => {
    const paths = bothPaths(call, machine);
    if (paths === undefined || sameFile.test(call, machine) === true) return;
    const { from, to } = paths;
    if (exchanges.test(call, machine) === true) {
      machine.inodes.exchange(from, to);
      machine.links.exchange(from, to);
      namesMove(machine, [
        [from, to],
        [to, from],
      ]);
      return;
    }
    nameGoes(machine, to);
    machine.inodes.move(from, to);
    machine.links.move(from, to);
    namesMove(machine, [[from, to]]);
  },
};

export const nameRows: readonly SyscallRow[] = [
  {
    calls: { mkdir: 'path! mode', mkdirat: 'dirfd path! mode' },
    evidence: 'mkdir',
    sites: makes('mkdir', arg('mode')),
    effects: [makesInode(fileType.directory)],
    changesNames: always,
    showsAbsence: true,
  },
  {
    calls: {
      rmdir: 'path! atflags=AT_REMOVEDIR',
      unlink: 'path!',
      unlinkat: 'dirfd path! atflags',
    },
    evidence: 'rmdir, unlink',
    sites: [
      {
        hook: 'security_path_rmdir',
        args: [parentAt(), pathAt()],
        when: all(directory, any(early, isFile), takesName),
      },
      {
        hook: 'security_path_unlink',
        args: [parentAt(), pathAt()],
        when: all(early, not(directory), any(succeeded, all(endsWithName(), withoutSlash))),
      },
      writesFolder(),
      takesOther(notFailed('EACCES')),
      // What something is mounted on is busy.
      {
        hook: 'security_inode_rmdir',
        args: [parentAt(), pathAt()],
        when: all(mayGo, directory, notFailed('EBUSY'), takesName),
      },
      {
        hook: 'security_inode_unlink',
        args: [parentAt(), pathAt()],
        when: all(mayGo, not(directory), notFailed('EISDIR', 'EBUSY')),
      },
    ],
    effects: [removesName],
    lists: 'path',
    changesNames: always,
    showsAbsence: true,
    reshapes: [{ kind: 'unlinked' }],
  },
  {
    calls: { mknod: 'path! mode dev', mknodat: 'dirfd path! mode dev' },
    evidence: 'mknod',
    sites: [
      { hook: 'security_path_mknod', args: [...newName, arg('mode'), undefined], when: early },
      writesFolder(),
      capable(27, { of: 'first', when: all(granted, makesDevice) }),
      { hook: 'security_inode_create', args: [...newName, arg('mode')], when: all(granted, makesRegular) },
      {
        hook: 'security_inode_mknod',
        args: [...newName, arg('mode'), undefined],
        when: all(granted, not(makesRegular), not(all(makesDevice, failed('EPERM')))),
      },
    ],
    effects: [makesInode(fileType.regular)],
    changesNames: always,
  },
  {
    calls: { symlink: 'target path!', symlinkat: 'target dirfd path!' },
    evidence: 'symlink',
    sites: makes('symlink', arg('target')),
    effects: [makesLink],
    changesNames: always,
  },
  {
    calls: { link: 'path! newpath!', linkat: 'dirfd path! newdirfd newpath! atflags' },
    evidence: 'link',
    sites: [
      capable(1, { of: 'own', when: all(early, unwritable) }),
      capable(3, { of: 'own', when: all(failed('EPERM'), unwritable) }),
      {
        hook: 'security_path_link',
        args: [pathAt(), parentAt('newpath'), freshAt('newpath')],
        when: mayLink,
      },
      writesFolder('newpath', mayLink),
      {
        hook: 'security_inode_link',
        args: [pathAt(), parentAt('newpath'), freshAt('newpath')],
        when: all(mayLink, mayGo),
      },
    ],
    effects: [linksName],
    changesNames: always,
    copiesUp: succeeded,
    reshapes: [{ kind: 'named', moved: false }],
  },
  {
    calls: {
      rename: 'path! newpath!',
      renameat: 'dirfd path! newdirfd newpath!',
      renameat2: 'dirfd path! newdirfd newpath! flags',
    },
    evidence: 'rename',
    sites: [
      {
        hook: 'security_path_rename',
        args: [parentAt(), pathAt(), parentAt('newpath'), target, (call) => number(call.flags('flags'))],
        when: renames,
      },
      writesFolder(),
      takesOther(notFailed('EACCES')),
      writesFolder('newpath', all(early, not(all(failed('EACCES'), closed('path'))))),
      takesOther(
        all(
          notFailed('EACCES'),
          condition('the new name is taken', (call, machine) => {
            const path = machine.pathAt(call, 'newpath');
            return path === undefined
              ? false
              : (machine.inodes.exists(path) ?? 'whether the new name was taken is not known');
          }),
        ),
        'newpath',
      ),
      {
        hook: 'security_inode_rename',
        args: [parentAt(), pathAt(), parentAt('newpath'), target],
        when: all(renames, mayGo, notFailed('EISDIR', 'ENOTDIR'), not(sameFile)),
      },
    ],
    effects: [movesName],
    changesNames: always,
    copiesUp: succeeded,
    reshapes: [{ kind: 'named', moved: true }],
  },
];
