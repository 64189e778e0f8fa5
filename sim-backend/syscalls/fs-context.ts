/** Working directory, root directory and umask of a task. */
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import { all, found, notFailed, succeeded } from './conditions.ts';
import type { Effect, SyscallRow } from './row.ts';
import { capable } from './capability.ts';
import { accessSites } from './search.ts';
import { fileAt, pathAt } from './values.ts';

/** A directory that may be searched. */
const searchable = all(found, notFailed('EACCES'));

/** The directory itself has to let the caller search it. */
const entering = accessSites((call, machine) => ({ path: machine.pathAt(call, 'path'), access: 1 }), found);

/** The working directory is that one now; undefined: it is one that nothing shows. */
function enter(
  { task: { fs } }: Call,
  found: Pick<OpenFile, 'path' | 'deleted' | 'unseen'> | undefined,
): void {
  fs.cwdShown = found !== undefined;
  if (found === undefined) return;
  fs.cwd = found.path;
  fs.cwdDeleted = found.deleted;
  fs.cwdUnseen = found.unseen;
}

const entersPath: Effect = {
  on: 'context',
  apply: ({ call, machine }) => {
    const found = machine.resolutionAt(call, 'path');
    enter(call, found && { path: found.path, deleted: false, unseen: found.unseen });
  },
};

const entersDescriptor: Effect = {
  on: 'context',
  apply: ({ call, machine }) => {
    const file = machine.fileAt(call, 'fd');
    enter(call, file?.path === '' ? undefined : file);
  },
};

export const fsContextRows: readonly SyscallRow[] = [
  {
    calls: { chdir: 'path' },
    evidence: 'chdir',
    sites: [...entering, { hook: 'set_fs_pwd', args: [undefined, pathAt()], when: succeeded }],
    effects: [entersPath],
  },
  {
    calls: { fchdir: 'fd' },
    evidence: 'chdir',
    sites: [
      ...accessSites(
        (call, machine) => ({ path: machine.fileAt(call, 'fd')?.path, access: 1 }),
        notFailed('EBADF', 'ENOTDIR'),
      ),
      { hook: 'set_fs_pwd', args: [undefined, fileAt()], when: succeeded },
    ],
    effects: [entersDescriptor],
  },
  {
    calls: { chroot: 'path' },
    shows: ['confinement'],
    evidence: 'chroot',
    sites: [
      ...entering,
      capable(18, { of: 'own', when: searchable }),
      { hook: 'security_path_chroot', args: [pathAt()], when: all(searchable, notFailed('EPERM')) },
      { hook: 'set_fs_root', args: [undefined, pathAt()], when: succeeded },
    ],
    effects: [
      {
        on: 'context',
        apply: ({ call, machine }) => {
          const path = machine.pathAt(call, 'path');
          if (path !== undefined) call.task.fs.root = path;
        },
      },
    ],
  },
  {
    calls: { umask: 'mask' },
    evidence: 'no-hook-umask',
    effects: [
      {
        on: 'context',
        apply: ({ call }) => {
          const mask = call.int('mask');
          if (mask !== undefined) call.task.fs.umask = mask & 0o777;
        },
      },
    ],
  },
];
