/** Opening files by name. */
import { maskedMode } from '../machine/untold.ts';
import { newFile, type OpenFile } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import type { Call } from '../machine/call.ts';
import type { Machine, Resolution } from '../machine/machine.ts';
import type { ByteString } from '../../core/values/value.ts';
import { file, number, unknown, type KernelValue } from '../kernel-model/kernel-value.ts';
import {
  all,
  any,
  condition,
  each,
  failed,
  flag,
  not,
  notFailed,
  succeeded,
  unmeasured,
} from './conditions.ts';
import { isRefused, newOwner } from './file-access.ts';
import { linkChecks, openChecks } from './other-process.ts';
import { parentPath } from '../machine/paths.ts';
import type { Condition, Derivation, EffectContext, HookSite, SyscallRow } from './row.ts';
import { capable, checkOptions } from './capability.ts';
import { asksForNewMode, asksToKeepBits, withoutBits } from './set-id.ts';
import { constant, inodeSetattr, namedBy, parentOf, pathValue, returned } from './values.ts';
import { install } from './descriptor-effects.ts';

const O_CLOEXEC = 0o2000000;

const access = (call: Call): number => call.flags('flags') & 3;
const temporary = flag('O_TMPFILE');
const inRoot = flag('RESOLVE_IN_ROOT', true, 'resolve');
const creates = all(flag('O_CREAT'), not(temporary));

/** Errors that are met before the file is opened. */
const walked = notFailed(
  ...['ENOENT', 'ENOTDIR', 'EEXIST', 'ELOOP', 'EISDIR', 'ENAMETOOLONG', 'EINVAL', 'EFAULT', 'EBADF'],
);

/** Absolute path of what was opened: as the result shows it, else as the argument names it. */
export const openedPath = (call: Call, machine: Machine): ByteString | undefined =>
  call.result.target?.kind === 'path' ? call.result.target.text : machine.pathAt(call, 'path');

const exists = (call: Call, machine: Machine): boolean | undefined => {
  const path = openedPath(call, machine);
  return path === undefined ? undefined : machine.inodes.exists(path);
};
const notShown = 'neither the recording nor the trace shows whether the file existed';

const absent = condition('the file did not exist', (call, machine) => {
  const known = exists(call, machine);
  return known === undefined ? notShown : !known;
});

/** Did the call come to make the file? */
const making = all(
  creates,
  walked,
  notFailed('EROFS', 'EMFILE', 'ENFILE'),
  any(all(succeeded, flag('O_EXCL')), absent),
);
const existed = any(
  flag('O_CREAT', false),
  condition('the file existed', (call, machine) => exists(call, machine) ?? notShown),
);

const regular = condition('it is a regular file', (call, machine) => {
  const path = openedPath(call, machine);
  if (path === undefined) return false;
  const { target } = call.result;
  const { type } = machine.inodes.mode(path, target);
  if (type !== undefined) return type === fileType.regular && !path.startsWith('/proc/');
  // strace marks devices; directories and sockets cannot be opened for writing, and a pipe is not truncated.
  return target === undefined ? 'nothing tells what kind of file it is' : !path.startsWith('/proc/');
});

/** security_file_open: granted, not by O_PATH. */
const opens = all(
  flag('O_PATH', false),
  walked,
  notFailed('EACCES', 'EROFS', 'EPERM', 'EMFILE', 'ENFILE', 'ETXTBSY', 'ENOSPC', 'EDQUOT'),
);
/** Access that the flags ask for. */
const needs = (call: Call): number => [4, 2, 6, 6][access(call)] ?? 6;
/** The file of another process asks once it is open, and may refuse that. */
const opensOther = all(
  flag('O_PATH', false),
  notFailed('ENOENT', 'ENOTDIR', 'EEXIST', 'ELOOP', 'EISDIR', 'ENAMETOOLONG', 'EINVAL', 'EFAULT', 'EBADF'),
  condition('the mode bits let the caller in', (call, machine) => {
    if (!call.failed('EACCES')) return true;
    const refusal = isRefused(machine, call, openedPath(call, machine), needs(call));
    return typeof refusal === 'string' ? refusal : !refusal;
  }),
);
const truncates = all(flag('O_TRUNC'), succeeded, regular, existed);

