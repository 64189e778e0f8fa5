/** Descriptors: opened, duplicated, closed, received. */
import { readDescriptor } from '../../trace/annotation.ts';
import { readInt } from '../../trace/number.ts';
import { readList } from '../../trace/text.ts';
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import { newFile, type OpenFile, type SocketState } from '../file.ts';
import { fileType } from '../inodes.ts';
import { newSocket, readSocketAddress, sourceFor, type SocketAddress } from '../sockets.ts';
import { forCalls, type EffectContext, type EffectTable } from './effect.ts';

const O_CREAT = 0o100;
const O_CLOEXEC = 0o2000000;

function install(context: EffectContext, fd: number, file: OpenFile, cloexec: boolean): void {
  const released = context.call.task.files.set(fd, file, cloexec);
  if (released) context.released.push(released);
}

/** Flags of an open, wherever the call has them. */
export function openFlags(call: Call): number {
  switch (call.name) {
    case 'open':
      return call.flags(1);
    case 'openat':
      return call.flags(2);
    case 'creat':
      return 0o1101;
    case 'openat2':
      return readInt(/flags=([^,}]*)/.exec(call.arg(2))?.[1]) ?? 0;
    case 'open_by_handle_at':
      return call.flags(2);
    default:
      return 0;
  }
}

/** Mode argument of an open that creates. */
export function openMode(call: Call): number | undefined {
  switch (call.name) {
    case 'open':
      return call.int(2);
    case 'openat':
      return call.int(3);
    case 'creat':
      return call.int(1);
    case 'openat2':
      return readInt(/mode=([^,}]*)/.exec(call.arg(2))?.[1]);
    default:
      return undefined;
  }
}

function open(context: EffectContext): void {
  const { call, machine } = context;
  const fd = call.returned;
  if (fd === undefined) return;
  const flags = openFlags(call);
  const file = machine.fileFrom(call.result.target, flags);
  const at = call.name === 'openat' || call.name === 'openat2' ? 1 : 0;
  const path = call.path(at);
  if (!call.result.target && path !== undefined) {
    file.path = machine.resolve(call.task, at === 1 ? call.descriptor(0) : undefined, path);
    file.tooLong = file.path.length >= 4096;
  }
  const mode = openMode(call);
  if (file.kind === 'file' && flags & O_CREAT && mode !== undefined && !file.deleted) {
    if (machine.inodes.exists(file.path) === false) {
      machine.inodes.learn(file.path, {
        mode: fileType.regular | (mode & ~call.task.fs.umask),
        exists: true,
      });
    } else if (machine.inodes.knownMode(file.path) === undefined) {
      machine.inodes.learn(file.path, { mode: fileType.regular | (mode & ~call.task.fs.umask) });
    }
  }
  if ((flags & 0o20200000) === 0o20200000 && mode !== undefined) {
    // O_TMPFILE
    file.mode = fileType.regular | (mode & ~call.task.fs.umask);
  }
  if (file.kind === 'file') machine.inodes.seen(file.path);
  install(context, fd, file, (flags & O_CLOEXEC) !== 0);
}

/** A call whose result is a new descriptor, shown by its annotation. */
const make =
  (cloexec: (call: Call) => boolean) =>
  (context: EffectContext): void => {
    const { call, machine } = context;
    const fd = call.returned;
    if (fd !== undefined) install(context, fd, machine.fileFrom(call.result.target, 2), cloexec(call));
  };

const has = (index: number, bit: number) => (call: Call) => (call.flags(index) & bit) !== 0;
const never = (): boolean => false;
const always = (): boolean => true;

function duplicate(context: EffectContext, fd: number, cloexec: boolean): void {
  const { call, machine } = context;
  const source = machine.fileOf(call.task, call.descriptor(0));
  install(context, fd, source ?? machine.fileFrom(call.result.target, 0), cloexec);
}

/** Descriptors in `[3<…>, 4<…>]`. */
function pair(
  context: EffectContext,
  index: number,
  cloexec: boolean,
  make: (side: 0 | 1) => OpenFile | undefined,
): void {
  const { call, machine } = context;
  for (const [side, item] of (readList(call.arg(index)) ?? []).entries()) {
    const descriptor = readDescriptor(item);
    if (!descriptor) continue;
    const file = make(side === 0 ? 0 : 1) ?? machine.fileFrom(descriptor.target, side === 0 ? 0 : 1);
    install(context, descriptor.fd, file, cloexec);
  }
}

