/** The last reference to a file goes: by close, by dup2 over it, at exec, at exit. */
import type { OpenFile } from '../machine/file.ts';
import { file, unknown } from '../kernel-model/kernel-value.ts';
import { all, unmeasured } from './conditions.ts';
import type { Condition, Derivation, HookSite, SyscallRow } from './row.ts';
import { constant } from './values.ts';

/** The item of a hit is the file. */
const released: Derivation = (_call, _machine, item) => file(item as OpenFile);
const socket: Derivation = (_call, _machine, item) => {
  const state = (item as OpenFile).socket;
  return state ? { kind: 'sock', socket: state } : unknown('the socket is not known');
};

const familyIs =
  (...families: number[]) =>
  (of: OpenFile): boolean =>
    of.socket !== undefined && families.includes(of.socket.family);
const protocolIs =
  (protocol: number) =>
  (of: OpenFile): boolean =>
    of.socket?.protocol === protocol;

/** A mapping keeps the file open; a policy that asks for this one cannot be told when it goes. */
export const releasedLater = (
  mapped: Derivation,
  when: Condition,
  each?: HookSite['each'],
): readonly HookSite[] => {
  const rest = {
    args: [mapped],
    when: all(when, unmeasured('when the last mapping of the file goes is not in the trace')),
    ...(each && { each }),
  };
  return [
    { hook: 'security_file_release', kernels: '>=6.9', ...rest },
    { hook: 'security_file_free', ...rest },
  ];
};

export const releaseRows: readonly SyscallRow[] = [
  {
    calls: { '@release': '' },
    evidence: 'last-close',
    sites: [
      { hook: 'security_file_release', args: [released], kernels: '>=6.9' },
      { hook: 'inet_release', args: [socket], about: familyIs(2, 10) },
      { hook: 'tcp_close', args: [socket, constant(0)], about: protocolIs(6) },
      { hook: 'udp_destroy_sock', args: [socket], about: protocolIs(17) },
      { hook: 'unix_release', args: [socket], about: familyIs(1) },
      { hook: 'security_file_free', args: [released] },
    ],
  },
];
