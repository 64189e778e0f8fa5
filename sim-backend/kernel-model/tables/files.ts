/** Opening files and making descriptors. */
import { openFlags, openMode, receivedDescriptors } from '../../machine/effects/descriptors.ts';
import { newFile } from '../../machine/file.ts';
import { fileType } from '../../machine/inodes.ts';
import type { Call } from '../../machine/call.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ByteString } from '../../../core/values/value.ts';
import { readDescriptor, type DescriptorText } from '../../trace/annotation.ts';
import { readList } from '../../trace/text.ts';
import { file, number, unknown } from '../kernel-value.ts';
import type { Condition, Group, Derivation } from '../row.ts';
import {
  all,
  arg,
  constant,
  fileAt,
  inodeSetattr,
  notFailed,
  openFile,
  openedFile,
  parentOf,
  pathValue,
  returned,
  succeeded,
} from '../derivations.ts';

const O_CREAT = 0o100;
const O_TRUNC = 0o1000;
const O_PATH = 0o10000000;
const O_TMPFILE = 0o20000000;

const flag =
  (bit: number, on = true): Condition =>
  (call) =>
    ((openFlags(call) & bit) !== 0) === on;

/** Errors that are met before the file is opened. */
const walked = notFailed(
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'ELOOP',
  'EISDIR',
  'ENAMETOOLONG',
  'EINVAL',
  'EFAULT',
  'EBADF',
);

const openedPath = (call: Call, machine: Machine): ByteString | undefined => {
  if (call.result.target?.kind === 'path') return call.result.target.text;
  const at = call.name === 'openat' || call.name === 'openat2' ? 1 : 0;
  const path = call.path(at);
  return path === undefined
    ? undefined
    : machine.resolve(call.task, at === 1 ? call.descriptor(0) : undefined, path);
};

/** Was the opened file made by this call? */
const created: Condition = (call, machine) => {
  if (!(openFlags(call) & O_CREAT) || openFlags(call) & O_TMPFILE) return false;
  if (!call.ok) return false;
  if (openFlags(call) & 0o200) return true; // O_EXCL
  const path = openedPath(call, machine);
  const exists = path === undefined ? undefined : machine.inodes.exists(path);
  return exists === undefined ? 'the trace does not show whether the file existed' : !exists;
};

const existed: Condition = (call, machine) => {
  const path = openedPath(call, machine);
  if (!(openFlags(call) & O_CREAT)) return true;
  const exists = path === undefined ? undefined : machine.inodes.exists(path);
  return exists ?? 'the trace does not show whether the file existed';
};

const regular: Condition = (call, machine) => {
  const path = openedPath(call, machine);
  return (
    path !== undefined &&
    (machine.inodes.mode(path) & fileType.mask) === fileType.regular &&
    !path.startsWith('/dev/') &&
    !path.startsWith('/proc/')
  );
};

/** security_file_open: granted, not by O_PATH. */
const opens = all(flag(O_PATH, false), walked, notFailed('EACCES', 'EROFS', 'EPERM', 'EMFILE', 'ENFILE'));
const truncates = all(flag(O_TRUNC), succeeded, existed, regular);

const installed: Group['sites'][number] = {
  hook: 'fd_install',
  args: [returned, openedFile],
  when: succeeded,
};

const made: Derivation = (call, machine) =>
  call.result.target ? file(machine.fileFrom(call.result.target, 0)) : file(newFile('anon', '', 0));

/** Duplicates show the file of the first argument where the result has no annotation. */
const duplicated: Derivation = (call, machine) => {
  if (call.result.target) return file(machine.fileFrom(call.result.target, 0));
  return file(openFile(call, machine));
};

const socketFile: Derivation = () => file(newFile('socket', '', 0));

const ends =
  (index: number) =>
  (call: Call): readonly DescriptorText[] =>
    (readList(call.arg(index)) ?? [])
      .map((item) => readDescriptor(item))
      .filter((item) => item !== undefined);

