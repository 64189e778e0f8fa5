/** Attributes of files: size, mode, owner, times, extended ones. */
import type { Call } from '../machine/call.ts';
import type { ByteString } from '../../core/values/value.ts';
import { hasCapability } from '../machine/credentials.ts';
import type { OpenFile } from '../machine/file.ts';
import { sameInode } from '../machine/open-names.ts';
import type { Machine } from '../machine/machine.ts';
import { readQuoted } from '../trace/text.ts';
import { number, unknown, type KernelValue } from '../kernel-model/kernel-value.ts';
import {
  all,
  always,
  condition,
  failed,
  found,
  not,
  notFailed,
  succeeded,
  unmeasured,
} from './conditions.ts';
import { foreign, foreignGroup, isInGroup, isRefused, pathOf } from './file-access.ts';
import type { Condition, Derivation, Effect, HookSite, SyscallRow } from './row.ts';
import { capable, checkOptions } from './capability.ts';
import { accessSites } from './search.ts';
import { asksForNewMode, asksToKeepBits, lessInIattr, withoutBits } from './set-id.ts';
import { arg, fileAt, inodeSetattr, pathAt, subject } from './values.ts';

const CAP_FSETID = 4;
const CAP_SYS_ADMIN = 21;
const CAP_SETFCAP = 31;
const ATTR_MODE = 1n;
const ATTR_SIZE = 8n;
const ATTR_MTIME = 0x20n;
const ATTR_CTIME = 0x40n;
const ATTR_FILE = 0x2000n;

const setattr = (
  path: Derivation,
  when: Condition,
  attributes: Derivation = notModelled,
): readonly HookSite[] => inodeSetattr(path, attributes, when);

function notModelled(): KernelValue {
  return unknown('what of the inode changes is not modelled for this call');
}

/** Mode of chmod as the kernel passes it on: umode_t as the program gave it, type's bits and all. */
const changedMode: Derivation = (call) => {
  const mode = call.int('mode');
  return mode === undefined ? unknown('the mode is not known') : number(mode & 0xffff);
};

/** struct iattr of a change of mode. */
const modeChange: Derivation = (call, machine) => {
  const asked = call.int('mode');
  const old = oldMode(call, machine);
  if (asked === undefined || old === undefined) return unknown('the mode is not known');
  const values = { ia_valid: ATTR_MODE | ATTR_CTIME, ia_mode: BigInt((old & ~0o7777) | (asked & 0o7777)) };
  return { kind: 'fields', values };
};

function oldMode(call: Call, machine: Machine): number | undefined {
  if (call.has('path')) {
    const path = machine.pathAt(call, 'path');
    return path === undefined ? undefined : machine.inodes.mode(path).mode;
  }
  const file = machine.fileAt(call, 'fd');
  return file && machine.modeOf(file).mode;
}

const openOf = (call: Call, machine: Machine): OpenFile | undefined => machine.fileAt(call, 'fd');

/** struct iattr of a new length; with it go set-id bits. */
const lengthen =
  (more: bigint, of: typeof pathOf | typeof openOf): Derivation =>
  (call, machine) => {
    const size = call.number('length');
    if (size === undefined) return unknown('the length is not known');
    const less = lessInIattr(call, machine, of);
    if (typeof less === 'string') return { kind: 'fields', values: { ia_size: size } };
    return {
      kind: 'fields',
      values: { ia_size: size, ...less, ia_valid: ATTR_SIZE | more | less.ia_valid },
    };
  };
const sizeChange = lengthen(0n, pathOf);
const openSizeChange = lengthen(ATTR_MTIME | ATTR_CTIME | ATTR_FILE, openOf);

