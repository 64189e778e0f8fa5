/**
 * A rig: a machine with our native core on it, whose calls these are. The host's own (addon) or a guest's (channel);
 * what is above does not tell them apart.
 */
import type { Duplex } from 'node:stream';
import type { ByteString } from '../core/values/value.ts';
import { streamCarrier, type Carrier } from './rig/carrier.ts';
import { RigError } from './rig/error.ts';

export { RigError } from './rig/error.ts';
export type { Carrier } from './rig/carrier.ts';

export interface RigFacts {
  readonly protocol: number;
  /** `uname -r`, machine and node name of the rig's kernel. */
  readonly release: string;
  readonly machine: string;
  readonly nodeName: string;
  readonly libbpf: string;
  readonly pid: number;
  readonly uid: number;
}

export interface RigClock {
  readonly boottimeNs: bigint;
  readonly realtimeNs: bigint;
  readonly monotonicNs: bigint;
}

export interface RunRequest {
  readonly argv: readonly ByteString[];
  /** `NAME=value`. */
  readonly env: readonly ByteString[];
  readonly cwd: ByteString;
  readonly umask?: number;
  /** Files that take standard output and error, appended to. */
  readonly stdout: ByteString;
  readonly stderr: ByteString;
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
  /** Default true: in the fence, joined just before exec. */
  readonly fenced?: boolean;
  /** The child stops before joining and exec until `release`, so that its state can be read from /proc. */
  readonly hold?: boolean;
}

export interface Started {
  readonly pid: number;
  /** The program as it was found in PATH. */
  readonly program: ByteString;
  /** Descriptors of a held child that are ours and close by exec. */
  readonly plumbing: readonly number[];
}

export interface WaitRequest {
  readonly pid: number;
  /** Milliseconds after which the whole fence is killed. */
  readonly timeoutMs: number;
  /** Milliseconds that others in the fence get after the root's end. */
  readonly graceMs: number;
  /** Default true. */
  readonly fence?: boolean;
}

export interface Ended {
  /** Wait status of the process. */
  readonly status: number;
  readonly timedOut: boolean;
  /** Processes that had to be killed. */
  readonly left: readonly number[];
}

export interface FileFacts {
  readonly exists: boolean;
  /** With the type's bits. */
  readonly mode?: number;
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly inode?: number;
  readonly dev?: number;
  readonly rdev?: number;
  readonly nlink?: number;
  /** Of a symbolic link. */
  readonly target?: ByteString;
}

/** Of what is made; default: the core's own. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Rig {
  readonly facts: RigFacts;
  /** Answered by the reading thread, however busy the machine is. */
  ping(): Promise<void>;
  /** With an argument the wall clock is set first. */
  clock(setRealtimeNs?: bigint): Promise<RigClock>;
  /** Credits the bytes as entropy and makes the kernel take them up. */
  reseed(bytes: Uint8Array): Promise<void>;
  /** Feature to '' (works) or what it lacks; found by attaching. */
  probe(): Promise<Readonly<Record<string, string>>>;
  /** Addresses of kernel functions, as decimal texts. The first call reads the whole table. */
  kallsyms(names: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Makes the fence if it is not there yet, and says who is in it. */
  fence(): Promise<{ readonly path: string; readonly pids: readonly number[] }>;
  /** Writes files, makes the folders above. `exclusive`: a path that exists is an error. Returns what was made, in order. */
  given(
    files: readonly { readonly path: ByteString; readonly mode: number; readonly content: Uint8Array }[],
    exclusive: boolean,
    owner?: Owner,
  ): Promise<readonly ByteString[]>;
  /** `fresh`: whatever is there goes first. */
  mkdir(
    path: ByteString,
    options?: Owner & { readonly mode?: number; readonly fresh?: boolean },
  ): Promise<readonly ByteString[]>;
  /** Removes in order; folders only if empty, unless `tree`. What is absent is no error. */
  remove(paths: readonly ByteString[], options?: { readonly tree?: boolean }): Promise<void>;
  read(
    path: ByteString,
    options?: { readonly offset?: number; readonly limit?: number },
  ): Promise<Uint8Array>;
  stat(path: ByteString): Promise<FileFacts>;
  list(path: ByteString): Promise<readonly ByteString[]>;
  run(request: RunRequest): Promise<Started>;
  release(pid: number): Promise<void>;
  wait(request: WaitRequest): Promise<Ended>;
  /** Kills all in the fence. */
  kill(): Promise<readonly number[]>;
  /** A call of `native/PROTOCOL.md` as it is; throws RigError for an answer that is an error. */
  call(
    name: string,
    head?: Record<string, unknown>,
    bytes?: Uint8Array,
  ): Promise<{ readonly head: Record<string, unknown>; readonly bytes: Uint8Array }>;
  /** Lets go of the channel; the machine behind it is its owner's business. */
  close(): void;
}

/**
 * A rig over a byte stream to an agent. The agent may not be there yet: `hello` waits for it as long as the stream lives,
 * so the caller sets the deadline.
 */
export function connectRig(stream: Duplex): Promise<Rig> {
  return makeRig(streamCarrier(stream));
}

/** A rig over any carrier. */
export async function makeRig(carrier: Carrier): Promise<Rig> {
  const call: Rig['call'] = async (name, head = {}, bytes) => {
    const answer = await carrier.call({ ...head, call: name }, bytes);
    const rest = Object.fromEntries(Object.entries(answer.head).filter(([key]) => key !== 'id'));
    if (typeof rest['error'] === 'string') throw new RigError(name, rest);
    return { head: rest, bytes: answer.bytes };
  };
  const field = async <T>(
    key: string,
    name: string,
    head?: Record<string, unknown>,
    bytes?: Uint8Array,
  ): Promise<T> => (await call(name, head, bytes)).head[key] as T;

  const hello = (await call('hello')).head;
  return {
    facts: hello as unknown as RigFacts,
    call,
    ping: async () => void (await call('ping')),
    async clock(set) {
      const { head } = await call('clock', set === undefined ? {} : { realtimeNs: String(set) });
      const ns = (key: string): bigint => BigInt(String(head[key]));
      return { boottimeNs: ns('boottimeNs'), realtimeNs: ns('realtimeNs'), monotonicNs: ns('monotonicNs') };
    },
    reseed: async (bytes) => void (await call('reseed', {}, bytes)),
    probe: () => field('features', 'probe'),
    kallsyms: (names) => field('addresses', 'kallsyms', { names }),
    fence: async () => (await call('fence')).head as { path: string; pids: number[] },
    given(files, exclusive, owner) {
      const list = files.map(({ path, mode, content }) => ({ path, mode, size: content.length }));
      return field(
        'made',
        'given',
        { files: list, exclusive, ...owner },
        Buffer.concat(files.map((file) => file.content)),
      );
    },
    mkdir: (path, options) => field('made', 'mkdir', { path, ...options }),
    remove: async (paths, options) => void (await call('remove', { paths, ...options })),
    read: async (path, options) => (await call('read', { path, ...options })).bytes,
    stat: async (path) => (await call('stat', { path })).head as unknown as FileFacts,
    list: (path) => field('names', 'list', { path }),
    async run(request) {
      const { head } = await call('run', { ...request });
      return {
        pid: head['pid'] as number,
        program: head['program'] as string,
        plumbing: (head['plumbing'] ?? []) as number[],
      };
    },
    release: async (pid) => void (await call('release', { pid })),
    wait: async (request) => (await call('wait', { ...request })).head as unknown as Ended,
    kill: () => field('left', 'kill'),
    close: () => carrier.close(),
  };
}
