/** Looking at files: status, links, directories. */
import { fileType } from '../machine/inodes.ts';
import type { Call } from '../machine/call.ts';
import { readStat } from '../trace/stat-text.ts';
import { found, hasFlag, notFailed, succeeded } from './conditions.ts';
import { linkChecks, readlinkChecks } from './other-process.ts';
import { accessSites, type Need } from './search.ts';
import { permission } from './data-flow.ts';
import type { Derivation, Effect, SyscallRow } from './row.ts';
import { fileAt, namedBy, pathValue } from './values.ts';

/** A descriptor alone, or with AT_EMPTY_PATH. */
const byDescriptor = (call: Call): boolean => !call.has('path') || call.path('path') === '';

/** The line shows the mode that the file has. */
const statted: Derivation = (call, machine, item) => {
  const mode = call.int('mode');
  if (!byDescriptor(call)) return namedBy('path', (path) => pathValue(path, mode))(call, machine, item);
  const which = call.has('fd') ? 'fd' : 'dirfd';
  const file = machine.fileAt(call, which);
  if (mode === undefined || file?.kind !== 'file' || file.path === '' || file.tooLong)
    return fileAt(which)(call, machine, item);
  return { kind: 'path', path: file.path, mode, deleted: file.deleted, unseen: file.unseen };
};

/** Mode and owner, as the call returned them. */
const learnsStatus: Effect = {
  on: 'knowledge',
  apply: ({ call, machine }) => {
    const stat = call.readFrom('mode', readStat);
    if (stat === undefined) return;
    const shown = call.descriptor(call.has('fd') ? 'fd' : 'dirfd')?.target;
    const descriptor = shown?.kind === 'path' && !shown.deleted ? shown.text : undefined;
    const path = byDescriptor(call) ? descriptor : machine.pathAt(call, 'path');
    if (path === undefined) return;
    const link = (stat.mode & fileType.mask) === fileType.link;
    // A look at the name itself, and not at what it may lead to.
    const itself = !byDescriptor(call) && !call.follows('path');
    if (link && !itself) return;
    const { mode, uid, gid } = stat;
    const owner = uid !== undefined && gid !== undefined && { uid, gid };
    machine.inodes.learn(path, { mode, exists: true, ...owner, ...(itself && { plain: !link }) });
  },
};

const learnsLink: Effect = {
  on: 'files',
  apply: ({ call, machine }) => {
    const path = machine.pathAt(call, 'path');
    const target = call.path('buf');
    if (path === undefined || target === undefined || path.startsWith('/proc/')) return;
    machine.links.set(path, target);
    machine.inodes.learn(path, { exists: true, plain: false });
  },
};

/** Without AT_EACCESS access looks with the real ids, and with the capabilities that they would give. */
const accessNeed: Need = (call, machine) => {
  const path = machine.pathAt(call, 'path');
  const access = call.flags('mode');
  const { uid, gid, fsuid, fsgid } = call.task.cred;
  if (hasFlag(call, 'AT_EACCESS', 'atflags') || (uid === fsuid && gid === fsgid)) return { path, access };
  const mode = path === undefined ? undefined : machine.inodes.knownMode(path);
  const everybodys = mode === undefined ? 0 : mode & (mode >> 3) & (mode >> 6);
  if ((everybodys & access) === access) return { path, access: 0 };
  return { path, access, doubt: 'what a capability of the real ids would be asked for is not modelled' };
};

const members = '{st_mode:mode st_uid:uid st_gid:gid}';

export const statRows: readonly SyscallRow[] = [
  {
    calls: {
      stat: `path statbuf${members}`,
      lstat: `path! statbuf${members}`,
      fstat: `fd statbuf${members}`,
      newfstatat: `dirfd path statbuf${members} atflags`,
      statx: 'dirfd path atflags mask statxbuf{stx_mode:mode stx_uid:uid stx_gid:gid}',
    },
    evidence: 'stat',
    sites: [...linkChecks, { hook: 'security_inode_getattr', args: [statted], when: succeeded }],
    effects: [learnsStatus],
    looksAt: 'fd',
    showsAbsence: true,
    shows: ['mode'],
  },
  {
    calls: {
      access: 'path mode',
      faccessat: 'dirfd path mode',
      faccessat2: 'dirfd path mode atflags',
    },
    evidence: 'access',
    sites: accessSites(accessNeed, found),
    showsAbsence: true,
    shows: ['loader'],
  },
  {
    calls: { readlink: 'path! buf> size', readlinkat: 'dirfd path! buf> size' },
    evidence: 'readlink',
    sites: [
      ...readlinkChecks,
      {
        hook: 'security_inode_readlink',
        args: [namedBy('path', (path) => pathValue(path, fileType.link | 0o777))],
        when: succeeded,
      },
    ],
    effects: [learnsLink],
    showsAbsence: true,
  },
  {
    calls: { getdents: 'fd dirent> count', getdents64: 'fd dirent> count' },
    evidence: 'getdents',
    lists: 'fd',
    sites: [permission('fd', 4, notFailed('EBADF', 'ENOTDIR'))],
  },
  {
    calls: { inotify_add_watch: 'fd path mask' },
    evidence: 'inotify_add_watch',
    sites: accessSites((call, machine) => ({ path: machine.pathAt(call, 'path'), access: 4 }), found),
  },
  { calls: { statfs: 'path buf>' }, evidence: 'no-hook-stat' },
  { calls: { getcwd: 'buf> size' }, evidence: 'no-hook-stat' },
];