/** The file is one that the call made: true, false, or undefined where nothing tells. */
function makes(call: Call, machine: Machine): boolean | undefined {
  if (!call.ok) return false;
  const result = any(temporary, making).test(call, machine);
  return typeof result === 'string' ? undefined : result;
}

/** A file that the call makes has the mode that it asks for. */
function withCreationMode(open: OpenFile, call: Call, machine: Machine): OpenFile {
  if (open.kind !== 'file' || makes(call, machine) !== true) return open;
  const mode = call.int('mode');
  open.type = fileType.regular;
  const bits = mode === undefined ? undefined : maskedMode(call.task.fs, mode);
  if (bits !== undefined) open.mode = fileType.regular | bits;
  return open;
}

/** The file that the call opens: by the result's annotation, else by the path. */
const openedFile: Derivation = (call, machine) => {
  const { target } = call.result;
  const flags = call.flags('flags');
  if (target) return file(withCreationMode(machine.fileFrom(target, flags), call, machine));
  // Such a file has the number of its inode for a name.
  if (temporary.test(call, machine) !== false) return file(newFile('file', '', flags));
  const found = machine.resolutionAt(call, 'path');
  const doubt = machine.doubtAt(call, 'path', found);
  if (doubt !== undefined) return unknown(doubt);
  if (found === undefined) return unknown('the path of the opened file is not known');
  return file(withCreationMode(argued(newFile('file', '', flags), found, call, machine), call, machine));
};

/** The file has the path of the call's argument, as no annotation shows the kernel's. */
function argued(opened: OpenFile, { path, unseen }: Resolution, call: Call, machine: Machine): OpenFile {
  const isNew = unseen === path && makes(call, machine) === true;
  return Object.assign(opened, {
    ...{ path, argued: true, tooLong: path.length >= 4096 },
    ...(!isNew && { unseen }),
  });
}

/** Of the path that was opened: the result shows it, or the argument leads to it. */
const ofOpened =
  (value: (path: ByteString | undefined, machine: Machine) => KernelValue): Derivation =>
  (call, machine, item) =>
    call.result.target?.kind === 'path'
      ? value(call.result.target.text, machine)
      : namedBy('path', value)(call, machine, item);
const parent = ofOpened(parentOf);
const fresh = ofOpened((path) => pathValue(path, 0));
const opened = ofOpened((path) => pathValue(path));
const creationMode: Derivation = (call) => number(fileType.regular | (call.int('mode') ?? 0));
/** MAY_READ, MAY_WRITE, MAY_APPEND. */
const mask: Derivation = (call) => {
  const mode = access(call);
  return number((mode === 0 ? 4 : mode === 1 ? 2 : 6) | (call.flags('flags') & 0o2000 ? 8 : 0));
};

const noPath: Condition = {
  ...all(
    flag('O_PATH', false),
    notFailed('ENOENT', 'ENOTDIR', 'EEXIST', 'ELOOP', 'EFAULT', 'EBADF', 'EINVAL'),
  ),
  words: 'it finds the file and O_PATH is not set',
};

/** The mode bits keep the caller from what it opens; that a directory on the way does ends with the same error. */
const refused = each(
  noPath,
  condition('the mode bits refuse the caller', (call, machine) => {
    const path = openedPath(call, machine);
    const { target } = call.result;
    if (target !== undefined && target.kind !== 'path') return false;
    return isRefused(machine, call, path, needs(call));
  }),
  { ...not(making), words: 'it does not make it' },
);
/** What refuses all but writing is asked about by itself first. */
const readsOnly = condition('it only reads', (call) => access(call) === 0);
const own = { of: 'own' } as const;
const checksAccess: readonly HookSite[] = [
  capable(2, { ...own, when: all(refused, readsOnly) }),
  capable(1, { ...own, when: all(refused, any(not(readsOnly), failed('EACCES'))) }),
  capable(1, {
    ...own,
    when: each(
      condition('the directory does not let the caller write', (call, machine) => {
        const path = openedPath(call, machine);
        return isRefused(machine, call, path === undefined ? undefined : parentPath(path), 3);
      }),
      { ...making, words: 'it makes the file' },
    ),
  }),
];

/** Each folder below /proc/sys/net, and the file, asks whether the caller may manage the network. */
const checksNetwork: HookSite = capable(12, {
  options: checkOptions.noAudit,
  when: noPath,
  each: (call, machine) =>
    /^\/proc\/sys\/(net(?:\/.*)?)$/.exec(openedPath(call, machine) ?? '')?.[1]?.split('/') ?? [],
});

