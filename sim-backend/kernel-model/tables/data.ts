/** Reading, writing, mapping. */
import type { Call } from '../../machine/call.ts';
import type { Machine } from '../../machine/machine.ts';
import { newFile } from '../../machine/file.ts';
import { readInt } from '../../trace/number.ts';
import { readList, readQuoted, readStruct } from '../../trace/text.ts';
import { file, number, unknown } from '../kernel-value.ts';
import type { Condition, Group, Derivation, HookSite } from '../row.ts';
import {
  all,
  arg,
  constant,
  fileAt,
  isSocket,
  notFailed,
  openFile,
  socketAt,
  succeeded,
} from '../derivations.ts';

/** A pointer outside the user's range is refused before the file is asked. */
const userRange =
  (index: number): Condition =>
  (call) => {
    if (!call.failed('EFAULT')) return true;
    const address = call.number(index);
    return address === undefined || address < 0x7ffffffff000n;
  };

const permitted = (index: number): Condition =>
  all(
    notFailed('EBADF', 'ESPIPE'),
    userRange(1),
    (call, machine) => openFile(call, machine, index) !== undefined,
  );
/** EINVAL of pread with a negative offset comes first. */
const validOffset: Condition = (call) =>
  !(call.failed('EINVAL') && call.name !== 'read' && call.name !== 'write');

const permission = (index: number, mask: number, when: Condition): HookSite => ({
  hook: 'security_file_permission',
  args: [fileAt(index), constant(mask)],
  when,
});

const kindIs =
  (index: number, ...kinds: string[]): Condition =>
  (call, machine) =>
    kinds.includes(openFile(call, machine, index)?.kind ?? '');
const notPipe =
  (index: number): Condition =>
  (call, machine) =>
    !kindIs(index, 'pipe')(call, machine);

/** Bytes that a vector call asks for. */
function vectorSize(call: Call, index: number): number {
  let size = 0;
  for (const item of readList(call.arg(index)) ?? []) size += readInt(readStruct(item)?.get('iov_len')) ?? 0;
  return size;
}

const sendSize: Derivation = (call) =>
  call.name.includes('v') && !call.name.startsWith('sendmsg')
    ? number(vectorSize(call, 1))
    : call.number(2) === undefined
      ? unknown('the size is not known')
      : number(call.number(2) ?? 0n);

const isTcp =
  (index: number): Condition =>
  (call, machine) =>
    openFile(call, machine, index)?.socket?.protocol === 6;
const isUdp =
  (index: number): Condition =>
  (call, machine) =>
    openFile(call, machine, index)?.socket?.protocol === 17;
const isUnix =
  (index: number): Condition =>
  (call, machine) =>
    openFile(call, machine, index)?.socket?.family === 1;

const onFileSystem =
  (types: readonly string[]): Condition =>
  (call, machine) => {
    const open = openFile(call, machine);
    return (
      open?.kind === 'file' &&
      open.path !== '' &&
      !open.path.startsWith('/dev/') &&
      types.includes(machine.mountOf(open.path).fstype)
    );
  };

const isTty: Condition = (call, machine) => {
  const open = openFile(call, machine);
  return open?.kind === 'file' && /^\/dev\/(tty|pts\/)/.test(open.path);
};

const written: Derivation = (call) => {
  const quoted = readQuoted(call.arg(1));
  const size = readInt(call.arg(2)) ?? 0;
  return quoted
    ? { kind: 'buffer', bytes: quoted.bytes.slice(0, size), size }
    : unknown('the data is not in the trace');
};

const mapped: Derivation = (call, machine) => {
  if ((call.int(3) ?? 0) & 0x20) return file(undefined);
  const open = openFile(call, machine, 4);
  return open ? file(open) : unknown('the descriptor is not known');
};

/** What the internal pipe of a copy inside the kernel holds. */
const chunk = 65536;

/** Kernels up to 6.7 check again inside a copy: the output, then both files for each chunk, then the input at its end. */
function olderCopy(input: number, output: number, sizeAt: number): readonly HookSite[] {
  const goes = notFailed('EXDEV', 'EINVAL', 'EBADF', 'EISDIR');
  const toPipe = kindIs(output, 'pipe');
  const oneChunk: Condition = (call) =>
    (call.returned ?? 0) <= chunk || 'kernels up to 6.7 copy in chunks, whose number is not in the trace';
  /** Such a file system may share the blocks instead of copying them. */
  const copied: Condition = (call, machine) => {
    const { path } = openFile(call, machine, output) ?? {};
    const shares = call.name === 'copy_file_range' && path !== undefined;
    return !(shares && ['btrfs', 'xfs'].includes(machine.mountOf(path).fstype))
      ? true
      : 'whether the file system shared the blocks is not in the trace';
  };
  const moves: Condition = (call) => (call.returned ?? 0) > 0;
  const meetsEnd: Condition = (call) => call.ok && (call.returned ?? 0) < (call.int(sizeAt) ?? 0);
  const site = (index: number, mask: number, ...when: readonly Condition[]): HookSite => ({
    ...permission(index, mask, all(goes, copied, ...when)),
    kernels: '<=6.7',
  });
  return [
    site(output, 2, notPipe(output)),
    site(input, 4, toPipe),
    site(input, 4, notPipe(output), moves, oneChunk),
    site(output, 2, notPipe(output), moves, oneChunk, (call, machine) => !isSocket(output)(call, machine)),
    site(input, 4, notPipe(output), meetsEnd, oneChunk),
  ];
}