function close(context: EffectContext, fd: number): void {
  const file = context.call.task.files.close(fd);
  if (!file) return;
  context.released.push(file);
}

/** Descriptors that arrive in a message: `cmsg_data=[4</tmp/f>]`. */
export function receivedDescriptors(call: Call): ReturnType<typeof readDescriptor>[] {
  const match = /cmsg_type=SCM_RIGHTS, cmsg_data=(\[[^\]]*\])/.exec(call.text);
  return (readList(match?.[1] ?? '') ?? []).map((item) => readDescriptor(item));
}

const connected = (call: Call): boolean => call.ok || call.failed('EINPROGRESS');

export const descriptorEffects: EffectTable = {
  ...forCalls('open openat openat2 creat open_by_handle_at', open),
  ...forCalls('epoll_create inotify_init eventfd signalfd', make(never)),
  ...forCalls(
    'pidfd_open pidfd_getfd userfaultfd fanotify_init io_uring_setup bpf landlock_create_ruleset',
    make(always),
  ),
  ...forCalls('epoll_create1 inotify_init1', make(has(0, O_CLOEXEC))),
  eventfd2: make(has(1, O_CLOEXEC)),
  timerfd_create: make(has(1, O_CLOEXEC)),
  signalfd4: make(has(3, O_CLOEXEC)),
  perf_event_open: make(has(4, 8)),
  memfd_create: make(has(1, 1)),
  memfd_secret: make(has(0, O_CLOEXEC)),
  fsopen: make(has(1, 1)),
  fspick: make(has(2, 1)),
  fsmount: make(has(1, 1)),
  open_tree: make(has(2, O_CLOEXEC)),
  dup(context) {
    const fd = context.call.returned;
    if (fd !== undefined) duplicate(context, fd, false);
  },
  dup2(context) {
    const fd = context.call.returned;
    if (fd !== undefined && fd !== context.call.descriptor(0)?.fd) duplicate(context, fd, false);
  },
  dup3(context) {
    const fd = context.call.returned;
    if (fd !== undefined) duplicate(context, fd, (context.call.flags(2) & O_CLOEXEC) !== 0);
  },
  fcntl(context) {
    const { call } = context;
    const command = call.arg(1);
    const fd = call.returned;
    if (command.startsWith('F_DUPFD') && fd !== undefined)
      duplicate(context, fd, command === 'F_DUPFD_CLOEXEC');
    const own = call.descriptor(0)?.fd;
    if (command === 'F_SETFD' && own !== undefined) {
      call.task.files.setCloseOnExec(own, (call.flags(2) & 1) !== 0);
    }
  },
  ioctl({ call }) {
    const fd = call.descriptor(0)?.fd;
    if (fd === undefined) return;
    if (call.arg(1) === 'FIOCLEX') call.task.files.setCloseOnExec(fd, true);
    if (call.arg(1) === 'FIONCLEX') call.task.files.setCloseOnExec(fd, false);
  },
  pipe(context) {
    pair(context, 0, false, () => undefined);
  },
  pipe2(context) {
    pair(context, 0, (context.call.flags(1) & O_CLOEXEC) !== 0, () => undefined);
  },
  close(context) {
    const fd = context.call.descriptor(0)?.fd;
    if (fd !== undefined) close(context, fd);
  },
  close_range(context) {
    const { call } = context;
    const first = call.int(0) ?? 0;
    const last = call.int(1) ?? 0xffffffff;
    for (const [fd] of call.task.files.entries()) {
      if (fd < first || fd > last) continue;
      if (call.flags(2) & 4) call.task.files.setCloseOnExec(fd, true);
      else close(context, fd);
    }
  },
  socket(context) {
    const { call, machine } = context;
    const fd = call.returned;
    if (fd === undefined) return;
    const type = call.flags(1);
    const file = machine.fileFrom(call.result.target, 2);
    if (file.kind !== 'socket') Object.assign(file, newFile('socket', '', 2));
    file.socket = newSocket(call.int(0) ?? 0, type & 0xf, call.int(2) ?? 0);
    install(context, fd, file, (type & O_CLOEXEC) !== 0);
  },
  socketpair(context) {
    const type = context.call.flags(1);
    pair(context, 3, (type & O_CLOEXEC) !== 0, () => {
      const file = newFile('socket', '', 2);
      file.socket = newSocket(context.call.int(0) ?? 1, type & 0xf, 0);
      file.socket.state = 1;
      return file;
    });
  },
  ...forCalls('accept accept4', (context) => {
    const { call, machine } = context;
    const fd = call.returned;
    if (fd === undefined) return;
    const listener = machine.fileOf(call.task, call.descriptor(0))?.socket;
    const file = machine.fileFrom(call.result.target, 2);
    if (listener && file.kind !== 'socket') file.kind = 'socket';
    const socket = newSocket(listener?.family ?? 0, listener?.type ?? 1, listener?.protocol ?? 0);
    Object.assign(socket, { saddr: listener?.saddr, sport: listener?.sport ?? 0 });
    const shown = file.socket;
    file.socket = socket;
    takePeer(socket, call, machine);
    const index = machine.waiting.findIndex(({ dport }) => dport === socket.sport);
    const [peer] = index < 0 ? [] : machine.waiting.splice(index, 1);
    if (peer) {
      socket.peer = peer;
      peer.peer = socket;
    }
    if (shown?.dport)
      Object.assign(socket, {
        saddr: shown.saddr,
        sport: shown.sport,
        daddr: shown.daddr,
        dport: shown.dport,
      });
    file.socket.state = 1;
    install(context, fd, file, call.name === 'accept4' && (call.flags(3) & O_CLOEXEC) !== 0);
  }),
  bind({ machine, call }) {
    const socket = machine.fileOf(call.task, call.descriptor(0))?.socket;
    const address = readSocketAddress(call.arg(1));
    if (!socket || !address) return;
    if ('addr' in address) {
      socket.saddr = address.addr;
      socket.sport = address.port;
    } else {
      socket.path = address.path;
      if (!address.abstract) {
        const path = machine.resolve(call.task, undefined, address.path);
        machine.inodes.learn(path, { mode: fileType.socket | (0o777 & ~call.task.fs.umask), exists: true });
      }
    }
  },
  listen({ machine, call }) {
    const socket = machine.fileOf(call.task, call.descriptor(0))?.socket;
    if (!socket) return;
    socket.listening = true;
    socket.state = 10;
  },
  ...forCalls('recvmsg recvmmsg', (context) => {
    for (const descriptor of receivedDescriptors(context.call)) {
      if (descriptor)
        install(
          context,
          descriptor.fd,
          context.machine.fileFrom(descriptor.target, 0),
          context.call.text.includes('MSG_CMSG_CLOEXEC'),
        );
    }
  }),
};

