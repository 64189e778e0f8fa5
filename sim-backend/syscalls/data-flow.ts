/** What calls that move data have in common: checks of files, and where a signal stops them. */
import type { Call } from '../machine/call.ts';
import { isUnknown, type OpenFile, type SocketState } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { choosePort, endStream, establish } from '../machine/sockets.ts';
import { condition, descriptorUnknown } from './conditions.ts';
import type { Condition, Effect, HookSite, Interruption, KillRule } from './row.ts';
import { askedSize, constant, fileAt } from './values.ts';

export const permission = (argument: string, mask: number, when?: Condition): HookSite => ({
  hook: 'security_file_permission',
  args: [fileAt(argument), constant(mask)],
  ...(when !== undefined && { when }),
});

export const isTerminal = ({ path }: OpenFile): boolean => /^\/dev\/(tty|pts\/)/.test(path);
const isDevice = ({ path }: OpenFile): boolean => path.startsWith('/dev/');

const liesOn =
  (...types: string[]) =>
  (file: OpenFile | undefined, machine: Machine): boolean =>
    file !== undefined && types.includes(machine.mountOf(file.path).fstype);

/** The argument's file lies on one of these file systems; a device's data do not. */
export const onFileSystem = (argument: string, ...types: string[]): Condition =>
  condition(`${argument} is a file on ${types.join(', ')}`, (call, machine) => {
    const file = machine.fileAt(call, argument);
    if (file === undefined || (isUnknown(file) && file.standard === undefined)) return descriptorUnknown;
    if (file.kind !== 'file' || file.path === '' || isDevice(file)) return false;
    return machine.mountDoubt(file.path) ?? liesOn(...types)(file, machine);
  });

const MSG_PEEK = 2;

/** Bytes that the call sent over a connection, or took from it: one of those that show it to be there. */
const movesBytes = (move: (socket: SocketState, count: number, call: Call) => void): Effect => ({
  on: 'sockets',
  apply: ({ call, machine }) => {
    const socket = machine.fileAt(call, 'fd')?.socket;
    if (socket === undefined) return;
    if (socket.protocol === 6) establish(socket);
    move(socket, call.returned ?? 0, call);
  },
});
export const sendsBytes = movesBytes((socket, count) => {
  if (socket.peer) socket.peer.unread += count;
  else if (socket.type === 1) socket.early = (socket.early ?? 0) + count;
});

/** A message, be it sent or not, gives a socket of UDP a port. */
export const choosesPort: Effect = {
  on: 'sockets',
  evenFailed: true,
  apply: ({ call, machine }) => {
    const socket = machine.fileAt(call, 'fd')?.socket;
    if (socket?.protocol === 17) choosePort(socket);
  },
};

/** Did the call have room for data, so that none is the end of them? */
const hasRoom = (call: Call): boolean => (askedSize(call) ?? 0) > 0;

export const takesBytes = movesBytes((socket, count, call) => {
  if (call.has('flags') && call.has('addr') && (call.flags('flags') & MSG_PEEK) !== 0) return;
  socket.unread = Math.max(0, socket.unread - count);
  if (count === 0 && socket.protocol === 6 && hasRoom(call)) endStream(socket, 'peer');
});

const carries = (file: OpenFile | undefined): boolean =>
  !file || file.kind === 'pipe' || file.kind === 'socket';

const toDevices: readonly KillRule[] = [
  {
    where: 'terminal',
    effect: 'stopped',
    applies: (file) => file !== undefined && isTerminal(file),
  },
  {
    where: 'other device, /proc',
    effect: 'done',
    applies: (file) => /^\/(dev|proc)\//.test(file?.path ?? ''),
  },
];
const otherFile: KillRule = { where: 'other file', effect: 'stopped' };

/** Does a call that writes still take effect when it is killed? */
export const toFileRules: readonly KillRule[] = [
  { where: 'pipe, socket', effect: 'done', applies: carries },
  ...toDevices,
  {
    where: 'file on btrfs; file opened with O_DIRECT on ext4 or xfs',
    effect: 'done',
    applies: (file, machine) =>
      liesOn('btrfs')(file, machine) ||
      (((file?.flags ?? 0) & 0o40000) !== 0 && liesOn('ext4', 'xfs')(file, machine)),
  },
  otherFile,
];

/** The same of a call that copies inside the kernel. */
export const copyRules: readonly KillRule[] = [
  { where: 'to a pipe or socket', effect: 'stopped', applies: carries },
  ...toDevices,
  otherFile,
];

export const spliceRules: readonly KillRule[] = [
  {
    where: 'from a file on tmpfs to a pipe',
    effect: 'done',
    applies: (file, machine, from) =>
      file?.kind === 'pipe' && from?.kind === 'file' && liesOn('tmpfs')(from, machine),
  },
  ...copyRules,
];

/** Blocks are reserved at once, or page by page. */
export const reservingRules: readonly KillRule[] = [
  { where: 'tmpfs, xfs', effect: 'stopped', applies: liesOn('tmpfs', 'xfs') },
];

type Interrupts = (call: Call, machine: Machine) => Interruption | undefined;

/** A reader may have waited, but only for something that comes when it comes. */
export const takesData: Interrupts = (call, machine) => {
  const file = machine.fileAt(call, 'fd');
  if (file === undefined) return undefined;
  return isTerminal(file) || file.kind === 'pipe' || file.kind === 'socket' ? 'waits' : undefined;
};

/** The line discipline looks at pending signals before the first byte. */
export const offersData: Interrupts = (call, machine) => {
  const file = machine.fileAt(call, 'fd');
  return file !== undefined && isTerminal(file) ? 'restarted' : undefined;
};

/** A copy to a file looks at signals before each part. */
export const copiesData =
  (argument: string): Interrupts =>
  (call, machine) => {
    const to = machine.fileAt(call, argument);
    return to?.kind === 'pipe' || to?.kind === 'socket' ? undefined : 'restarted';
  };