const descriptorNumber: Derivation = (_call, _machine, item) => number((item as DescriptorText).fd);
const descriptorFile: Derivation = (_call, machine, item) =>
  file(machine.fileFrom((item as DescriptorText).target, 0));

const lockCommands = /^F_(OFD_)?SETLKW?$/;

export const fileTables: readonly Group[] = [
  {
    syscalls: 'open openat creat openat2 open_by_handle_at',
    evidence: 'open',
    sites: [
      {
        hook: 'security_path_mknod',
        args: [
          (call, machine) => parentOf(openedPath(call, machine)),
          (call, machine) => pathValue(openedPath(call, machine), 0),
          (call) => number(fileType.regular | (openMode(call) ?? 0)),
          constant(0),
        ],
        when: created,
      },
      {
        hook: 'security_inode_create',
        args: [
          (call, machine) => parentOf(openedPath(call, machine)),
          (call, machine) => pathValue(openedPath(call, machine), 0),
          (call) => number(fileType.regular | (openMode(call) ?? 0)),
        ],
        when: created,
      },
      { hook: 'security_file_open', args: [openedFile], when: opens },
      {
        hook: 'security_file_post_open',
        args: [openedFile, (call) => number(accessMode(call))],
        when: all(opens, succeeded, flag(O_TMPFILE, false)),
        kernels: '>=6.9',
      },
      { hook: 'security_file_truncate', args: [openedFile], when: truncates, kernels: '>=6.2' },
      {
        hook: 'security_path_truncate',
        args: [(call, machine) => pathValue(openedPath(call, machine))],
        when: truncates,
        kernels: '<=6.1',
      },
      ...inodeSetattr((call, machine) => pathValue(openedPath(call, machine)), undefined, truncates),
      installed,
    ],
  },
  {
    syscalls:
      'memfd_create memfd_secret eventfd eventfd2 epoll_create epoll_create1 timerfd_create signalfd signalfd4 inotify_init ' +
      'inotify_init1 fanotify_init userfaultfd fsopen fspick fsmount open_tree io_uring_setup landlock_create_ruleset',
    evidence: 'fd-makers',
    sites: [{ hook: 'fd_install', args: [returned, made], when: succeeded }],
  },
  {
    syscalls: 'pidfd_open',
    evidence: 'pidfd_open',
    sites: [
      {
        hook: 'security_file_open',
        args: [() => file(newFile('pid', '', 0))],
        when: succeeded,
        kernels: '>=6.9',
      },
      { hook: 'fd_install', args: [returned, () => file(newFile('pid', '', 0))], when: succeeded },
    ],
  },
  {
    syscalls: 'pidfd_getfd',
    evidence: 'pidfd_getfd',
    sites: [
      {
        hook: 'security_ptrace_access_check',
        args: [undefined, constant(0x12)],
        when: notFailed('EBADF', 'ESRCH'),
      },
      { hook: 'security_file_receive', args: [made], when: succeeded },
      { hook: 'fd_install', args: [returned, made], when: succeeded },
    ],
  },
  {
    syscalls: 'dup',
    evidence: 'fd-makers',
    sites: [{ hook: 'fd_install', args: [returned, duplicated], when: succeeded }],
  },
  { syscalls: 'dup2 dup3', evidence: 'dup2', sites: [] },
  {
    syscalls: 'pipe',
    evidence: 'fd-pairs',
    sites: [{ hook: 'fd_install', args: [descriptorNumber, descriptorFile], when: succeeded, each: ends(0) }],
  },
  {
    syscalls: 'pipe2',
    evidence: 'fd-pairs',
    sites: [{ hook: 'fd_install', args: [descriptorNumber, descriptorFile], when: succeeded, each: ends(0) }],
  },
  {
    syscalls: 'socketpair',
    evidence: 'socketpair',
    sites: [
      { hook: 'security_socket_create', args: [arg(0), socketType, arg(2), constant(0)], each: () => [0, 1] },
      {
        hook: 'sk_alloc',
        args: [undefined, arg(0)],
        when: succeeded,
        each: () => [0, 1],
        returns: () => undefined,
      },
      { hook: 'security_socket_socketpair', args: [], when: succeeded },
      { hook: 'fd_install', args: [descriptorNumber, socketFile], when: succeeded, each: ends(3) },
    ],
  },
  {
    syscalls: 'recvmsg recvmmsg',
    evidence: 'scm-rights',
    sites: [
      {
        hook: 'security_file_receive',
        args: [descriptorFile],
        each: (call) => receivedDescriptors(call).filter((item) => item !== undefined),
      },
      {
        hook: 'fd_install',
        args: [descriptorNumber, descriptorFile],
        each: (call) => receivedDescriptors(call).filter((item) => item !== undefined),
      },
    ],
  },
  {
    syscalls: 'fcntl',
    evidence: 'fcntl',
    sites: [
      { hook: 'security_file_fcntl', args: [fileAt(0), arg(1), arg(2)], when: notFailed('EBADF') },
      {
        hook: 'security_file_lock',
        args: [fileAt(0), undefined],
        when: (call) => lockCommands.test(call.arg(1)) && !call.failed('EBADF'),
      },
      {
        hook: 'fd_install',
        args: [returned, duplicated],
        when: (call) => call.ok && call.arg(1).startsWith('F_DUPFD'),
      },
    ],
  },
  {
    syscalls: 'ioctl',
    evidence: 'ioctl',
    sites: [{ hook: 'security_file_ioctl', args: [fileAt(0), arg(1), arg(2)], when: notFailed('EBADF') }],
  },
  {
    syscalls: 'flock',
    evidence: 'flock',
    sites: [{ hook: 'security_file_lock', args: [fileAt(0), arg(1)], when: notFailed('EBADF', 'EINVAL') }],
  },
  {
    syscalls: 'stat lstat fstat newfstatat statx',
    evidence: 'stat',
    sites: [{ hook: 'security_inode_getattr', args: [statted], when: succeeded }],
  },
  {
    syscalls: 'readlink readlinkat',
    evidence: 'readlink',
    sites: [
      {
        hook: 'security_inode_readlink',
        args: [(call, machine) => pathValue(linkPath(call, machine), fileType.link | 0o777)],
        when: succeeded,
      },
    ],
  },
  {
    syscalls: 'getdents getdents64',
    evidence: 'getdents',
    sites: [
      {
        hook: 'security_file_permission',
        args: [fileAt(0), constant(4)],
        when: notFailed('EBADF', 'ENOTDIR'),
      },
    ],
  },
];

