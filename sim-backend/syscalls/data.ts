/** Reading and writing. */
import { unknown } from '../kernel-model/kernel-value.ts';
import { all, any, condition, failed, isSocket, notFailed, onFile, succeeded } from './conditions.ts';
import {
  isTerminal,
  offersData,
  onFileSystem,
  permission,
  sendsBytes,
  takesBytes,
  takesData,
  toFileRules,
} from './data-flow.ts';
import { mapsUsers } from './namespaces.ts';
import { readChecks, readsText } from './other-process.ts';
import type { Derivation, HookSite, SyscallRow } from './row.ts';
import { dropsBits, dropsBitsOf } from './set-id.ts';
import { receiveSites, sendSites } from './socket-data.ts';
import { dataSize, fileAt } from './values.ts';

/** A pointer outside the user's range is refused before the file is asked. */
const userRange = condition('the buffer is in user memory', (call) => {
  if (!call.failed('EFAULT')) return true;
  const address = call.number(1);
  return address === undefined || address < 0x7ffffffff000n;
});
const permitted = all(notFailed('EBADF', 'ESPIPE'), userRange);
/** EINVAL of pread with a negative offset comes first. */
const validOffset = any(
  notFailed('EINVAL'),
  condition('it takes no offset and no vector', (call) => !call.has('offset') && !call.has('iov')),
);
const readable = any(
  succeeded,
  onFile('fd', 'open for reading', ({ flags }) => (flags & 3) !== 1),
);
const writable = any(
  succeeded,
  onFile('fd', 'open for writing', ({ flags, kind }) => (flags & 3) !== 0 || kind !== 'file'),
);

/** The data as the call hands them over: what was asked to be written, of which less may have been. */
const written: Derivation = (call) => {
  const vector = call.has('iov') ? call.vector('iov') : undefined;
  const bytes = call.has('iov') ? (vector?.whole === true ? vector.bytes : undefined) : call.path('buf');
  const asked = call.has('iov') ? vector?.size : call.int('count');
  return bytes === undefined || asked === undefined
    ? unknown('the data is not in the trace')
    : { kind: 'buffer', bytes: bytes.slice(0, asked), size: asked };
};

/** A file of another process may refuse its text. */
const succeededOrDenied = any(succeeded, failed('EACCES', 'EPERM', 'ESRCH'));
const readsFile = permission('fd', 4, all(permitted, validOffset, readable));
const readSites: readonly HookSite[] = [
  readsFile,
  ...readChecks(succeededOrDenied),
  ...receiveSites(isSocket(), dataSize),
];

/** Before the first byte; of none it is not asked. */
const comesToWrite = all(
  permitted,
  condition('there is something to be written', (call) =>
    call.returned === undefined
      ? 'how much was written by a call that did not return is not in the trace'
      : call.returned > 0 || call.failed('ENOSPC', 'EDQUOT'),
  ),
);

const writesFile: readonly HookSite[] = [
  permission('fd', 2, all(permitted, validOffset, writable)),
  {
    hook: 'shmem_file_write_iter',
    args: [fileAt(), written],
    when: all(permitted, onFileSystem('fd', 'tmpfs', 'devtmpfs')),
    kernels: '>=6.6',
  },
  {
    hook: 'ext4_file_write_iter',
    args: [fileAt(), written],
    when: all(permitted, onFileSystem('fd', 'ext4', 'ext3', 'ext2')),
  },
  ...dropsBits('fd', comesToWrite),
];
const writeSites: readonly HookSite[] = [
  ...writesFile,
  {
    hook: 'tty_write',
    args: [fileAt(), written],
    when: all(permitted, onFile('fd', 'a terminal', isTerminal)),
  },
  ...sendSites(isSocket(), dataSize),
];

const reads = {
  evidence: 'read',
  sites: readSites,
  effects: [takesBytes, readsText],
  interruption: takesData,
};
const writes = {
  evidence: 'write',
  sites: writeSites,
  effects: [mapsUsers, sendsBytes, dropsBitsOf('fd', comesToWrite)],
  killed: toFileRules,
  interruption: offersData,
};

export const dataRows: readonly SyscallRow[] = [
  {
    calls: { read: 'fd buf> count' },
    ...reads,
    data: { from: 'fd', buffer: 'buf' },
    shows: ['interpreter', 'addresses'],
  },
  {
    calls: { pread64: 'fd buf> count offset' },
    ...reads,
    sites: [readsFile, ...readChecks(succeededOrDenied)],
    effects: [takesBytes],
    data: { from: 'fd', buffer: 'buf', fromOffset: 'offset' },
    shows: ['interpreter'],
  },
  { calls: { readv: 'fd iov iovcnt' }, ...reads, data: { from: 'fd', vector: 'iov' } },
  {
    calls: { preadv: 'fd iov iovcnt offset', preadv2: 'fd iov iovcnt offset flags' },
    ...reads,
    data: { from: 'fd', vector: 'iov', fromOffset: 'offset' },
  },
  {
    calls: { write: 'fd buf count' },
    ...writes,
    data: { to: 'fd', buffer: 'buf' },
    shows: ['interpreter', 'addresses'],
  },
  {
    calls: { pwrite64: 'fd buf count offset' },
    ...writes,
    sites: writesFile,
    data: { to: 'fd', buffer: 'buf', toOffset: 'offset' },
  },
  { calls: { writev: 'fd iov iovcnt' }, ...writes, data: { to: 'fd', vector: 'iov' } },
  {
    calls: { pwritev: 'fd iov iovcnt offset', pwritev2: 'fd iov iovcnt offset flags' },
    ...writes,
    data: { to: 'fd', vector: 'iov', toOffset: 'offset' },
  },
];