export const dataTables: readonly Group[] = [
  {
    syscalls: 'read pread64 readv preadv preadv2',
    evidence: 'read',
    sites: [
      permission(0, 4, all(permitted(0), validOffset, readable)),
      {
        hook: 'security_socket_recvmsg',
        args: [socketAt(0), undefined, sendSize, constant(0)],
        when: isSocket(0),
      },
      { hook: 'tcp_recvmsg', args: [socketAt(0), undefined, sendSize], when: all(isSocket(0), isTcp(0)) },
    ],
  },
  {
    syscalls: 'write pwrite64 writev pwritev pwritev2',
    evidence: 'write',
    sites: [
      permission(0, 2, all(permitted(0), validOffset, writable)),
      {
        hook: 'shmem_file_write_iter',
        args: [fileAt(0), written],
        when: all(permitted(0), onFileSystem(['tmpfs', 'devtmpfs'])),
        kernels: '>=6.6',
      },
      {
        hook: 'ext4_file_write_iter',
        args: [fileAt(0), written],
        when: all(permitted(0), onFileSystem(['ext4', 'ext3', 'ext2'])),
      },
      { hook: 'tty_write', args: [fileAt(0), written], when: all(permitted(0), isTty) },
      { hook: 'security_socket_sendmsg', args: [socketAt(0), undefined, sendSize], when: isSocket(0) },
      { hook: 'tcp_sendmsg', args: [socketAt(0), undefined, sendSize], when: all(isSocket(0), isTcp(0)) },
      { hook: 'udp_sendmsg', args: [socketAt(0), undefined, sendSize], when: all(isSocket(0), isUdp(0)) },
      {
        hook: 'unix_stream_sendmsg',
        args: [socketAt(0), undefined, sendSize],
        when: all(isSocket(0), isUnix(0)),
      },
    ],
  },
  {
    syscalls: 'splice',
    evidence: 'splice',
    sites: [
      permission(0, 4, all(notFailed('EBADF', 'EINVAL'), notPipe(0))),
      { ...permission(2, 2, all(notFailed('EBADF', 'EINVAL'), notPipe(2))) },
      { ...permission(2, 2, all(notFailed('EBADF', 'EINVAL'), notPipe(2))), kernels: '<=6.7' },
    ],
  },
  {
    syscalls: 'sendfile',
    evidence: 'sendfile',
    sites: [
      permission(1, 4, notFailed('EBADF')),
      permission(0, 2, all(notFailed('EBADF'), notPipe(0))),
      ...olderCopy(1, 0, 3),
      {
        hook: 'security_socket_sendmsg',
        args: [socketAt(0), undefined, (call) => number(call.returned ?? 0)],
        when: all(isSocket(0), succeeded),
        kernels: '>=6.5',
      },
      {
        hook: 'tcp_sendmsg',
        args: [socketAt(0), undefined, (call) => number(call.returned ?? 0)],
        when: all(isSocket(0), isTcp(0), succeeded),
        kernels: '>=6.5',
      },
    ],
  },
  {
    syscalls: 'copy_file_range',
    evidence: 'copy_file_range',
    sites: [
      permission(0, 4, notFailed('EXDEV', 'EINVAL', 'EBADF', 'EISDIR')),
      permission(2, 2, notFailed('EXDEV', 'EINVAL', 'EBADF', 'EISDIR')),
      ...olderCopy(0, 2, 4),
    ],
  },
  { syscalls: 'fallocate', evidence: 'fallocate', sites: [permission(0, 2, notFailed('EBADF', 'EINVAL'))] },
  {
    syscalls: 'tee vmsplice readahead fadvise64 sync_file_range lseek fsync fdatasync',
    evidence: 'no-hook-data',
    sites: [],
  },
  {
    syscalls: 'mmap',
    evidence: 'mmap',
    sites: [
      {
        hook: 'security_mmap_file',
        args: [mapped, arg(2), arg(3)],
        when: (call) =>
          !call.failed('EBADF') && !(call.failed('EINVAL') && ((call.number(5) ?? 0n) & 0xfffn) !== 0n),
      },
      {
        hook: 'security_mmap_addr',
        args: [(call) => (call.ok ? number(call.result.value ?? 0n) : unknown('no address was chosen'))],
        when: succeeded,
      },
    ],
  },
  {
    syscalls: 'shmat',
    evidence: 'shm',
    sites: [
      {
        hook: 'security_mmap_file',
        args: [() => file(newFile('anon', '', 0)), undefined, constant(1)],
        when: succeeded,
      },
    ],
  },
  {
    syscalls: 'finit_module',
    evidence: 'finit_module',
    sites: [
      {
        hook: 'security_kernel_read_file',
        args: [fileAt(0), constant(2), constant(1)],
        when: notFailed('EBADF', 'EPERM', 'EINVAL'),
      },
      permission(0, 4, notFailed('EBADF', 'EPERM', 'EINVAL')),
      permission(0, 4, notFailed('EBADF', 'EPERM', 'EINVAL')),
      {
        hook: 'security_kernel_post_read_file',
        args: [fileAt(0), undefined, undefined, constant(2)],
        when: notFailed('EBADF', 'EPERM', 'EINVAL'),
      },
    ],
  },
];

function readable(call: Call, machine: Machine): boolean {
  return ((openFile(call, machine)?.flags ?? 0) & 3) !== 1 || call.ok;
}
function writable(call: Call, machine: Machine): boolean {
  return (
    ((openFile(call, machine)?.flags ?? 2) & 3) !== 0 || call.ok || openFile(call, machine)?.kind !== 'file'
  );
}
