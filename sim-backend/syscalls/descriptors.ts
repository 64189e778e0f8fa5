/** Making, duplicating, locking and closing descriptors. */
import type { Call } from '../machine/call.ts';
import { isUnknown } from '../machine/file.ts';
import type { DescriptorText } from '../trace/annotation.ts';
import { file, number, unknown } from '../kernel-model/kernel-value.ts';
import {
  all,
  any,
  condition,
  failed,
  is,
  notFailed,
  onFile,
  succeeded,
  unmeasured,
  descriptorUnknown,
} from './conditions.ts';
import {
  close,
  closesOnExec,
  descriptorsIn,
  install,
  installPair,
  madeBy,
  makesDescriptor,
  newPipe,
  type CloseOnExec,
} from './descriptor-effects.ts';
import { anonymousPidFile, pidFile } from './processes.ts';
import type { Derivation, Effect, HookSite, SyscallRow } from './row.ts';
import { capable, checkOptions, mayAsk } from './capability.ts';
import { takesDescriptor } from './tracing.ts';
import { arg, fileAt, numberFrom, returned } from './values.ts';

const made =
  (kind: 'anon' | 'memory' | 'unknown'): Derivation =>
  (call, machine) =>
    file(madeBy(call, machine, kind));

/** Duplicates show the file of the first argument where the result has no annotation. */
const duplicated: Derivation = (call, machine) => {
  if (call.result.target) return file(machine.fileFrom(call.result.target, 0));
  const source = machine.fileAt(call, 'fd');
  if (source === undefined) return unknown(descriptorUnknown);
  if (source.inherited !== true || !isUnknown(source)) return file(source);
  // Shells put their standard streams aside all the time: if that were not known, no log of theirs told anything.
  machine.notes.add(standardAssumed);
  return { kind: 'path', path: '' };
};

const standardAssumed =
  'standard streams are taken for a terminal or pipe where they are duplicated: neither the trace nor a start snapshot tells where they lead';

export const itemNumber: Derivation = (_call, _machine, item) => number((item as DescriptorText).fd);
export const itemFile: Derivation = (_call, machine, item) =>
  file(machine.fileFrom((item as DescriptorText).target, 0));

/** The line shows which pipe it made. */
const isShown = (call: Call): boolean => descriptorsIn(call.arg('fildes')).every(({ target }) => target);
const pipeEnd: Derivation = (call, machine, item) =>
  isShown(call) ? itemFile(call, machine, item) : file(newPipe(call)(0));

const flagged = (flag: string, argument = 'flags'): CloseOnExec => ({ flag, argument });
const installs = (kind: 'anon' | 'memory' | 'unknown'): readonly HookSite[] => [
  { hook: 'fd_install', args: [returned, made(kind)], when: succeeded },
];
export const installsMade = installs('anon');

/** Calls that do nothing but make a descriptor, by when it is closed at an exec. */
const makers: readonly (readonly [cloexec: CloseOnExec, calls: Readonly<Record<string, string>>])[] = [
  [false, { epoll_create: 'size', inotify_init: '', eventfd: 'count', signalfd: 'fd mask sizemask' }],
  [
    true,
    {
      fanotify_init: 'flags eventflags',
      landlock_create_ruleset: 'attr size flags',
    },
  ],
  [flagged('EPOLL_CLOEXEC'), { epoll_create1: 'flags' }],
  [flagged('IN_CLOEXEC'), { inotify_init1: 'flags' }],
  [flagged('EFD_CLOEXEC'), { eventfd2: 'count flags' }],
  [flagged('TFD_CLOEXEC'), { timerfd_create: 'clockid flags' }],
  [flagged('SFD_CLOEXEC'), { signalfd4: 'fd mask sizemask flags' }],
  [flagged('O_CLOEXEC'), { memfd_secret: 'flags' }],
];

/** Behind the look at its parameters. */
const ringRefused = all(
  notFailed('EINVAL', 'EFAULT', 'EPERM'),
  unmeasured('how far it came is not in the trace'),
);

const pairOf = (calls: Readonly<Record<string, string>>, cloexec: CloseOnExec): SyscallRow => ({
  calls,
  evidence: 'fd-pairs',
  sites: [
    {
      hook: 'fd_install',
      args: [itemNumber, pipeEnd],
      when: succeeded,
      each: (call) => descriptorsIn(call.arg('fildes')),
    },
  ],
  effects: [
    {
      on: 'descriptors',
      apply: (context) => {
        const { call } = context;
        installPair(
          context,
          'fildes',
          closesOnExec(call, cloexec),
          isShown(call) ? undefined : newPipe(call),
        );
      },
    },
  ],
});

/** The result is one more descriptor of the file behind `fd`. */
const duplicates = (cloexec: CloseOnExec): Effect => ({
  on: 'descriptors',
  apply: (context) => {
    const { call, machine } = context;
    // dup2 of a descriptor to itself does nothing.
    if (call.returned === call.descriptor('fd')?.fd) return;
    const source = machine.fileAt(call, 'fd') ?? machine.fileFrom(call.result.target, 0);
    // What is closed by it is shown as it was.
    if (call.has('newfd')) machine.fileAt(call, 'newfd');
    install(context, call.returned, source, closesOnExec(call, cloexec));
  },
});

