/** Names and attributes of files. */

import { subjectPath, twoPaths, pathArgument } from '../../machine/effects/names.ts';
import type { Call } from '../../machine/call.ts';
import type { Machine } from '../../machine/machine.ts';
import { file, number } from '../kernel-value.ts';
import type { Condition, Group, Derivation, HookSite } from '../row.ts';
import {
  all,
  arg,
  capable,
  fileAt,
  inodeSetattr,
  notFailed,
  openFile,
  parentOf,
  pathValue,
  succeeded,
} from '../derivations.ts';

const subject: Derivation = (call, machine) => pathValue(subjectPath(machine, call));
const parent: Derivation = (call, machine) => parentOf(subjectPath(machine, call));
const fresh: Derivation = (call, machine) => pathValue(subjectPath(machine, call), 0);
const from: Derivation = (call, machine) => pathValue(twoPaths(machine, call)?.[0]);
const fromParent: Derivation = (call, machine) => parentOf(twoPaths(machine, call)?.[0]);
const toParent: Derivation = (call, machine) => parentOf(twoPaths(machine, call)?.[1]);
const to: Derivation = (call, machine) => {
  const path = twoPaths(machine, call)?.[1];
  return pathValue(path, path !== undefined && machine.inodes.exists(path) === true ? undefined : 0);
};

const early = notFailed(
  'ENOENT',
  'EEXIST',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EFAULT',
  'EBADF',
  'EINVAL',
  'EXDEV',
  'EROFS',
);
/** The inode hook follows once the directory's permission was granted. */
const granted = all(early, notFailed('EACCES'));
const at = (call: Call): boolean => call.name.endsWith('at') || call.name.endsWith('at2');
const modeArg: Derivation = (call) => ({
  kind: 'printed',
  call,
  index: at(call) ? 2 : 1,
  text: call.arg(at(call) ? 2 : 1),
});
const targetText: Derivation = (call) => ({ kind: 'printed', call, index: 0, text: call.arg(0) });

const removesDirectory: Condition = (call) => call.name === 'rmdir' || call.text.includes('AT_REMOVEDIR');
const removesName: Condition = (call) => call.name !== 'rmdir' && !call.text.includes('AT_REMOVEDIR');
const isDirectory: Condition = (call) => !call.failed('EISDIR', 'EPERM');

/** Mode of chmod as the kernel passes it on. */
const changedMode: Derivation = (call) => {
  const index = call.name === 'fchmodat' || call.name === 'fchmodat2' ? 2 : 1;
  return number((call.int(index) ?? 0) & 0o7777);
};
/** The file of a call that names it by path or by descriptor. */
const target: Derivation = (call, machine) => {
  if (call.name.startsWith('f') && !call.name.includes('at')) return file(openFile(call, machine));
  return subject(call, machine, undefined);
};
const exists = notFailed('ENOENT', 'ENOTDIR', 'ELOOP', 'EFAULT', 'EBADF', 'ENAMETOOLONG', 'EROFS', 'EINVAL');

const setattr = (path: Derivation, when: Condition): readonly HookSite[] =>
  inodeSetattr(path, (call, machine) => changes(call, machine, path), when);

const ATTR_MODE = 1n;
const ATTR_SIZE = 8n;
const ATTR_CTIME = 0x40n;

/** struct iattr, of the calls whose flags do not hang on more than the call. */
function changes(call: Call, machine: Machine, path: Derivation): ReturnType<Derivation> {
  if (/chmod/.test(call.name)) {
    const of = path(call, machine, undefined);
    const old =
      of.kind === 'path'
        ? machine.inodes.mode(of.path)
        : of.kind === 'file' && of.file
          ? machine.modeOf(of.file)
          : 0;
    const asked = changedMode(call, machine, undefined);
    const bits = asked.kind === 'number' ? asked.value : 0n;
    return {
      kind: 'fields',
      values: { ia_valid: ATTR_MODE | ATTR_CTIME, ia_mode: (BigInt(old) & ~0o7777n) | bits },
    };
  }
  if (call.name === 'truncate')
    return { kind: 'fields', values: { ia_size: call.number(1) ?? 0n, ia_valid: ATTR_SIZE } };
  return { kind: 'unknown', why: 'what of the inode changes is not modelled for this call' };
}

