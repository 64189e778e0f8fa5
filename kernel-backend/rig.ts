/**
 * A rig: a machine with our native core on it, whose calls these are. The host's own (addon) or a guest's (channel);
 * what is above does not tell them apart.
 */
import type { Duplex } from 'node:stream';
import type { ByteString } from '../core/values/value.ts';
import { calls, type CallAnswer, type CallName, type CallRequest } from './rig/calls/index.ts';
import { streamCarrier, type Carrier } from './rig/carrier.ts';
import { RigError, wrongAnswer } from './rig/error.ts';

export { RigError } from './rig/error.ts';
export type { CallAnswer, CallName, CallRequest } from './rig/calls/index.ts';
export type { Carrier } from './rig/carrier.ts';

/** Who answers; its clock goes on, and is asked by `clock`. */
export type RigFacts = Omit<CallAnswer<'hello'>, 'boottimeNs' | 'realtimeNs'>;
export type RigClock = CallAnswer<'clock'>;
export type RunRequest = CallRequest<'run'>;
export type Started = CallAnswer<'run'> & {
  /** Descriptors of a held child that are ours and close by exec. */
  readonly plumbing: readonly number[];
};
export type WaitRequest = CallRequest<'wait'>;
export type Ended = CallAnswer<'wait'>;
export type FileFacts = CallAnswer<'stat'>;

/** Of what is made; default: the core's own. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** A file that is to be made. */
export interface GivenFile {
  readonly path: ByteString;
  readonly mode: number;
  readonly content: Uint8Array;
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
  given(files: readonly GivenFile[], exclusive: boolean, owner?: Owner): Promise<readonly ByteString[]>;
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
  /** Bytes that the file system of the path still has for whoever is not root. */
  room(path: ByteString): Promise<number>;
  run(request: RunRequest): Promise<Started>;
  release(pid: number): Promise<void>;
  wait(request: WaitRequest): Promise<Ended>;
  /** Kills all in the fence. */
  kill(): Promise<readonly number[]>;
  /**
   * A call of `native/PROTOCOL.md`. Throws RigError for an answer that is an error, or that is not what the protocol has.
   */
  call<N extends CallName>(
    name: N,
    head: CallRequest<N>,
    bytes?: Uint8Array,
  ): Promise<{ readonly head: CallAnswer<N>; readonly bytes: Uint8Array }>;
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
  const call: Rig['call'] = async (name, head, bytes) => {
    const answer = await carrier.call({ ...head, call: name }, bytes);
    if (typeof answer.head['error'] === 'string') throw new RigError(name, answer.head);
    return { head: checked(name, answer.head), bytes: answer.bytes };
  };
  const ask = async <N extends CallName>(name: N, head: CallRequest<N>): Promise<CallAnswer<N>> =>
    (await call(name, head)).head;

  return {
    facts: await ask('hello', {}),
    call,
    ping: async () => void (await call('ping', {})),
    clock: (set) => ask('clock', set === undefined ? {} : { realtimeNs: String(set) }),
    reseed: async (bytes) => void (await call('reseed', {}, bytes)),
    probe: async () => (await ask('probe', {})).features,
    kallsyms: async (names) => (await ask('kallsyms', { names })).addresses,
    fence: () => ask('fence', {}),
    async given(files, exclusive, owner) {
      const list = files.map(({ path, mode, content }) => ({ path, mode, size: content.length }));
      const contents = Buffer.concat(files.map((file) => file.content));
      return (await call('given', { files: list, exclusive, ...owner }, contents)).head.made;
    },
    mkdir: async (path, options) => (await ask('mkdir', { path, ...options })).made,
    remove: async (paths, options) => void (await call('remove', { paths, ...options })),
    read: async (path, options) => (await call('read', { path, ...options })).bytes,
    stat: (path) => ask('stat', { path }),
    list: async (path) => (await ask('list', { path })).names,
    room: async (path) => (await ask('room', { path })).free,
    async run(request) {
      const { plumbing = [], ...started } = await ask('run', request);
      return { ...started, plumbing };
    },
    release: async (pid) => void (await call('release', { pid })),
    wait: (request) => ask('wait', request),
    kill: async () => (await ask('kill', {})).left,
    close: () => carrier.close(),
  };
}

function checked<N extends CallName>(name: N, head: Record<string, unknown>): CallAnswer<N> {
  const result = calls[name].answer.safeParse(head);
  if (result.success) return result.data as CallAnswer<N>;
  const [issue] = result.error.issues;
  const why = issue?.code === 'invalid_type' ? `no ${issue.expected}` : (issue?.message ?? 'another shape');
  throw wrongAnswer(name, issue?.path.join('.') ?? '', why);
}