const changesMode: Effect = {
  on: 'files',
  apply: ({ call, machine }) => {
    const path = pathOf(call, machine);
    const bits = newBits(call, machine, path);
    if (path !== undefined) {
      machine.inodes.learn(path, { mode: withType(machine.inodes.mode(path).type, bits), bits });
      return;
    }
    const file = call.has('path') ? undefined : machine.fileAt(call, 'fd');
    const changed = file && withType(machine.modeOf(file).type, bits);
    if (file && changed !== undefined) for (const one of sameInode(machine, file)) one.mode = changed;
  },
};

/** The bits as they are then: who is not in the file's group, and may not keep it, sets no set-group-ID bit. */
function newBits(call: Call, machine: Machine, path: ByteString | undefined): number | undefined {
  const asked = call.int('mode');
  if (asked === undefined) return undefined;
  const owner = path === undefined ? undefined : machine.inodes.owner(path);
  const keeps =
    owner === undefined || isInGroup(call, owner.gid) || hasCapability(call.task.cred, CAP_FSETID);
  return asked & (keeps ? 0o7777 : 0o5777);
}

/** A mode whose type or bits are not known is not known. */
const withType = (type: number | undefined, bits: number | undefined): number | undefined =>
  type === undefined || bits === undefined ? undefined : type | bits;

const resized = all(found, notFailed('EISDIR', 'EACCES'));
const onDescriptor = notFailed('EBADF', 'EINVAL');

/** Of an owner whom the caller is not: it takes a capability to act for him. */
const forOwner = (when: Condition): HookSite => capable(3, { of: 'own', when: all(when, foreign) });

/** In a foreign group only CAP_FSETID keeps the set-group-ID bit: asked for twice, whether the bit is set or not. */
const keepsGroupBit: HookSite = capable(CAP_FSETID, {
  of: 'own',
  when: all(found, notFailed('EPERM', 'EACCES'), foreignGroup),
  each: () => ['when it is prepared', 'when it is done'],
});

const isNow = (times: string): boolean => times === 'NULL' || /^\[UTIME_NOW, UTIME_NOW\]$/.test(times);
const setsTimes = condition('times are given', (call) => !isNow(call.arg('times')));

const nameIn = (...namespaces: string[]): Condition =>
  condition(`the name is of ${namespaces.join(' or ')}`, (call) => {
    const name = call.path('name');
    return name === undefined
      ? 'the name is not in the trace'
      : namespaces.some((namespace) => name.startsWith(namespace));
  });
const trusted = nameIn('trusted.');
const ofUser = nameIn('user.');
const fileCapability = nameIn('security.capability');
const inHex = (bytes: ByteString): string =>
  [...bytes].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/** Whether the capability is asked for is not measured. */
const mayBeAsked = (when: Condition, why: string, kernels?: string): HookSite =>
  capable(CAP_SYS_ADMIN, {
    of: 'own',
    when: all(when, unmeasured(why)),
    ...(kernels !== undefined && { kernels }),
  });

/** What is asked of a name before its hook (xattr_permission): a right for trusted ones, the file's mode for the user's. */
const asksForName = (access: number): readonly HookSite[] => [
  capable(CAP_SYS_ADMIN, { of: 'first', when: all(found, trusted) }),
  ...accessSites((call, machine) => ({ path: pathOf(call, machine), access }), all(found, ofUser)),
];
/** Who may not have the name comes no further. */
const nameGranted = all(
  not(all(trusted, failed('EPERM'))),
  not(
    all(
      trusted,
      failed('ENODATA'),
      condition('the caller has not CAP_SYS_ADMIN', (call) => !hasCapability(call.task.cred, CAP_SYS_ADMIN)),
    ),
  ),
  not(all(ofUser, failed('EPERM', 'EACCES'))),
);

/** The capabilities of a program come in two forms; the older one, which names no user namespace, asks once more. */
const setsCapabilities = all(found, fileCapability, notFailed('EOPNOTSUPP'));
const oldForm = condition('the capabilities name no user namespace', (call) => {
  const size = call.int('size');
  return size === undefined ? 'the size of the attribute is not in the trace' : size === 20;
});

