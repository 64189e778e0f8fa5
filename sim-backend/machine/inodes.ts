/** What is known of files by their paths: mode, existence, the interpreter of a script. */
import type { ByteString } from '../../core/values/value.ts';
import { PathTree } from './path-tree.ts';
import { parentPath } from './paths.ts';

export const fileType = {
  mask: 0o170000,
  socket: 0o140000,
  link: 0o120000,
  regular: 0o100000,
  block: 0o060000,
  directory: 0o040000,
  character: 0o020000,
  fifo: 0o010000,
} as const;

interface Node {
  mode?: number;
  exists?: boolean;
  uid?: number;
  gid?: number;
}

type Known<T> = Pick<ReadonlyMap<ByteString, T>, 'get'>;

/** Facts that lines ahead of the replay show: used where nothing earlier is known. */
export interface Foreknowledge {
  readonly modes: Known<number>;
  readonly owners: Known<{ readonly uid: number; readonly gid: number }>;
  /** Script -> text after `#!`. */
  readonly interpreters: Known<ByteString>;
}

export class Inodes {
  private readonly nodes = new PathTree<Node>();
  /** Paths whose permission bits were assumed. */
  readonly assumed = new Set<ByteString>();

  /** While this is set nothing is learnt: the lines at hand are of what did not happen. */
  frozen = false;

  constructor(private readonly foreknown: Foreknowledge) {}

  learn(path: ByteString, facts: Node): void {
    if (this.frozen) return;
    const node = this.nodes.get(path);
    if (!node) {
      this.nodes.set(path, { ...facts });
      return;
    }
    if (facts.mode !== undefined) node.mode = facts.mode;
    if (facts.exists !== undefined) node.exists = facts.exists;
    if (facts.uid !== undefined) node.uid = facts.uid;
    if (facts.gid !== undefined) node.gid = facts.gid;
  }

  /** Mode if known; the foreknown one may be of later. */
  knownMode(path: ByteString): number | undefined {
    return this.nodes.get(path)?.mode ?? this.foreknown.modes.get(path);
  }

  /** True, false, or undefined when the trace has not shown it. */
  exists(path: ByteString): boolean | undefined {
    return this.nodes.get(path)?.exists;
  }

  owner(path: ByteString): { readonly uid: number; readonly gid: number } | undefined {
    const node = this.nodes.get(path);
    if (node?.uid !== undefined && node.gid !== undefined) return { uid: node.uid, gid: node.gid };
    return this.foreknown.owners.get(path);
  }

  /** Text behind `#!`, if the file is known to be a script. */
  interpreter(path: ByteString): ByteString | undefined {
    return this.foreknown.interpreters.get(path);
  }

  /** Mode with type bits; assumed by the look of the path where nothing is known. */
  mode(path: ByteString, hint?: { readonly device?: string; readonly directory?: boolean }): number {
    const known = this.knownMode(path);
    if (known !== undefined) return known;
    if (path === '/tmp' || path === '/var/tmp') return fileType.directory | 0o1777;
    if (/^\/dev\/(null|zero|full|random|urandom|tty|ptmx)$/.test(path)) return fileType.character | 0o666;
    this.assumed.add(path);
    if (hint?.device?.startsWith('block')) return fileType.block | 0o660;
    if (hint?.device?.startsWith('char'))
      return fileType.character | (path.startsWith('/dev/pts/') ? 0o620 : 0o666);
    if (hint?.directory) return fileType.directory | 0o755;
    if (path.startsWith('/proc/')) return fileType.regular | 0o444;
    if (/^\/(usr\/)?s?bin\//.test(path)) return fileType.regular | 0o755;
    return fileType.regular | 0o644;
  }

  remove(path: ByteString): void {
    this.nodes.set(path, { exists: false });
  }

  move(from: ByteString, to: ByteString): void {
    this.nodes.move(from, to);
    this.learn(to, { exists: true, ...this.withMode(from, to) });
    this.nodes.set(from, { exists: false });
  }

  /** Two names, each of the other's file from now on. */
  exchange(one: ByteString, other: ByteString): void {
    // No file has such a name.
    const aside = `${one}\0`;
    const modes = [this.knownMode(one), this.knownMode(other)];
    this.nodes.move(one, aside);
    this.nodes.move(other, one);
    this.nodes.move(aside, other);
    for (const [index, path] of [other, one].entries()) {
      const mode = modes[index];
      this.learn(path, { exists: true, ...(mode !== undefined && { mode }) });
    }
  }

  /** A second name of the file: what is learnt of one is of both. */
  link(from: ByteString, to: ByteString): void {
    const mode = this.knownMode(from);
    const owner = this.owner(from);
    this.learn(from, { exists: true, ...(mode !== undefined && { mode }), ...owner });
    this.nodes.set(to, this.nodes.get(from) ?? { exists: true });
  }

  /** The directories above an opened file exist. */
  seen(path: ByteString): void {
    const node = this.nodes.get(path);
    if (node?.exists === true) return;
    this.learn(path, { exists: true });
    const parent = parentPath(path);
    if (parent !== '/' && this.nodes.get(parent)?.exists !== true) this.seen(parent);
  }

  private withMode(from: ByteString, to: ByteString): Node {
    const node = this.nodes.get(to);
    if (node?.mode !== undefined) return {};
    const mode = this.foreknown.modes.get(from);
    return mode === undefined ? {} : { mode };
  }
}