const makesFile: readonly HookSite[] = [
  { hook: 'security_path_mknod', args: [parent, fresh, creationMode, constant(0)], when: making },
  {
    hook: 'security_inode_create',
    args: [parent, fresh, creationMode],
    when: all(notFailed('EACCES', 'EPERM'), making),
  },
];

/** What an open that fails has made, and gives up again: it has no path yet. */
const unopened: Derivation = () => file(newFile('anon', '', 0));

const opensFile = (checks: readonly HookSite[]): readonly HookSite[] => [
  { hook: 'security_file_open', args: [openedFile], when: opens },
  ...checks,
  {
    hook: 'security_file_post_open',
    args: [openedFile, mask],
    when: all(opens, succeeded, not(temporary)),
    kernels: '>=6.9',
  },
  { hook: 'security_file_truncate', args: [openedFile], when: truncates, kernels: '>=6.2' },
  { hook: 'security_path_truncate', args: [opened], when: truncates, kernels: '<=6.1' },
  ...asksToKeepBits(openedPath, truncates),
  ...inodeSetattr(opened, undefined, truncates),
  asksForNewMode(openedPath, truncates),
  { hook: 'fd_install', args: [returned, openedFile], when: succeeded },
  {
    hook: 'security_file_free',
    args: [unopened],
    when: all(not(succeeded), unmeasured('how far an open came that failed is not in the trace')),
  },
];

/** Where a path led teaches links, of the root and the mounts that the tracer has. */
function learnLink({ call, machine }: EffectContext): void {
  const { target } = call.result;
  const { fs, namespaces } = call.task;
  const own = fs.root === machine.start.root && namespaces.Mnt === machine.start.namespaces.Mnt;
  if (!own || target?.kind !== 'path' || target.deleted || inRoot.test(call, machine) === true) return;
  const given = machine.named(call, 'path');
  if (given !== undefined) machine.links.learn(given, target.text);
}

function open(context: EffectContext): void {
  const { call, machine } = context;
  const flags = call.flags('flags');
  const isNew = makes(call, machine);
  const opened = withCreationMode(machine.fileFrom(call.result.target, flags), call, machine);
  learnLink(context);
  if (!call.result.target && temporary.test(call, machine) === false) {
    const found = machine.resolutionAt(call, 'path');
    if (found !== undefined) argued(opened, found, call, machine);
  }
  if (opened.kind === 'file' && !opened.deleted) {
    if (isNew === true)
      machine.inodes.make(opened.path, { mode: opened.mode, ...newOwner(call, machine, opened.path) });
    else if ((flags & 3) !== 0) machine.inodes.rewritten(opened.path);
  }
  install(context, call.returned, opened, (flags & O_CLOEXEC) !== 0);
}

const opensToWrite = all(
  succeeded,
  condition('it opens for writing', (call) => access(call) !== 0),
);

export const openRows: readonly SyscallRow[] = [
  {
    calls: {
      open: 'path flags mode',
      openat: 'dirfd path flags mode',
      creat: 'path flags=O_WRONLY|O_CREAT|O_TRUNC mode',
      openat2: 'dirfd path how{flags mode resolve} size',
    },
    evidence: 'open',
    sites: [
      ...linkChecks,
      checksNetwork,
      ...makesFile,
      ...checksAccess,
      ...opensFile(openChecks(opensOther)),
    ],
    effects: [withoutBits(openedPath, truncates), { on: 'descriptors', apply: open }],
    // A descriptor of what it names, an empty file, or none where one was.
    changesNames: any(flag('O_CREAT'), flag('O_TRUNC')),
    copiesUp: opensToWrite,
    showsAbsence: true,
    shows: ['link'],
    reshapes: [{ kind: 'opened' }],
  },
  {
    calls: { open_by_handle_at: 'dirfd handle flags' },
    evidence: 'open, caps-misc',
    sites: [capable(2, { of: 'first' }), ...opensFile([])],
    effects: [{ on: 'descriptors', apply: open }],
    changesNames: flag('O_TRUNC'),
    copiesUp: opensToWrite,
    reshapes: [{ kind: 'opened' }],
  },
];
