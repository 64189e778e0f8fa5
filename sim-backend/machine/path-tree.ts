/** Something by paths, in a tree of directories: a directory moves with all that is below it, whatever that is. */
import type { ByteString } from '../../core/values/value.ts';

interface Entry<T> {
  children: Map<ByteString, Entry<T>> | undefined;
  value: T | undefined;
}

/** Paths whose entries are remembered beside the tree, so that most look-ups do not walk it. */
const mostRemembered = 16_384;

const newEntry = <T>(): Entry<T> => ({ children: undefined, value: undefined });

export class PathTree<T> {
  private readonly root = newEntry<T>();
  private readonly found = new Map<ByteString, Entry<T>>();

  constructor(entries: Iterable<readonly [ByteString, T]> = []) {
    for (const [path, value] of entries) this.set(path, value);
  }

  get(path: ByteString): T | undefined {
    return this.entry(path)?.value;
  }

  set(path: ByteString, value: T): void {
    this.made(path).value = value;
  }

  /** What is below it stays. */
  delete(path: ByteString): void {
    const entry = this.entry(path);
    if (!entry) return;
    entry.value = undefined;
    if (entry.children === undefined || entry.children.size === 0) this.cut(path);
  }

  /** Moves what is at `from` and below it; what is at `to` and has no counterpart stays. False if nothing moved. */
  move(from: ByteString, to: ByteString): boolean {
    const moved = this.entry(from);
    if (from === to || !moved) return false;
    this.cut(from);
    if (moved.children !== undefined) this.found.clear();
    merge(this.made(to), moved);
    return true;
  }

  /** What is at `path` and below it goes. */
  forget(path: ByteString): void {
    if (path === '/') this.root.children = undefined;
    else this.cut(path);
    this.found.clear();
  }

  private cut(path: ByteString): void {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    this.walk(parts)?.children?.delete(name);
    this.found.delete(path);
  }

  private entry(path: ByteString): Entry<T> | undefined {
    const known = this.found.get(path);
    if (known) return known;
    const entry = this.walk(path.split('/'));
    if (entry) this.remember(path, entry);
    return entry;
  }

  private walk(parts: readonly ByteString[]): Entry<T> | undefined {
    let at: Entry<T> | undefined = this.root;
    for (const part of parts) {
      at = at.children?.get(part);
      if (!at) return undefined;
    }
    return at;
  }

  private made(path: ByteString): Entry<T> {
    const known = this.found.get(path);
    if (known) return known;
    let at = this.root;
    for (const part of path.split('/')) {
      let next = at.children?.get(part);
      if (!next) {
        next = newEntry();
        (at.children ??= new Map()).set(part, next);
      }
      at = next;
    }
    this.remember(path, at);
    return at;
  }

  private remember(path: ByteString, entry: Entry<T>): void {
    if (this.found.size >= mostRemembered) this.found.clear();
    this.found.set(path, entry);
  }
}

function merge<T>(into: Entry<T>, moved: Entry<T>): void {
  if (moved.value !== undefined) into.value = moved.value;
  if (into.children === undefined) {
    into.children = moved.children;
    return;
  }
  for (const [name, entry] of moved.children ?? []) {
    const there = into.children.get(name);
    if (there) merge(there, entry);
    else into.children.set(name, entry);
  }
}