function accessMode(call: Call): number {
  const mode = openFlags(call) & 3;
  return (mode === 0 ? 4 : mode === 1 ? 2 : 6) | (openFlags(call) & 0o2000 ? 8 : 0);
}

function socketType(call: Call): ReturnType<Derivation> {
  const type = call.int(1);
  return type === undefined ? unknown('the socket type is not known') : number(type & 0xf);
}

function statted(call: Call, machine: Machine): ReturnType<Derivation> {
  const at = call.name === 'newfstatat' || call.name === 'statx';
  const path = call.name === 'fstat' ? '' : call.path(at ? 1 : 0);
  if (path === '') {
    const open = openFile(call, machine);
    return open ? file(open) : unknown('the descriptor is not known');
  }
  if (path === undefined) return unknown('the path is not readable in the trace');
  const follow = call.name !== 'lstat' && !call.text.includes('AT_SYMLINK_NOFOLLOW');
  return pathValue(machine.resolve(call.task, at ? call.descriptor(0) : undefined, path, follow));
}

function linkPath(call: Call, machine: Machine): ByteString | undefined {
  const at = call.name === 'readlinkat';
  const path = call.path(at ? 1 : 0);
  return path === undefined
    ? undefined
    : machine.resolve(call.task, at ? call.descriptor(0) : undefined, path, false);
}