/** Types of locks by number: F_RDLCK, F_WRLCK, F_UNLCK. */
const lockType = numberFrom((call) => call.int('l_type'), 'the type of the lock');
const flockTypes: readonly (readonly [flag: number, type: number])[] = [
  [1, 0],
  [2, 1],
  [8, 2],
];
const flockType = numberFrom((call) => {
  const asked = call.int('cmd');
  return asked === undefined ? undefined : flockTypes.find(([flag]) => (asked & flag) !== 0)?.[1];
}, 'the type of the lock');

/** A lock on a descriptor that was opened the other way fails with EBADF, too, behind the hook. */
const isOpen = any(
  notFailed('EBADF'),
  onFile('fd', 'open', () => true),
);

const makesDuplicate = condition('cmd is F_DUPFD or F_DUPFD_CLOEXEC', (call) =>
  call.arg('cmd').startsWith('F_DUPFD'),
);

const O_NONBLOCK = 0o4000;
/** Flags that F_SETFL changes: append, direct, without access times, non-blocking, asynchronous. */
const settable = 0o2000 | 0o40000 | 0o1000000 | O_NONBLOCK | 0o20000;

/** Commands that drivers let privileged users do only; those of terminals, pipes and files that programs live on are none. */
const mayBePrivileged = condition(
  'the command may be privileged',
  (call) => !plainCommand.test(call.arg('cmd')),
);
const plainCommand =
  /^(TC(GETS|SETS|FLSH|XONC|SBRK)\w*|TIOC[GS](WINSZ|PGRP|SID|ETD|PTN|PTPEER|PTLCK)|TIOCNOTTY|TIOCEXCL|TIOCOUTQ|FION\w+|FIOCLEX|FIOASYNC|SIOCG\w+|BLKGETSIZE\w*|BLKSSZGET|FS_IOC_GETFLAGS|FS_IOC_FIEMAP|FI(CLONE|DEDUPE)\w*|BTRFS_IOC_CLONE\w*|SNDCTL\w*|EPIOC\w*|PERF_EVENT_IOC_(ENABLE|DISABLE|RESET))\b/;

const setsLock = is('cmd', 'F_SETLK', 'F_SETLKW', 'F_OFD_SETLK', 'F_OFD_SETLKW');

/** What fcntl and ioctl do to a descriptor, by their command. */
const commands: Readonly<Record<string, Effect>> = {
  F_DUPFD: duplicates(false),
  F_DUPFD_CLOEXEC: duplicates(true),
  F_SETFD: setsCloseOnExec((flags) => (flags & 1) !== 0),
  FIOCLEX: setsCloseOnExec(() => true),
  FIONCLEX: setsCloseOnExec(() => false),
  F_SETFL: {
    on: 'descriptors',
    apply: ({ call, machine }) => {
      const file = machine.fileAt(call, 'fd');
      if (file === undefined) return;
      const flags = call.flags('arg');
      file.flags = (file.flags & ~settable) | (flags & settable);
      file.nonBlocking = (flags & O_NONBLOCK) !== 0;
    },
  },
  F_GETFL: {
    on: 'knowledge',
    apply: ({ call, machine }) => {
      const file = machine.fileAt(call, 'fd');
      if (file) file.nonBlocking = ((call.returned ?? 0) & O_NONBLOCK) !== 0;
    },
  },
  FIONBIO: {
    on: 'descriptors',
    apply: ({ call, machine }) => {
      const file = machine.fileAt(call, 'fd');
      if (file) file.nonBlocking = call.arg('arg') !== '[0]';
    },
  },
};

function setsCloseOnExec(on: (argument: number) => boolean): Effect {
  return {
    on: 'descriptors',
    apply: ({ call }) => {
      const own = call.descriptor('fd')?.fd;
      if (own !== undefined) call.task.files.setCloseOnExec(own, on(call.flags('arg')));
    },
  };
}

const byCommand: Effect = {
  on: 'descriptors',
  apply: (context) => {
    commands[context.call.arg('cmd')]?.apply(context);
  },
};

