/** Making, naming and asking of sockets. */
import { maskedMode } from '../machine/untold.ts';
import { newFile, type OpenFile, type SocketState } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import { hasCapability } from '../machine/credentials.ts';
import { parentPath } from '../machine/paths.ts';
import {
  choosePort,
  closeStream,
  endStream,
  establish,
  newSocket,
  takePort,
  tcpState,
} from '../machine/sockets.ts';
import type { Call } from '../machine/call.ts';
import type { ByteString } from '../../core/values/value.ts';
import { unknown } from '../kernel-model/kernel-value.ts';
import {
  all,
  any,
  condition,
  failed,
  is,
  isSocket,
  not,
  notFailed,
  succeeded,
  unmeasured,
} from './conditions.ts';
import { closesOnExec, descriptorsIn, install, installPair } from './descriptor-effects.ts';
import { itemNumber } from './descriptors.ts';
import type { CloseOnExec } from './descriptor-effects.ts';
import type { Condition, Derivation, EffectContext, HookSite, SyscallRow } from './row.ts';
import { inet4, inet6, onSocket, socketFile, tcp } from './socket-conditions.ts';
import { capable, mayAsk } from './capability.ts';
import { isRefused, newOwner } from './file-access.ts';
import { addressSearch, behindAddress } from './search.ts';
import { addressAt, arg, constant, numberFrom, pathValue, placed, returned, socketAt } from './values.ts';

/** The type argument has flags beside the type. */
const typeOf = (call: Call): number | undefined => {
  const type = call.int('type');
  return type === undefined ? undefined : type & 0xf;
};
const type: Derivation = numberFrom(typeOf, 'the socket type');
const cloexec: CloseOnExec = { flag: 'SOCK_CLOEXEC', argument: 'type' };