/** Who connected first to this port, if it was one of the traced processes. */
function connector(socket: SocketState, machine: Machine): SocketAddress | undefined {
  const from = machine.waiting.find(({ dport }) => dport === socket.sport);
  return from?.saddr && { family: from.family, addr: from.saddr, port: from.sport };
}

/** The peer's address, as accept returns it; towards loopback our own end is known too. */
export function takePeer(socket: SocketState, call: Call, machine: Machine): void {
  const peer = readSocketAddress(call.arg(1)) ?? connector(socket, machine);
  if (!peer || !('addr' in peer) || peer.addr.length === 0) return;
  socket.daddr = peer.addr;
  socket.dport = peer.port;
  const isUnset = socket.saddr === undefined || socket.saddr.every((byte) => byte === 0);
  const source = sourceFor(peer.addr);
  if (isUnset && source) socket.saddr = source;
}

/** connect changes the socket also when it is still under way or was refused. */
export function connectEffect({ machine, call }: EffectContext): void {
  const socket = machine.fileOf(call.task, call.descriptor(0))?.socket;
  const address = readSocketAddress(call.arg(1));
  if (!socket || !address || !('addr' in address)) return;
  if (address.family === 0) {
    socket.state = 7;
    return;
  }
  if (connected(call) || call.failed('ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH')) {
    socket.daddr = address.addr;
    socket.dport = address.port;
    const isUnset = socket.saddr === undefined || socket.saddr.every((byte) => byte === 0);
    const source = sourceFor(address.addr);
    if (isUnset && source) socket.saddr = source;
  }
  if (connected(call)) {
    socket.state = call.ok ? 1 : 2;
    if (socket.type === 1) machine.waiting.push(socket);
  } else if (call.errno !== undefined) {
    socket.state = 7;
    socket.sport = 0;
  }
}
