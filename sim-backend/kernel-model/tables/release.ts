/** The last reference to a file goes: by close, by dup2 over it, at exec, at exit. */
import type { OpenFile } from '../../machine/file.ts';
import { file, number, type KernelValue } from '../kernel-value.ts';
import type { Condition, Group, Derivation } from '../row.ts';

/** `released` of a hit is the file. */
const released: Derivation = (_call, _machine, item) => file(item as OpenFile);
const socket: Derivation = (_call, _machine, item): KernelValue => {
  const state = (item as OpenFile).socket;
  return state ? { kind: 'sock', socket: state } : { kind: 'unknown', why: 'the socket is not known' };
};

export type ReleaseCondition = (file: OpenFile) => boolean;
const inet: ReleaseCondition = ({ socket: state }) => state?.family === 2 || state?.family === 10;

/** Sites with the file that decides on them; the replay asks `applies` for each released file. */
export interface ReleaseSite {
  readonly hook: string;
  readonly args: readonly Derivation[];
  readonly applies: ReleaseCondition;
  readonly kernels?: string;
}

export const releaseSites: readonly ReleaseSite[] = [
  { hook: 'security_file_release', args: [released], applies: () => true, kernels: '>=6.9' },
  { hook: 'inet_release', args: [socket], applies: inet },
  { hook: 'tcp_close', args: [socket, () => number(0)], applies: (of) => of.socket?.protocol === 6 },
  { hook: 'udp_destroy_sock', args: [socket], applies: (of) => of.socket?.protocol === 17 },
  { hook: 'unix_release', args: [socket], applies: (of) => of.socket?.family === 1 },
  { hook: 'security_file_free', args: [released], applies: () => true },
];

const always: Condition = () => true;

/** The same as rows, so that the index of known hooks holds them. */
export const releaseTables: readonly Group[] = [
  {
    syscalls: '@release',
    evidence: 'last-close',
    sites: releaseSites.map(({ hook, args, kernels }) => ({
      hook,
      args,
      when: always,
      ...(kernels !== undefined && { kernels }),
    })),
  },
];
