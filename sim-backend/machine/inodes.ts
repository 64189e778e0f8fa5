/** What is known of files by their paths: mode, owner, existence, and how they are executed. */
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

export interface Node {
  readonly mode?: number | undefined;
  /** Permission bits, where the type is not known. */
  readonly bits?: number | undefined;
  readonly exists?: boolean | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** A directory that was made, empty, since the start. */
  readonly made?: boolean | undefined;
  /** The file was made since the start, or by the scenario: it has no names but those that calls gave it. */
  readonly own?: boolean | undefined;
  /** The name is no symbolic link. */
  readonly plain?: boolean | undefined;
  /** Text behind `#!`; null: it is no script. */
  readonly interpreter?: ByteString | null | undefined;
  /** ELF interpreter; null: the file has none. */
  readonly loader?: ByteString | null | undefined;
  /** Attribute security.capability, in hexadecimal digits; null: the file has none. */
  readonly capability?: string | null | undefined;
}

type Known<T> = Pick<ReadonlyMap<ByteString, T>, 'get'>;
/** How a file is executed. */
export type ExecutedForm = Pick<Node, 'interpreter' | 'loader'>;

/** Facts that lines ahead of the replay show: used where nothing earlier is known. */
export interface Foreknowledge {
  readonly modes: Known<number>;
  readonly owners: Known<{ readonly uid: number; readonly gid: number }>;
  /** Script -> text after `#!`. */
  readonly interpreters: Known<ByteString | null>;
  /** What `loader` of a file that the step made would be. */
  readonly loaders: Known<ByteString | null>;
  /** Names that some line shows to be no links. */
  isPlain(path: ByteString): boolean;
}

/** A mode, or no more than the type, or neither. */
export interface Mode {
  /** With the type's bits; undefined: it is not known. */
  readonly mode: number | undefined;
  readonly type: number | undefined;
}

/** Names that devtmpfs itself gives to devices; their modes are udev's. */
const kernelDevice = /^\/dev\/(null|zero|full|random|urandom|tty|ptmx|kmsg)$/;

export class Inodes {
  private readonly nodes = new PathTree<Node>();

  /** While this is set nothing is learnt: the lines at hand are of what did not happen. */
  frozen = false;

  constructor(private readonly foreknown: Foreknowledge) {}

  learn(path: ByteString, facts: Node): void {
    if (this.frozen) return;
    const node = this.nodes.get(path);
    if (node) Object.assign(node, facts);
    else this.nodes.set(path, { ...facts });
  }

  /** Mode if known; the foreknown one may be of later. */
  knownMode(path: ByteString): number | undefined {
    return this.nodes.get(path)?.mode ?? this.foreknown.modes.get(path);
  }

  /** Mode as far as the start and the replay so far tell it. */
  modeSoFar(path: ByteString): number | undefined {
    return this.nodes.get(path)?.mode;
  }

  /** Permission and set-id bits, if known. */
  permissions(path: ByteString): number | undefined {
    const mode = this.knownMode(path);
    return this.nodes.get(path)?.bits ?? (mode === undefined ? undefined : mode & ~fileType.mask);
  }

  /** True, false, or undefined when neither the trace nor the recorder has shown it. */
  exists(path: ByteString): boolean | undefined {
    const known = this.nodes.get(path)?.exists;
    if (known !== undefined) return known;
    // In a folder that is not there, or that was made empty, is nothing but what was made.
    const folder = parentPath(path);
    return folder !== path && this.isEmpty(folder) ? false : undefined;
  }

  owner(path: ByteString): { readonly uid: number; readonly gid: number } | undefined {
    const node = this.nodes.get(path);
    if (node?.uid !== undefined && node.gid !== undefined) return { uid: node.uid, gid: node.gid };
    return this.foreknown.owners.get(path);
  }

  /** Text behind `#!`; null: the file is no script. undefined: that is not known. */
  interpreter(path: ByteString): ByteString | null | undefined {
    const known = this.nodes.get(path)?.interpreter;
    return known === undefined ? this.foreknown.interpreters.get(path) : known;
  }