const onTmpfs = condition('the file is on tmpfs', (call, machine) => {
  const path = pathOf(call, machine);
  return path === undefined
    ? 'where the file lies is not in the trace'
    : machine.mountOf(path).fstype === 'tmpfs';
});

/** An access control list has hooks of its own since 6.2. */
const accessList = nameIn('system.posix_acl_');

/** Since 5.12 the mount's id mapping comes before the dentry. */
const onAttribute = (hook: string, more: readonly Derivation[], when: Condition): readonly HookSite[] => [
  { hook, args: [subject, arg('name'), ...more], when, kernels: '<=5.11' },
  { hook, args: [undefined, subject, arg('name'), ...more], when, kernels: '>=5.12 <=6.1' },
  {
    hook,
    args: [undefined, subject, arg('name'), ...more],
    when: all(when, not(accessList)),
    kernels: '>=6.2',
  },
];

const onAccessList = (hook: string): HookSite => ({
  hook,
  args: [undefined, subject, arg('name')],
  when: all(found, accessList),
  kernels: '>=6.2',
});

/** What is known of security.capability then; in a namespace of users the kernel makes another value of it. */
const changesCapability: Effect = {
  on: 'files',
  apply: ({ call, machine }) => {
    const path = pathOf(call, machine);
    const named = fileCapability.test(call, machine);
    if (path === undefined || named === false) return;
    const { cred } = call.task;
    const isPlain = named === true && cred.userNs.inum === machine.start.hostNamespaces.User;
    const value = isPlain ? readQuoted(call.arg('value')) : undefined;
    const given = value?.cut === false ? inHex(value.bytes) : undefined;
    machine.inodes.learn(path, { capability: call.has('value') ? given : named === true ? null : undefined });
  },
};

/** The list of who may do what sets the permission bits, too. */
const changesAccess: Effect = {
  on: 'files',
  apply: ({ call, machine }) => {
    const path = pathOf(call, machine);
    if (path === undefined || accessList.test(call, machine) !== true) return;
    machine.inodes.forgetMode(path);
  },
};

/** Calls on extended attributes come in three forms: by path, by link, by descriptor. */
const forms = (name: string, more: string): Readonly<Record<string, string>> => ({
  [name]: `path ${more}`,
  [`l${name}`]: `path! ${more}`,
  [`f${name}`]: `fd ${more}`,
});

