/** Mounting file systems. */
import type { Machine } from '../machine/machine.ts';
import { type ByteString, fromBytes } from '../../core/values/value.ts';
import { cleanPath } from '../../core/values/path-text.ts';
import { all, condition, flag, is, not, notFailed, succeeded, unmeasured } from './conditions.ts';
import { makesDescriptor } from './descriptor-effects.ts';
import { installsMade } from './descriptors.ts';
import type { Effect, EffectContext, SyscallRow } from './row.ts';
import { capable } from './capability.ts';
import { arg, pathAt } from './values.ts';

const flags = {
  nosuid: 0x2,
  remount: 0x20,
  bind: 0x1000,
  move: 0x2000,
  /** Shared, slave, private or unbindable. */
  propagation: 0x1e0000,
} as const;

/** Index of the mount on top of a mount point; -1: none is known. */
const mountedAt = ({ mounts }: Machine, path: ByteString): number =>
  mounts.findLastIndex(({ mountpoint }) => mountpoint === path);

function mount({ call, machine }: EffectContext): void {
  const mountpoint = machine.pathAt(call, 'path');
  const how = call.flags('flags');
  // Remounts and changes of propagation make no new mount.
  if (mountpoint === undefined || how & (flags.remount | flags.propagation)) return;
  machine.cover(mountpoint);
  const from = machine.pathAt(call, 'dev_name');
  if (how & flags.bind && from !== undefined) {
    const { fstype, options } = machine.mountOf(from);
    machine.mounts.push({ mountpoint, root: cleanPath(machine.dentryPath(from)), fstype, options });
  } else if (how & flags.move && from !== undefined) {
    const index = mountedAt(machine, from);
    const old = machine.mounts[index];
    if (old) machine.mounts[index] = { ...old, mountpoint };
  } else {
    const options = how & flags.nosuid ? ['nosuid'] : [];
    machine.mounts.push({ mountpoint, root: '/', fstype: call.path('type') ?? 'unknown', options });
  }
}

const unmounts: Effect = {
  on: 'mounts',
  apply: ({ call, machine }) => {
    const path = machine.pathAt(call, 'path');
    if (path !== undefined) machine.cover(path);
    const index = path === undefined ? -1 : mountedAt(machine, path);
    if (index > 0) machine.mounts.splice(index, 1);
  },
};

const mountArguments = [arg('dev_name'), pathAt(), arg('type'), arg('flags')];
const targetFound = notFailed('ENOENT', 'ENOTDIR', 'EFAULT');
/** Asked first, whatever the arguments are. */
const admin = capable(21);

/** A new file system is mounted: the call asks once more. */
const mountsNew = condition('it mounts a file system', (call) => {
  const how = call.number('flags');
  if (how === undefined) return 'a flag of the mount is not known';
  return (Number(how) & (flags.remount | flags.bind | flags.move | flags.propagation)) === 0;
});
const goesOn = all(targetFound, notFailed('EPERM'));

/** A descriptor of a tree of mounts, or of a file system that is configured. */
const makesTree = (
  calls: Readonly<Record<string, string>>,
  flag: string,
  sites: SyscallRow['sites'] = [admin],
): SyscallRow => ({
  calls,
  evidence: 'new-mount-api',
  sites: [...sites, ...installsMade],
  effects: [makesDescriptor({ flag, argument: 'flags' })],
});

/** What the trace does not tell of it is what is mounted. */
const covers: Effect = {
  on: 'mounts',
  apply: ({ call, machine }) => {
    const path = machine.pathAt(call, 'newpath');
    if (path === undefined) return;
    machine.cover(path);
    const doubt = `what move_mount put at ${fromBytes(path)} is not in the trace`;
    machine.mounts.push({ mountpoint: path, root: '/', fstype: 'unknown', options: [], doubt });
  },
};

export const mountRows: readonly SyscallRow[] = [
  {
    calls: { mount: 'dev_name path type flags data' },
    shows: ['mounts'],
    evidence: 'mount',
    sites: [
      { hook: 'path_mount', args: mountArguments, when: targetFound },
      { hook: 'security_sb_mount', args: [...mountArguments, arg('data')], when: targetFound },
      capable(21, { when: targetFound }),
      capable(21, { when: all(goesOn, mountsNew) }),
      capable(21, {
        when: all(goesOn, not(mountsNew), unmeasured('whether CAP_SYS_ADMIN is asked for once more')),
      }),
    ],
    effects: [{ on: 'mounts', apply: mount }],
    changesNames: succeeded,
  },
  {
    calls: { umount2: 'path flags' },
    shows: ['mounts'],
    evidence: 'umount',
    sites: [
      { hook: 'path_umount', args: [pathAt(), arg('flags')], when: targetFound },
      capable(21, { when: targetFound }),
      {
        hook: 'security_sb_umount',
        args: [undefined, arg('flags')],
        when: all(targetFound, notFailed('EINVAL', 'EPERM')),
      },
    ],
    effects: [unmounts],
    changesNames: succeeded,
  },
  {
    calls: { pivot_root: 'new_root put_old' },
    shows: ['confinement'],
    evidence: 'pivot_root',
    sites: [
      capable(21),
      {
        hook: 'security_sb_pivotroot',
        args: [undefined, undefined],
        when: all(targetFound, notFailed('EPERM')),
      },
    ],
    effects: [
      {
        on: 'mounts',
        apply: ({ machine }) => {
          machine.pivot();
        },
      },
    ],
  },
  makesTree({ fsopen: 'fs_name flags' }, 'FSOPEN_CLOEXEC'),
  makesTree({ fsmount: 'fd flags attr_flags' }, 'FSMOUNT_CLOEXEC'),
  makesTree({ open_tree: 'dirfd path flags' }, 'OPEN_TREE_CLOEXEC', [
    capable(21, { when: all(notFailed('EINVAL'), flag('OPEN_TREE_CLONE')) }),
  ]),
  makesTree({ fspick: 'dirfd path flags' }, 'FSPICK_CLOEXEC'),
  {
    calls: { fsconfig: 'fd cmd key value aux' },
    evidence: 'new-mount-api',
    // Settings are kept until a file system is made of them.
    sites: [
      capable(21, {
        when: all(
          notFailed('EBADF', 'EBUSY'),
          is('cmd', 'FSCONFIG_CMD_CREATE', 'FSCONFIG_CMD_CREATE_EXCL', 'FSCONFIG_CMD_RECONFIGURE'),
        ),
      }),
    ],
  },
  {
    calls: { mount_setattr: 'dirfd path atflags uattr usize' },
    evidence: 'new-mount-api',
    sites: [admin],
  },
  {
    calls: { move_mount: 'dirfd path newdirfd newpath flags' },
    shows: ['mounts'],
    evidence: 'new-mount-api',
    sites: [
      admin,
      {
        hook: 'security_move_mount',
        args: [undefined, undefined],
        when: all(targetFound, notFailed('EPERM', 'EBADF')),
      },
    ],
    effects: [covers],
    changesNames: succeeded,
  },
];