const ownerIndex = (call: Call): number => (call.name === 'fchownat' ? 2 : 1);

const xattrTarget: Derivation = (call, machine) =>
  call.name.startsWith('f')
    ? file(openFile(call, machine))
    : pathValue(pathArgument(machine, call, 0, false, !call.name.startsWith('l')));

export const nameTables: readonly Group[] = [
  {
    syscalls: 'mkdir mkdirat',
    evidence: 'mkdir',
    sites: [
      { hook: 'security_path_mkdir', args: [parent, fresh, modeArg], when: early },
      { hook: 'security_inode_mkdir', args: [parent, fresh, modeArg], when: granted },
    ],
  },
  {
    syscalls: 'rmdir unlink unlinkat',
    evidence: 'rmdir, unlink',
    sites: [
      { hook: 'security_path_rmdir', args: [parent, subject], when: all(early, removesDirectory) },
      { hook: 'security_inode_rmdir', args: [parent, subject], when: all(granted, removesDirectory) },
      { hook: 'security_path_unlink', args: [parent, subject], when: all(early, removesName) },
      {
        hook: 'security_inode_unlink',
        args: [parent, subject],
        when: all(granted, removesName, isDirectory),
      },
    ],
  },
  {
    syscalls: 'mknod mknodat',
    evidence: 'mknod',
    sites: [
      { hook: 'security_path_mknod', args: [parent, fresh, modeArg, undefined], when: early },
      { hook: 'security_inode_mknod', args: [parent, fresh, modeArg, undefined], when: granted },
    ],
  },
  {
    syscalls: 'symlink symlinkat',
    evidence: 'symlink',
    sites: [
      { hook: 'security_path_symlink', args: [parent, fresh, targetText], when: early },
      { hook: 'security_inode_symlink', args: [parent, fresh, targetText], when: granted },
    ],
  },
  {
    syscalls: 'link linkat',
    evidence: 'link',
    sites: [
      { hook: 'security_path_link', args: [from, toParent, to], when: early },
      { hook: 'security_inode_link', args: [from, toParent, to], when: granted },
    ],
  },
  {
    syscalls: 'rename renameat renameat2',
    evidence: 'rename',
    sites: [
      {
        hook: 'security_path_rename',
        args: [
          fromParent,
          from,
          toParent,
          to,
          (call) => number(call.name === 'renameat2' ? call.flags(4) : 0),
        ],
        when: early,
      },
      { hook: 'security_inode_rename', args: [fromParent, from, toParent, to], when: granted },
    ],
  },
  {
    syscalls: 'truncate',
    evidence: 'truncate',
    sites: [
      { hook: 'security_path_truncate', args: [subject], when: all(exists, notFailed('EISDIR', 'EACCES')) },
      ...setattr(subject, all(exists, notFailed('EISDIR', 'EACCES'))),
    ],
  },
  {
    syscalls: 'ftruncate',
    evidence: 'ftruncate',
    sites: [
      {
        hook: 'security_file_truncate',
        args: [fileAt(0)],
        when: notFailed('EBADF', 'EINVAL'),
        kernels: '>=6.2',
      },
      {
        hook: 'security_path_truncate',
        args: [fileAt(0)],
        when: notFailed('EBADF', 'EINVAL'),
        kernels: '<=6.1',
      },
      ...setattr(fileAt(0), notFailed('EBADF', 'EINVAL')),
    ],
  },
  {
    syscalls: 'chmod fchmod fchmodat fchmodat2',
    evidence: 'chmod',
    sites: [
      { hook: 'security_path_chmod', args: [target, changedMode], when: exists },
      ...setattr(target, exists),
    ],
  },
  {
    syscalls: 'chown lchown fchown fchownat',
    evidence: 'chown',
    sites: [
      {
        hook: 'security_path_chown',
        args: [
          target,
          (call) => arg(ownerIndex(call))(call, undefined as never, undefined),
          (call) => arg(ownerIndex(call) + 1)(call, undefined as never, undefined),
        ],
        when: exists,
      },
      ...setattr(target, exists),
      { hook: 'cap_capable', args: capable(() => 0), when: exists, each: ownerChanges },
    ],
  },
  {
    syscalls: 'utimensat utimes utime futimesat',
    evidence: 'utimes',
    sites: [...setattr(timed, exists)],
  },
  {
    syscalls: 'setxattr lsetxattr fsetxattr',
    evidence: 'setxattr',
    sites: [
      {
        hook: 'security_inode_setxattr',
        args: [undefined, xattrTarget, arg(1), arg(2)],
        when: all(exists, notFailed('EOPNOTSUPP')),
        kernels: '>=5.12',
      },
      { hook: 'security_inode_post_setxattr', args: [xattrTarget, arg(1)], when: succeeded },
    ],
  },
  {
    syscalls: 'getxattr lgetxattr fgetxattr',
    evidence: 'getxattr',
    sites: [{ hook: 'security_inode_getxattr', args: [xattrTarget, arg(1)], when: exists }],
  },
  {
    syscalls: 'listxattr llistxattr flistxattr',
    evidence: 'listxattr',
    sites: [{ hook: 'security_inode_listxattr', args: [xattrTarget], when: exists }],
  },
  {
    syscalls: 'removexattr lremovexattr fremovexattr',
    evidence: 'removexattr',
    sites: [
      {
        hook: 'security_inode_removexattr',
        args: [undefined, xattrTarget, arg(1)],
        when: exists,
        kernels: '>=5.12',
      },
    ],
  },
  {
    syscalls: 'chdir fchdir',
    evidence: 'chdir',
    sites: [
      {
        hook: 'set_fs_pwd',
        args: [
          undefined,
          (call, machine) =>
            call.name === 'fchdir' ? file(openFile(call, machine)) : subject(call, machine, undefined),
        ],
        when: succeeded,
      },
    ],
  },
  {
    syscalls: 'chroot',
    evidence: 'chroot',
    sites: [
      { hook: 'cap_capable', args: capable(() => 18), when: exists },
      { hook: 'security_path_chroot', args: [subject], when: all(exists, notFailed('EPERM')) },
      { hook: 'set_fs_root', args: [undefined, subject], when: succeeded },
    ],
  },
];

/** One check of CAP_CHOWN for each id that changes. */
function ownerChanges(call: Call, machine: Machine): readonly number[] {
  const index = ownerIndex(call);
  const path = subjectPath(machine, call) ?? openFile(call, machine)?.path ?? '';
  const owner = machine.inodes.owner(path) ?? { uid: 0, gid: 0 };
  const ids = [call.int(index) ?? -1, call.int(index + 1) ?? -1];
  const changed: number[] = [];
  if (ids[0] !== undefined && ids[0] >= 0 && ids[0] !== owner.uid) changed.push(0);
  if (ids[1] !== undefined && ids[1] >= 0 && ids[1] !== owner.gid) changed.push(1);
  return call.failed('EPERM') ? changed.slice(0, 1) : changed;
}

function timed(call: Call, machine: Machine): ReturnType<Derivation> {
  const withDirectory = call.name === 'utimensat' || call.name === 'futimesat';
  if (withDirectory && call.path(1) === undefined) return file(openFile(call, machine));
  return pathValue(
    pathArgument(
      machine,
      call,
      withDirectory ? 1 : 0,
      withDirectory,
      !call.text.includes('AT_SYMLINK_NOFOLLOW'),
    ),
  );
}