export const attributeRows: readonly SyscallRow[] = [
  {
    calls: { truncate: 'path length' },
    evidence: 'truncate',
    sites: [
      ...accessSites(
        (call, machine) => ({ path: machine.pathAt(call, 'path'), access: 2 }),
        all(found, notFailed('EISDIR')),
      ),
      { hook: 'security_path_truncate', args: [pathAt()], when: resized },
      ...asksToKeepBits(pathOf, resized),
      ...setattr(pathAt(), resized, sizeChange),
      asksForNewMode(pathOf, resized),
    ],
    effects: [withoutBits(pathOf, resized)],
    changesNames: always,
    copiesUp: succeeded,
    reshapes: [{ kind: 'resized', length: 'length' }],
  },
  {
    calls: { ftruncate: 'fd length' },
    evidence: 'truncate',
    sites: [
      { hook: 'security_file_truncate', args: [fileAt()], when: onDescriptor, kernels: '>=6.2' },
      { hook: 'security_path_truncate', args: [fileAt()], when: onDescriptor, kernels: '<=6.1' },
      ...asksToKeepBits(openOf, onDescriptor),
      ...setattr(fileAt(), onDescriptor, openSizeChange),
      asksForNewMode(openOf, onDescriptor),
    ],
    effects: [withoutBits(openOf, onDescriptor)],
    reshapes: [{ kind: 'resized', length: 'length' }],
  },
  {
    calls: {
      chmod: 'path mode',
      fchmod: 'fd mode',
      fchmodat: 'dirfd path mode',
      fchmodat2: 'dirfd path mode atflags',
    },
    evidence: 'chmod',
    sites: [
      { hook: 'security_path_chmod', args: [subject, changedMode], when: found },
      ...setattr(subject, found, modeChange),
      forOwner(found),
      keepsGroupBit,
    ],
    effects: [changesMode],
    changesNames: always,
    copiesUp: succeeded,
  },
  {
    calls: {
      utimensat: 'dirfd path times atflags',
      utimes: 'path times',
      utime: 'path times',
      futimesat: 'dirfd path times',
    },
    evidence: 'utimes',
    sites: [
      ...setattr(subject, found),
      forOwner(all(found, setsTimes)),
      forOwner(all(found, not(setsTimes))),
      capable(1, {
        of: 'own',
        when: all(
          found,
          failed('EACCES'),
          not(setsTimes),
          condition('the mode bits do not let the caller write', (call, machine) =>
            isRefused(machine, call, pathOf(call, machine), 2),
          ),
        ),
      }),
    ],
    changesNames: always,
    copiesUp: succeeded,
  },
  {
    calls: forms('setxattr', 'name value size flags'),
    evidence: 'setxattr',
    sites: [
      capable(CAP_SETFCAP, { of: 'own', when: setsCapabilities }),
      capable(CAP_SETFCAP, { when: all(setsCapabilities, notFailed('EPERM'), oldForm) }),
      ...asksForName(2),
      ...onAttribute(
        'security_inode_setxattr',
        [arg('value')],
        all(found, notFailed('EOPNOTSUPP'), not(all(fileCapability, failed('EPERM'))), nameGranted),
      ),
      capable(CAP_SYS_ADMIN, { of: 'own', when: all(found, nameIn('security.'), not(fileCapability)) }),
      {
        hook: 'security_inode_post_setxattr',
        args: [subject, arg('name')],
        when: all(succeeded, not(accessList)),
      },
      onAccessList('security_inode_set_acl'),
    ],
    effects: [changesAccess, changesCapability],
    changesNames: always,
    copiesUp: succeeded,
  },
  {
    calls: forms('getxattr', 'name value> size'),
    evidence: 'getxattr',
    sites: [
      ...asksForName(4),
      {
        hook: 'security_inode_getxattr',
        args: [subject, arg('name')],
        when: all(found, nameGranted),
        kernels: '<=6.1',
      },
      {
        hook: 'security_inode_getxattr',
        args: [subject, arg('name')],
        when: all(found, nameGranted, not(accessList)),
        kernels: '>=6.2',
      },
      onAccessList('security_inode_get_acl'),
    ],
  },
  {
    calls: forms('listxattr', 'list> size'),
    evidence: 'listxattr',
    sites: [
      { hook: 'security_inode_listxattr', args: [subject], when: found },
      capable(CAP_SYS_ADMIN, {
        of: 'first',
        options: checkOptions.noAudit,
        when: all(found, onTmpfs),
        kernels: '>=6.1',
      }),
      mayBeAsked(all(found, onTmpfs), 'how older kernels ask for CAP_SYS_ADMIN', '<=6.0'),
      mayBeAsked(all(found, not(onTmpfs)), 'whether the file system asks for CAP_SYS_ADMIN'),
    ],
  },
  {
    calls: forms('removexattr', 'name'),
    evidence: 'removexattr',
    sites: [
      ...asksForName(2),
      ...onAttribute('security_inode_removexattr', [], all(found, nameGranted)),
      capable(CAP_SYS_ADMIN, { of: 'own', when: all(found, nameIn('security.'), not(fileCapability)) }),
      capable(CAP_SETFCAP, { of: 'own', when: all(found, fileCapability) }),
      onAccessList('security_inode_remove_acl'),
    ],
    effects: [changesAccess, changesCapability],
    changesNames: always,
    copiesUp: succeeded,
  },
];