export const descriptorRows: readonly SyscallRow[] = [
  ...makers.map(([cloexec, calls]): SyscallRow => ({
    calls,
    evidence: 'fd-makers',
    sites: installsMade,
    effects: [makesDescriptor(cloexec)],
  })),
  {
    calls: { memfd_create: 'name flags' },
    evidence: 'fd-makers',
    sites: installs('memory'),
    effects: [makesDescriptor(flagged('MFD_CLOEXEC'), 'memory')],
  },
  {
    calls: { userfaultfd: 'flags' },
    evidence: 'fd-makers, caps-misc',
    sites: [capable(19, { of: 'first', kernels: '>=6.1' }), ...installsMade],
    effects: [makesDescriptor(true)],
  },
  {
    calls: { io_uring_setup: 'entries params' },
    evidence: 'fd-makers, io_uring',
    sites: [
      capable(14, { of: 'first', options: checkOptions.noAudit, when: any(succeeded, ringRefused) }),
      ...installsMade,
    ],
    effects: [makesDescriptor(true)],
  },
  {
    calls: { io_uring_enter: 'fd to_submit min_complete flags arg argsz' },
    evidence: 'io_uring',
    submits: true,
  },
  {
    calls: { pidfd_open: 'pid flags' },
    evidence: 'pidfd_open',
    sites: [
      { hook: 'security_file_open', args: [pidFile], when: succeeded, kernels: '>=6.9' },
      { hook: 'fd_install', args: [returned, pidFile], when: succeeded, kernels: '>=6.9' },
      { hook: 'fd_install', args: [returned, anonymousPidFile], when: succeeded, kernels: '<=6.8' },
    ],
    effects: [makesDescriptor(true)],
  },
  {
    calls: { pidfd_getfd: 'pidfd targetfd flags' },
    evidence: 'pidfd_getfd',
    sites: [
      ...takesDescriptor,
      { hook: 'security_file_receive', args: [made('unknown')], when: succeeded },
      ...installs('unknown'),
    ],
    effects: [makesDescriptor(true, 'unknown')],
  },
  {
    calls: { dup: 'fd' },
    evidence: 'fd-makers',
    sites: [{ hook: 'fd_install', args: [returned, duplicated], when: succeeded }],
    effects: [duplicates(false)],
    shows: ['addresses', 'copy'],
  },
  {
    calls: { dup2: 'fd newfd' },
    evidence: 'dup2',
    effects: [duplicates(false)],
    shows: ['addresses', 'copy'],
  },
  {
    calls: { dup3: 'fd newfd flags' },
    evidence: 'dup2',
    effects: [duplicates(flagged('O_CLOEXEC'))],
    shows: ['addresses', 'copy'],
  },
  pairOf({ pipe: 'fildes' }, false),
  pairOf({ pipe2: 'fildes flags' }, flagged('O_CLOEXEC')),
  {
    calls: { fcntl: 'fd cmd arg{l_type}' },
    evidence: 'fcntl',
    sites: [
      { hook: 'security_file_fcntl', args: [fileAt(), arg('cmd'), arg('arg')], when: isOpen },
      {
        hook: 'security_file_lock',
        args: [fileAt(), lockType],
        when: all(setsLock, notFailed('EBADF')),
      },
      { hook: 'fd_install', args: [returned, duplicated], when: all(succeeded, makesDuplicate) },
    ],
    effects: [byCommand],
    locks: setsLock,
    shows: ['addresses', 'copy'],
  },
  {
    calls: { ioctl: 'fd cmd arg' },
    evidence: 'ioctl',
    sites: [
      { hook: 'security_file_ioctl', args: [fileAt(), arg('cmd'), arg('arg')], when: notFailed('EBADF') },
      mayAsk([12, 21], all(notFailed('EBADF'), mayBePrivileged), 'what a driver asks for is not modelled'),
      {
        hook: 'security_kernel_module_request',
        args: [() => unknown('the name of the module is not in the trace')],
        when: all(
          failed('ENODEV'),
          condition('it is about an interface', (call) => call.arg('cmd').startsWith('SIOC')),
          unmeasured('whether a module is asked for'),
        ),
      },
    ],
    effects: [byCommand],
    shows: ['addresses'],
    reshapes: [
      {
        kind: 'obscured',
        file: 'fd',
        when: all(
          succeeded,
          is('cmd', 'FICLONE', 'FICLONERANGE', 'BTRFS_IOC_CLONE', 'BTRFS_IOC_CLONE_RANGE'),
        ),
      },
    ],
  },
  {
    calls: { flock: 'fd cmd' },
    evidence: 'flock',
    locks: condition('it locks or unlocks', () => true),
    sites: [{ hook: 'security_file_lock', args: [fileAt(), flockType], when: notFailed('EBADF', 'EINVAL') }],
  },
  {
    calls: { close: 'fd' },
    evidence: 'last-close',
    effects: [
      {
        on: 'descriptors',
        apply: (context) => {
          const fd = context.call.descriptor('fd')?.fd;
          // The annotation shows what addresses a connection ended with.
          if (fd !== undefined && context.call.task.files.get(fd)?.kind === 'socket')
            context.machine.fileAt(context.call, 'fd');
          if (fd !== undefined) close(context, fd);
        },
      },
    ],
    shows: ['addresses'],
  },
  {
    calls: { close_range: 'fd max_fd flags' },
    evidence: 'last-close',
    effects: [
      {
        on: 'descriptors',
        apply: (context) => {
          const { call } = context;
          const first = call.int('fd') ?? 0;
          const last = call.int('max_fd') ?? 0xffffffff;
          for (const [fd] of call.task.files.entries()) {
            if (fd < first || fd > last) continue;
            if (closesOnExec(call, flagged('CLOSE_RANGE_CLOEXEC'))) call.task.files.setCloseOnExec(fd, true);
            else close(context, fd);
          }
        },
      },
    ],
  },
];
