/** Looks at another process through its folder in /proc: whether the caller may trace it is asked (ptrace_may_access). */
import type { Call } from '../machine/call.ts';
import { doubtOf } from '../machine/credential-doubts.ts';
import { hasCapability } from '../machine/credentials.ts';
import type { Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { walkOf } from '../machine/walk.ts';
import { capable, checkOptions } from './capability.ts';
import { condition } from './conditions.ts';
import type { Condition, Effect, HookSite } from './row.ts';
import { number } from '../kernel-model/kernel-value.ts';

const CAP_SYS_PTRACE = 19;
const CAP_SYS_ADMIN = 21;
const CAP_SYS_NICE = 23;
/** PTRACE_MODE_READ, or PTRACE_MODE_ATTACH; with PTRACE_MODE_FSCREDS, and without telling of a refusal. */
const modes = { read: 9, attach: 10, quietRead: 13 } as const;
const quiet = 4;
/** PTRACE_MODE_REALCREDS: the caller's real ids count, and what it is permitted. */
const realCreds = 0x10;

/** Links to what a process has open, is, or is in. */
const link = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(?:fd\/\d+|exe|cwd|root|ns\/\w+)$/;
/** Files that ask when they are opened. */
const guarded =
  /^\/proc\/(\d+)\/(?:task\/\d+\/)?(?:mem|maps|smaps|smaps_rollup|numa_maps|environ|auxv|pagemap|attr\/\w+|map_files\/\S+)$/;
/** What has open files asks on the way to them, and when it is opened, on kernels that differ. */
const descriptorsInfo = /^\/proc\/(\d+)\/(?:task\/\d+\/)?fdinfo(?:\/\d+)?$/;
/** Files that ask when their text is made. */
const askingText = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(stat|wchan|io|syscall|stack|personality|timerslack_ns)$/;

export interface Look {
  readonly pid: number;
  readonly mode: number;
  /** Why it is not known whether it takes place. */
  readonly doubt?: string;
}

const pidIn = (path: string): number => Number(/^\/proc\/(\d+)/.exec(path)?.[1]);
const isOther = (call: Call, path: string): boolean => !path.startsWith(`/proc/${call.task.process.pid}/`);

/** Links on the way of the call's path. */
function onWay(call: Call, machine: Machine): readonly Look[] {
  if (call.failed('EFAULT', 'EBADF')) return [];
  return walkOf(call, machine, 'path')
    .jumps.filter((one) => isOther(call, one))
    .map((one) => ({ pid: pidIn(one), mode: modes.read }));
}

/** The link itself, which the call reads. */
function atLink(call: Call, machine: Machine): readonly Look[] {
  const path = machine.pathAt(call, 'path');
  const looks = path !== undefined && link.test(path) && isOther(call, path);
  return looks ? [{ pid: pidIn(path), mode: modes.read }] : [];
}

const fdinfoDoubt =
  'how often a look at the descriptors of another process asks differs from kernel to kernel';

/** The file that the call opens. */
function atOpen(call: Call, machine: Machine): readonly Look[] {
  const shown = call.result.target;
  const path = shown?.kind === 'path' ? shown.text : machine.pathAt(call, 'path');
  if (path === undefined || !isOther(call, path)) return [];
  const pid = pidIn(path);
  if (descriptorsInfo.test(path)) return [{ pid, mode: modes.read, doubt: fdinfoDoubt }];
  return guarded.test(path) ? [{ pid, mode: path.endsWith('/mem') ? modes.attach : modes.read }] : [];
}

/** Name of the file in /proc whose text the call reads, of this process or another. */
function readName(
  call: Call,
  machine: Machine,
): { readonly path: string; readonly name: string } | undefined {
  const path = machine.fileAt(call, 'fd')?.path ?? '';
  const name = askingText.exec(path)?.[2];
  return name === undefined ? undefined : { path, name };
}

/** Its text is made as it is read from the beginning; a text: that is not known. */
function makesText(call: Call, machine: Machine): boolean | string {
  const { textMade } = machine.fileAt(call, 'fd') ?? {};
  if (textMade === 'whole' && !call.has('offset')) return false;
  const elsewhere = textMade === 'elsewhere' || (call.has('offset') && call.int('offset') !== 0);
  return elsewhere ? 'whether its text is made anew where the call reads is not modelled' : true;
}

/** The file that the call reads. */
function atRead(call: Call, machine: Machine): readonly Look[] {
  const { path = '', name } = readName(call, machine) ?? {};
  if (name === undefined || name === 'timerslack_ns' || !isOther(call, path)) return [];
  if (name === 'stack' && !hasCapability(call.task.cred, CAP_SYS_ADMIN)) return [];
  const made = makesText(call, machine);
  if (made === false) return [];
  const mode =
    name === 'stat' ? modes.quietRead : name === 'wchan' || name === 'io' ? modes.read : modes.attach;
  return [{ pid: pidIn(path), mode, ...(made !== true && { doubt: made }) }];
}

/** Capabilities that a file asks for by itself. */
const asksItself = (
  capability: number,
  of: 'first' | 'object',
  words: string,
  which: typeof readName,
): HookSite =>
  capable(capability, {
    of,
    when: condition(words, (call, machine) =>
      which(call, machine) === undefined ? false : makesText(call, machine),
    ),
  });
const ownChecks: readonly HookSite[] = [
  asksItself(CAP_SYS_ADMIN, 'first', 'it reads a stack', (call, machine) => {
    const found = readName(call, machine);
    return found?.name === 'stack' ? found : undefined;
  }),
  asksItself(CAP_SYS_NICE, 'object', 'it reads the timer slack of another process', (call, machine) => {
    const found = readName(call, machine);
    return found?.name === 'timerslack_ns' && isOther(call, found.path) ? found : undefined;
  }),
];

/** What comes of a look: the options of the checks, whether it goes on to the modules, and whether those ask once more. */
export interface Asked {
  readonly asks: readonly number[];
  readonly goesOn: boolean;
  readonly more: boolean;
}

/** What comes of one look. A text: that is not known. */
export function askedFor(call: Call, machine: Machine, { pid, mode, doubt }: Look): Asked | string {
  if (doubt !== undefined) return doubt;
  const { cred, process, namespaces } = call.task;
  const target = machine.tasks.get(pid);
  if (target === undefined || namespaces.Pid !== machine.start.namespaces.Pid) return strange;
  if (target.process === process) return { asks: [], goesOn: false, more: false };
  const doubtful = doubtOf(target.cred, 'uid', 'gid', 'capabilities');
  if (doubtful !== undefined) return doubtful;
  const options = (mode & quiet) === 0 ? checkOptions.none : checkOptions.noAudit;
  const sameSpace = target.cred.userNs.inum === cred.userNs.inum;
  const may = hasCapability(cred, CAP_SYS_PTRACE);
  const asks: number[] = [];
  if (!isSame((mode & realCreds) === 0 ? [cred.fsuid, cred.fsgid] : [cred.uid, cred.gid], target)) {
    if (!sameSpace)
      return 'what a capability counts in the user namespace of the other process is not modelled';
    asks.push(options);
    if (!may) return { asks, goesOn: false, more: false };
  }
  const { dumpable } = target.process.memory;
  if (dumpable === undefined) return strange;
  if (!dumpable) {
    asks.push(options);
    if (!may) return { asks, goesOn: false, more: false };
  }
  const holdsAll =
    sameSpace &&
    (target.cred.permitted & ~((mode & realCreds) === 0 ? cred.effective : cred.permitted)) === 0n;
  return { asks, goesOn: true, more: !holdsAll };
}

const strange = 'whether the other process may be looked at without a capability is not in the trace';

/** All ids of the other process are the caller's. */
const isSame = ([uid, gid]: readonly [uid: number, gid: number], { cred }: Task): boolean =>
  [cred.uid, cred.euid, cred.suid].every((id) => id === uid) &&
  [cred.gid, cred.egid, cred.sgid].every((id) => id === gid);

export type Looks = (call: Call, machine: Machine) => readonly Look[];

/** Checks of one look, the `index`th of those that the call may take. */
function lookSites(looks: Looks, index: number, when: Condition): readonly HookSite[] {
  const result = (call: Call, machine: Machine): Asked | string | undefined => {
    const look = looks(call, machine)[index];
    return look === undefined ? undefined : askedFor(call, machine, look);
  };
  const comes = (words: string, which: (found: Asked) => boolean, named: boolean): Condition =>
    condition(words, (call, machine) => {
      const found = result(call, machine);
      if (found === undefined || (typeof found !== 'string' && !which(found))) return false;
      const known = when.test(call, machine);
      if (known !== true || typeof found !== 'string') return known;
      return named ? found : false;
    });
  return [
    {
      ...capable(CAP_SYS_PTRACE, { options: (item) => item as number }),
      when: comes(
        'it looks at another process that is not the caller’s',
        ({ asks }) => asks.length > 0,
        true,
      ),
      each: (call, machine) => {
        const found = result(call, machine);
        return typeof found === 'object' ? found.asks : [checkOptions.none];
      },
    },
    {
      hook: 'security_ptrace_access_check',
      args: [undefined, (call, machine) => number(looks(call, machine)[index]?.mode ?? 0)],
      when: comes('it may look at another process', ({ goesOn }) => goesOn, true),
    },
    capable(CAP_SYS_PTRACE, {
      when: comes('the other process may do more than the caller', ({ more }) => more, false),
    }),
  ];
}

/** Checks of the one look that a call takes. */
export const lookChecks = (looks: Looks, when: Condition): readonly HookSite[] => lookSites(looks, 0, when);

const walked = condition('it is walked', () => true);
/** A path may lead over more than one; more than two are met nowhere. */
export const linkChecks: readonly HookSite[] = [0, 1].flatMap((index) => lookSites(onWay, index, walked));
export const readlinkChecks: readonly HookSite[] = [...linkChecks, ...lookSites(atLink, 0, walked)];

/** Of a file that was opened so far that its own check comes. */
export const openChecks = (when: Condition): readonly HookSite[] => lookSites(atOpen, 0, when);

export const readChecks = (when: Condition): readonly HookSite[] => [
  ...ownChecks,
  ...lookSites(atRead, 0, when),
];

/** What was read is not made again until the offset is at its beginning. */
export const readsText: Effect = {
  on: 'descriptors',
  apply: ({ call, machine }) => {
    const file = machine.fileAt(call, 'fd');
    if (file?.kind === 'file' && askingText.test(file.path)) file.textMade ??= 'whole';
  },
};

export const movesInText: Effect = {
  on: 'descriptors',
  apply: ({ call, machine }) => {
    const file = machine.fileAt(call, 'fd');
    if (file?.textMade === undefined) return;
    if (call.returned === 0) file.textMade = undefined;
    else if (call.arg('whence') !== 'SEEK_CUR' || call.int('offset') !== 0) file.textMade = 'elsewhere';
  },
};
