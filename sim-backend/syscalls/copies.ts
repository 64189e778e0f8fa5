/** Data that the kernel moves between two descriptors. */
import { all, condition, isSocket, not, notFailed, onFile, succeeded } from './conditions.ts';
import { copiesData, copyRules, permission, reservingRules, spliceRules } from './data-flow.ts';
import { movesInText } from './other-process.ts';
import { onKernel, type Condition, type HookSite, type SyscallRow } from './row.ts';
import { dropsBits, dropsBitsOf } from './set-id.ts';
import { numberFrom, socketAt } from './values.ts';

const pipe = (argument: string): Condition => onFile(argument, 'a pipe', ({ kind }) => kind === 'pipe');
const notPipe = (argument: string): Condition => not(pipe(argument));

const known = notFailed('EBADF', 'EINVAL');
const goes = notFailed('EXDEV', 'EINVAL', 'EBADF', 'EISDIR');

/** What the internal pipe of a copy inside the kernel holds. */
const chunk = 65536;

/** Kernels up to 6.7 check again inside a copy: the output, then both files for each chunk, then the input at its end. */
function olderCopy(from: string, to: string, mayShare: boolean): readonly HookSite[] {
  const oneChunk = condition(
    'it moved one chunk',
    (call) =>
      (call.returned ?? 0) <= chunk || 'kernels up to 6.7 copy in chunks, whose number is not in the trace',
  );
  /** Such a file system may share the blocks instead of copying them. */
  const copied = condition('the data was copied', (call, machine) => {
    const { path } = machine.fileAt(call, to) ?? {};
    return mayShare && path !== undefined && ['btrfs', 'xfs'].includes(machine.mountOf(path).fstype)
      ? 'whether the file system shared the blocks is not in the trace'
      : true;
  });
  const meetsEnd = condition('it met the end of the input', (call) => {
    const asked = call.int('count');
    if (asked === undefined) return 'how much it was to move is not in the trace';
    return call.ok && (call.returned ?? 0) < asked;
  });
  const site = (argument: string, mask: number, ...when: readonly Condition[]): HookSite => ({
    ...permission(argument, mask, all(goes, ...when, copied)),
    kernels: '<=6.7',
  });
  return [
    site(to, 2, notPipe(to)),
    site(from, 4, pipe(to)),
    site(from, 4, notPipe(to), movesData, oneChunk),
    site(to, 2, notPipe(to), movesData, oneChunk, not(isSocket(to))),
    site(from, 4, notPipe(to), meetsEnd, oneChunk),
  ];
}

const movesData = condition('it moved data', ({ returned }) =>
  returned === undefined ? 'how much a copy moved that did not return is not in the trace' : returned > 0,
);
/** Each chunk is a write. */
const writesOnce = condition(
  'it moved one chunk',
  (call) =>
    (call.returned ?? 0) <= chunk || 'the data are copied in chunks, whose number is not in the trace',
);

/** Older file systems differ in whether reserved blocks take the bits. */
const reservesAsWrites = condition(
  'the kernel treats it as a write',
  (_call, { start }) =>
    onKernel('>=6.6', start.kernel) ||
    'whether the file system drops set-id bits for reserved blocks is not modelled for kernels before 6.6',
);

const moved = numberFrom((call) => call.returned ?? 0, 'the size');
const tcp = all(
  isSocket('out_fd'),
  onFile('out_fd', 'of TCP', ({ socket }) => socket?.protocol === 6),
);

export const copyRows: readonly SyscallRow[] = [
  {
    calls: { splice: 'fd_in off_in fd_out off_out count flags' },
    evidence: 'splice',
    sites: [
      permission('fd_in', 4, all(known, notPipe('fd_in'))),
      permission('fd_out', 2, all(known, notPipe('fd_out'))),
      { ...permission('fd_out', 2, all(known, notPipe('fd_out'))), kernels: '<=6.7' },
      ...dropsBits('fd_out', movesData, writesOnce),
    ],
    effects: [dropsBitsOf('fd_out', movesData)],
    data: { from: 'fd_in', to: 'fd_out', fromOffset: 'off_in', toOffset: 'off_out' },
    killed: spliceRules,
    interruption: copiesData('fd_out'),
  },
  {
    calls: { sendfile: 'out_fd in_fd offset count' },
    evidence: 'sendfile',
    sites: [
      permission('in_fd', 4, notFailed('EBADF')),
      permission('out_fd', 2, all(notFailed('EBADF'), notPipe('out_fd'))),
      ...olderCopy('in_fd', 'out_fd', false),
      {
        hook: 'security_socket_sendmsg',
        args: [socketAt('out_fd'), undefined, moved],
        when: all(isSocket('out_fd'), succeeded),
        kernels: '>=6.5',
      },
      {
        hook: 'tcp_sendmsg',
        args: [socketAt('out_fd'), undefined, moved],
        when: all(tcp, succeeded),
        kernels: '>=6.5',
      },
      ...dropsBits('out_fd', movesData, writesOnce),
    ],
    effects: [dropsBitsOf('out_fd', movesData)],
    data: { from: 'in_fd', to: 'out_fd', fromOffset: 'offset' },
    shows: ['addresses'],
    killed: copyRules,
    interruption: copiesData('out_fd'),
  },
  {
    calls: { copy_file_range: 'fd_in off_in fd_out off_out count flags' },
    evidence: 'copy_file_range',
    sites: [
      permission('fd_in', 4, goes),
      permission('fd_out', 2, goes),
      ...olderCopy('fd_in', 'fd_out', true),
      ...dropsBits('fd_out', movesData, writesOnce),
    ],
    effects: [dropsBitsOf('fd_out', movesData)],
    data: { from: 'fd_in', to: 'fd_out', fromOffset: 'off_in', toOffset: 'off_out' },
    killed: copyRules,
    interruption: copiesData('fd_out'),
  },
  {
    calls: { tee: 'fd_in fd_out count flags', vmsplice: 'fd iov iovcnt flags' },
    evidence: 'no-hook-data',
  },
  {
    calls: { fallocate: 'fd mode offset count' },
    evidence: 'fallocate',
    sites: [permission('fd', 2, known), ...dropsBits('fd', succeeded, reservesAsWrites)],
    effects: [dropsBitsOf('fd', succeeded)],
    killed: reservingRules,
    reshapes: [
      {
        kind: 'obscured',
        file: 'fd',
        when: all(
          succeeded,
          // Reserved blocks beyond the end change nothing that can be read.
          not(condition('mode is FALLOC_FL_KEEP_SIZE', (call) => call.arg('mode') === 'FALLOC_FL_KEEP_SIZE')),
        ),
      },
    ],
  },
  {
    calls: {
      readahead: 'fd offset count',
      fadvise64: 'fd offset len advice',
      sync_file_range: 'fd offset nbytes flags',
      fsync: 'fd',
      fdatasync: 'fd',
    },
    evidence: 'no-hook-data',
  },
  {
    calls: { lseek: 'fd offset whence' },
    evidence: 'no-hook-data',
    effects: [movesInText],
    reshapes: [{ kind: 'sought', file: 'fd' }],
  },
];