  /** ELF interpreter; null: the file has none. undefined: that is not known. */
  loader(path: ByteString): ByteString | null | undefined {
    const known = this.nodes.get(path)?.loader;
    return known === undefined ? this.foreknown.loaders.get(path) : known;
  }

  capability(path: ByteString): string | null | undefined {
    return this.nodes.get(path)?.capability;
  }

  /** The name is known to be no symbolic link. */
  isPlain(path: ByteString): boolean {
    return path === '/' || this.nodes.get(path)?.plain === true || this.foreknown.isPlain(path);
  }

  /** What is known of the mode; `hint`: what else shows the type. */
  mode(path: ByteString, hint?: { readonly device?: string; readonly directory?: boolean }): Mode {
    const mode = this.knownMode(path);
    if (mode !== undefined) return { mode, type: mode & fileType.mask };
    if (hint?.device?.startsWith('block') === true) return { mode, type: fileType.block };
    if (hint?.device?.startsWith('char') === true || kernelDevice.test(path))
      return { mode, type: fileType.character };
    return { mode, type: hint?.directory === true ? fileType.directory : undefined };
  }

  remove(path: ByteString): void {
    this.nodes.set(path, { exists: false });
  }

  /** A name for a new inode, of which no more is known than this. */
  make(path: ByteString, facts: Node): void {
    this.nodes.set(path, { exists: true, plain: true, own: true, capability: null, ...facts });
  }

  /** The permission bits are others now, and nothing tells which: what is seen later may be of now. */
  forgetMode(path: ByteString): void {
    this.learn(path, { mode: undefined, bits: undefined });
  }

  /** Something was mounted there, or is no more: what is below is something else now. */
  cover(path: ByteString): void {
    this.nodes.forget(path);
    this.nodes.set(path, { exists: true, plain: true });
  }

  /** A program that ran is executable: a mode that says otherwise is of another time. */
  executed(path: ByteString): void {
    const node = this.nodes.get(path);
    if (node?.mode !== undefined && (node.mode & 0o111) === 0) this.learn(path, { mode: undefined });
  }

  /** The content may be another now. */
  rewritten(path: ByteString): void {
    const node = this.nodes.get(path);
    if (node && (node.interpreter !== undefined || node.loader !== undefined))
      this.nodes.set(path, { ...node, interpreter: undefined, loader: undefined });
  }

  move(from: ByteString, to: ByteString): void {
    const { mode } = this.mode(from);
    this.nodes.set(to, {});
    this.nodes.move(from, to);
    this.learn(to, { exists: true, ...(mode !== undefined && { mode }) });
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
    const { mode } = this.mode(from);
    this.learn(from, { exists: true, ...(mode !== undefined && { mode }), ...this.owner(from) });
    this.nodes.set(to, this.nodes.get(from) ?? { exists: true });
  }

  /** The names are known to be of one file. */
  areOne(one: ByteString, other: ByteString): boolean {
    const node = this.nodes.get(one);
    return one === other || (node !== undefined && node.exists !== false && node === this.nodes.get(other));
  }

  /** The names are known to be of two files; of two that were there before nobody knows it, as either may be a hard link. */
  areTwo(one: ByteString, other: ByteString): boolean {
    if (this.areOne(one, other)) return false;
    const [first, second] = [this.nodes.get(one), this.nodes.get(other)];
    const [{ type }, { type: otherType }] = [this.mode(one), this.mode(other)];
    return (
      first?.own === true ||
      second?.own === true ||
      type === fileType.directory ||
      (type !== undefined && otherType !== undefined && type !== otherType)
    );
  }

  /** A path as the kernel resolved it: it and the directories above are there, and no links. */
  seen(path: ByteString): void {
    const node = this.nodes.get(path);
    if (node?.exists === true && node.plain === true) return;
    this.learn(path, { exists: true, plain: true });
    const parent = parentPath(path);
    if (parent !== '/' && parent !== path) this.seen(parent);
  }

  /** Nothing is in it but what is known to have been put there. */
  private isEmpty(folder: ByteString): boolean {
    const node = this.nodes.get(folder);
    return node?.exists === false || node?.made === true;
  }
}