/** AF_PACKET asks before it looks at the protocol, the others behind that. */
const isRaw = any(
  is('family', 'AF_PACKET'),
  all(
    condition(
      'it is a raw socket of AF_INET or AF_INET6',
      (call) => typeOf(call) === 3 && [2, 10].includes(call.int('family') ?? 0),
    ),
    notFailed('EINVAL', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'),
  ),
);

/** Numbers of families and types that kernels have are below these. */
const familyEnd = 46;
const typeEnd = 11;
const inRange = condition('family and type are in range', (call) => {
  const family = call.int('family');
  const kind = typeOf(call);
  if (family === undefined || kind === undefined) return 'the family or the type of the socket is not known';
  return family >= 0 && family < familyEnd && kind < typeEnd;
});

/** Families that are part of the kernel itself. */
const builtIn = ['AF_UNIX', 'AF_INET', 'AF_INET6', 'AF_NETLINK', 'AF_PACKET'];
const inetFamilies: Readonly<Record<string, number>> = { AF_INET: 2, AF_INET6: 10 };
const plainProtocols = ['IPPROTO_IP', 'IPPROTO_TCP', 'IPPROTO_UDP', 'IPPROTO_ICMP', 'IPPROTO_ICMPV6', '0'];
const protocolMissing = failed('EPROTONOSUPPORT', 'ESOCKTNOSUPPORT');

const moduleName =
  (withType: boolean | undefined): Derivation =>
  (call) => {
    const family = call.int('family');
    const protocol = call.int('protocol');
    if (family === undefined || protocol === undefined) return unknown('the protocol is not known');
    if (withType === undefined) return { kind: 'string', bytes: `net-pf-${family}` };
    const name = `net-pf-${family}-proto-${protocol}`;
    return { kind: 'string', bytes: withType ? `${name}-type-${typeOf(call)}` : name };
  };

const mayHaveLoaded = 'whether a module of the family or protocol was loaded before is not in the trace';

/** A family or protocol that nobody offers: a module may. */
function requestsModule(tried: Condition): readonly HookSite[] {
  const hook = 'security_kernel_module_request';
  const builtInFamily = is('family', ...builtIn);
  const ofInet = is('family', ...Object.keys(inetFamilies));
  return [
    {
      hook,
      args: [moduleName(undefined)],
      when: all(
        tried,
        inRange,
        any(failed('EAFNOSUPPORT'), all(not(builtInFamily), unmeasured(mayHaveLoaded))),
      ),
    },
    ...[true, false].map((withType): HookSite => ({
      hook,
      args: [moduleName(withType)],
      when: all(
        tried,
        ofInet,
        notFailed('EAFNOSUPPORT'),
        any(protocolMissing, all(not(is('protocol', ...plainProtocols)), unmeasured(mayHaveLoaded))),
      ),
    })),
    {
      hook,
      args: [moduleName(false)],
      when: all(
        tried,
        is('family', 'AF_NETLINK'),
        any(
          protocolMissing,
          all(
            not(
              is('protocol', 'NETLINK_ROUTE', 'NETLINK_AUDIT', 'NETLINK_KOBJECT_UEVENT', 'NETLINK_GENERIC'),
            ),
            unmeasured(mayHaveLoaded),
          ),
        ),
      ),
    },
  ];
}

/** What the making of a socket runs; what is behind the first is run for one that was made. */
const makes = (tried: Condition, made: Condition): readonly HookSite[] => [
  {
    hook: 'security_socket_create',
    args: [arg('family'), type, arg('protocol'), constant(0)],
    when: all(tried, inRange),
  },
  ...requestsModule(tried),
  capable(13, { when: all(tried, isRaw) }),
  {
    hook: 'sk_alloc',
    args: [undefined, arg('family'), undefined, undefined],
    when: made,
    // It returns a pointer.
    returns: () => undefined,
  },
  {
    hook: 'security_socket_post_create',
    args: [undefined, arg('family'), type, arg('protocol'), constant(0)],
    when: made,
  },
];
const anyhow = condition('it is called', () => true);
/** Descriptors come first, then both sockets; whether they can be a pair is asked last. */
const triesPair = notFailed('EMFILE', 'ENFILE', 'EFAULT');
const madePair = any(succeeded, failed('EOPNOTSUPP'));

/** A socket as its making call describes it. */
function socketOf(call: Call, protocol: number): OpenFile {
  const made = newFile('socket', '', 2);
  made.nonBlocking = (call.flags('type') & 0o4000) !== 0;
  made.socket = newSocket(call.int('family') ?? 0, typeOf(call) ?? 0, protocol);
  return made;
}

function makeSocket(context: EffectContext): void {
  const { call } = context;
  const made = socketOf(call, call.int('protocol') ?? 0);
  install(context, call.returned, made, closesOnExec(call, cloexec));
}

function makePair(context: EffectContext): void {
  const { call, machine } = context;
  const ends = [socketOf(call, 0), socketOf(call, 0)] as const;
  const [one, other] = ends.map(({ socket }) => socket);
  if (one && other) {
    one.state = tcpState.established;
    other.state = tcpState.established;
    machine.connected(one, other);
  }
  installPair(context, 'usockvec', closesOnExec(call, cloexec), (side) => ends[side]);
}

/** The name in the file system that bind gives to a socket of AF_UNIX. */
const unixPath = (call: Call): ByteString | undefined => {
  const address = call.address('addr');
  return address !== undefined && 'path' in address && !address.abstract ? address.path : undefined;
};

const namesFile = all(
  condition('the address is a path', (call) => unixPath(call) !== undefined),
  notFailed('EADDRINUSE', 'ENOENT', 'EINVAL'),
);

const socketName: Derivation = (call, machine) => {
  const path = unixPath(call);
  const found = path === undefined ? undefined : machine.resolutionFromCwd(call.task, path);
  return placed(found, pathValue(found?.path, 0));
};

const folderRefuses = condition('the directory does not let the caller write', (call, machine) => {
  const path = unixPath(call);
  const place = path === undefined ? undefined : machine.fromCwd(call.task, path);
  if (place === undefined) return 'where the name lies is not in the trace';
  return isRefused(machine, call, parentPath(place), 3);
});

const isLowPort = condition('the port is below 1024', (call) => {
  const address = call.address('addr');
  return address !== undefined && 'port' in address && address.port > 0 && address.port < 1024;
});

function bind({ machine, call }: EffectContext): void {
  const socket = machine.fileAt(call, 'fd')?.socket;
  const address = call.address('addr');
  if (!socket || !address) return;
  if ('addr' in address) {
    socket.saddr = address.addr;
    socket.sport = address.port;
    socket.bound = address.port !== 0;
    socket.addressBound = address.addr.some((byte) => byte !== 0);
    choosePort(socket);
    return;
  }
  socket.path = address.path;
  const path = unixPath(call);
  if (path === undefined) return;
  const bits = maskedMode(call.task.fs, 0o777);
  const mode = bits === undefined ? undefined : fileType.socket | bits;
  const at = machine.fromCwd(call.task, path);
  if (at !== undefined) machine.inodes.make(at, { mode, ...newOwner(call, machine, at) });
}

function listen({ machine, call }: EffectContext): void {
  const socket = machine.fileAt(call, 'fd')?.socket;
  if (!socket) return;
  socket.listening = true;
  socket.state = tcpState.listen;
  choosePort(socket);
}

const sock = socketAt();

/** A call on a socket that does nothing but ask: `security_socket_NAME`. */
const asks = (
  calls: Readonly<Record<string, string>>,
  args: HookSite['args'],
  learns: (socket: SocketState, call: Call) => void = () => undefined,
): SyscallRow => ({
  calls,
  evidence: 'sockopts',
  effects: [
    {
      on: 'sockets',
      evenFailed: true,
      // Its annotation shows the addresses.
      apply: ({ call, machine }) => {
        const socket = machine.fileAt(call, 'fd')?.socket;
        if (socket !== undefined) learns(socket, call);
      },
    },
  ],
  sites: Object.keys(calls).map((name) => ({
    hook: `security_socket_${name}`,
    args,
    when: all(isSocket(), notFailed('EBADF', 'ENOTSOCK')),
  })),
  shows: ['addresses'],
});
const options = [sock, arg('level'), arg('optname')];
const shutdown = asks({ shutdown: 'fd how' }, [sock, arg('how')], (socket, call) => {
  if (call.ok && socket.protocol === 6 && ['SHUT_WR', 'SHUT_RDWR'].includes(call.arg('how')))
    endStream(socket, 'us');
});
/** Bits for reading and writing. */
const shutBits = numberFrom((call) => {
  const how = call.int('how');
  return how === undefined ? undefined : how + 1;
}, 'how it is shut down');
const mayShut = onSocket(
  'neither listening nor connecting',
  ({ state }) => state !== tcpState.listen && state !== tcpState.synSent,
);

/** Options of sockets themselves that ask; of two capabilities the second only without the first. */
const asking: Readonly<Record<string, readonly number[]>> = {
  SO_MARK: [13, 12],
  SO_PRIORITY: [13, 12],
  SO_RCVBUFFORCE: [12],
  SO_SNDBUFFORCE: [12],
};
const asksFirst = condition('the option asks for a capability', (call) => {
  const name = call.arg('optname');
  if (asking[name] === undefined) return false;
  // Six priorities are everybody's.
  if (name !== 'SO_PRIORITY') return true;
  const value = Number(/^\[(-?\d+)\]$/.exec(call.arg('optval'))?.[1]);
  return Number.isNaN(value) ? 'the priority is not in the trace' : value < 0 || value > 6;
});
/** Options that none of the protocols asks for a capability for. */
const plainOption =
  /^(SO_(?!BINDTODEVICE|BINDTOIFINDEX|DEBUG|ATTACH|BUSY_POLL|TXTIME|RESERVE_MEM|NETNS)\w+|TCP_(NODELAY|CORK|KEEP\w+|MAXSEG|SYNCNT|LINGER2|DEFER_ACCEPT|WINDOW_CLAMP|QUICKACK|USER_TIMEOUT|FASTOPEN\w*|NOTSENT_LOWAT|INQ|TIMESTAMP)|IP_(TOS|TTL|RECV\w+|MTU\w*|PKTINFO|FREEBIND|BIND_ADDRESS_NO_PORT|MULTICAST_\w+|ADD_MEMBERSHIP|DROP_MEMBERSHIP|HDRINCL|RETOPTS|LOCAL_PORT_RANGE)|IPV6_(V6ONLY|RECV\w+|UNICAST_HOPS|MULTICAST_\w+|MTU\w*|TCLASS|ADD_MEMBERSHIP|DROP_MEMBERSHIP|FREEBIND|CHECKSUM|ADDR_PREFERENCES|PKTINFO)|ICMP_FILTER|PACKET_\w+|NETLINK_(EXT_ACK|CAP_ACK|GET_STRICT_CHK|PKTINFO|NO_ENOBUFS|BROADCAST_ERROR)|UDP_\w+)$/;
const otherOption = condition(
  'the option is of a protocol that may ask',
  (call) => asking[call.arg('optname')] === undefined && !plainOption.test(call.arg('optname')),
);
const reaches = all(isSocket(), notFailed('EBADF', 'ENOTSOCK', 'EFAULT'));
const optionChecks: readonly HookSite[] = [
  capable((call) => asking[call.arg('optname')]?.[0] ?? 12, { when: all(reaches, asksFirst) }),
  capable((call) => asking[call.arg('optname')]?.[1] ?? 12, {
    when: all(
      reaches,
      asksFirst,
      condition('there is a second one', (call) => asking[call.arg('optname')]?.[1] !== undefined),
      condition('the caller has not the first', (call) => !hasCapability(call.task.cred, 13)),
    ),
  }),
  mayAsk([12, 13], all(reaches, otherOption), 'what this option asks for is not modelled'),
];

/** SO_ERROR tells how a connection that was under way ended. */
function learnsEnd(socket: SocketState, call: Call): void {
  if (!call.ok || call.arg('optname') !== 'SO_ERROR' || socket.state !== tcpState.synSent) return;
  if (call.arg('optval') === '[0]') establish(socket);
  else closeStream(socket);
}

/** The address that bind or the kernel's routes gave it, and the port. */
function learnsAddress(socket: SocketState, call: Call): void {
  const address = call.address('addr');
  if (!call.ok || address === undefined || !('addr' in address) || address.port === 0) return;
  takePort(socket, address.port);
  socket.saddr = address.addr;
  if (address.addr.some((byte) => byte !== 0)) delete socket.sourceAssumed;
}

const setsOption = asks({ setsockopt: 'fd level optname optval optlen' }, options);

export const socketRows: readonly SyscallRow[] = [
  {
    calls: { socket: 'family type protocol' },
    evidence: 'socket',
    sites: [
      { hook: '__sys_socket', args: [arg('family'), arg('type'), arg('protocol')] },
      ...makes(anyhow, succeeded),
      { hook: 'fd_install', args: [returned, socketFile], when: succeeded },
    ],
    effects: [{ on: 'descriptors', apply: makeSocket }],
  },
  {
    calls: { socketpair: 'family type protocol usockvec' },
    evidence: 'socketpair',
    sites: [
      ...makes(triesPair, madePair),
      ...makes(madePair, madePair),
      { hook: 'security_socket_socketpair', args: [], when: madePair },
      {
        hook: 'fd_install',
        args: [itemNumber, socketFile],
        when: succeeded,
        each: (call) => descriptorsIn(call.arg('usockvec')),
      },
    ],
    effects: [{ on: 'descriptors', apply: makePair }],
  },
  {
    calls: { bind: 'fd addr addrlen' },
    evidence: 'bind',
    sites: [
      { hook: '__sys_bind', args: [arg('fd'), arg('addr'), arg('addrlen')] },
      { hook: 'security_socket_bind', args: [sock, addressAt(), arg('addrlen')], when: isSocket() },
      { hook: 'inet_bind', args: [sock, addressAt()], when: inet4 },
      addressSearch(any(namesFile, failed('EADDRINUSE', 'ENOENT'))),
      {
        hook: 'security_path_mknod',
        args: [undefined, socketName, undefined, undefined],
        when: behindAddress(namesFile),
      },
      capable(1, { of: 'own', when: behindAddress(all(namesFile, folderRefuses)) }),
      {
        hook: 'security_inode_mknod',
        args: [undefined, socketName, undefined, undefined],
        when: all(namesFile, notFailed('EACCES')),
      },
      capable(10, { when: all(any(inet4, inet6), isLowPort) }),
    ],
    effects: [{ on: 'sockets', apply: bind }],
    changesNames: namesFile,
  },
  {
    calls: { listen: 'fd backlog' },
    evidence: 'listen',
    sites: [
      { hook: '__sys_listen', args: [arg('fd'), arg('backlog')] },
      { hook: 'security_socket_listen', args: [sock, arg('backlog')], when: isSocket() },
      {
        hook: 'inet_csk_listen_start',
        args: [sock],
        when: all(
          tcp,
          succeeded,
          onSocket('not listening yet', ({ listening }) => !listening),
        ),
      },
    ],
    effects: [{ on: 'sockets', apply: listen }],
  },
  {
    ...shutdown,
    sites: [
      ...(shutdown.sites ?? []),
      { hook: 'tcp_shutdown', args: [sock, shutBits], when: all(tcp, notFailed('EINVAL', 'EBADF'), mayShut) },
    ],
  },
  asks({ getsockopt: 'fd level optname optval optlen' }, options, learnsEnd),
  { ...setsOption, sites: [...(setsOption.sites ?? []), ...optionChecks] },
  asks({ getsockname: 'fd addr addrlen' }, [sock], learnsAddress),
  asks({ getpeername: 'fd addr addrlen' }, [sock], (socket, call) => {
    if (call.ok) establish(socket);
  }),
];
