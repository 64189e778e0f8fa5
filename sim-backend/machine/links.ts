/** Symbolic links as far as the start snapshot and the trace show them. */
import type { ByteString } from '../../core/values/value.ts';
import { BoundedMap } from './bounded-map.ts';
import { isBelow, parentPath } from './paths.ts';
import { PathTree } from './path-tree.ts';

/** What udev, systemd and containers make. */
const everywhere: readonly (readonly [string, string])[] = [
  ['/dev/fd', '/proc/self/fd'],
  ['/dev/stdin', '/proc/self/fd/0'],
  ['/dev/stdout', '/proc/self/fd/1'],
  ['/dev/stderr', '/proc/self/fd/2'],
  ['/var/run', '/run'],
];

/** What every system with a merged /usr has; a trace rarely shows it before the first program runs. */
const mergedUsr: readonly (readonly [string, string])[] = [
  ['/bin', '/usr/bin'],
  ['/sbin', '/usr/sbin'],
  ['/lib', '/usr/lib'],
  ['/lib64', '/usr/lib64'],
  ['/lib32', '/usr/lib32'],
];

/** Folders that are remembered at most. */
const mostFolders = 65_536;

interface Undecided {
  readonly given: ByteString;
  readonly resolved: ByteString;
}

export class Links {
  /** Absolute path of a link -> its target, absolute and resolved or as written. */
  private readonly targets = new PathTree<ByteString>([...everywhere, ...mergedUsr]);
  /** Links that follow from where a path below them led, if no link is below them in turn. */
  private readonly inferred = new Set<ByteString>();

  /** Folders that were seen to be no links, as some file has a path through them. */
  private folders = new BoundedMap<ByteString, true>(mostFolders);
  /** Folder -> the one path below it that led elsewhere by the same name: either of them may be the link. */
  private readonly undecided = new Map<ByteString, Undecided>();
  /** Such paths, and their folders. */
  private readonly undecidedEnds = new Map<ByteString, ByteString>();

  /** Links that nothing has shown yet, and those of them that were followed. */
  private readonly presumed = new Set<ByteString>(mergedUsr.map(([path]) => path));
  readonly assumed = new Set<ByteString>();

  /** Counts changes: what was resolved at another count may lead elsewhere now. */
  version = 0;

  /** Target of the link at this path, undefined if none is known. */
  target(path: ByteString): ByteString | undefined {
    const target = this.targets.get(path);
    if (target !== undefined && this.presumed.has(path)) this.assumed.add(path);
    return target;
  }

  /** Whether the link itself was shown, and not only a path through it. */
  isShown(path: ByteString): boolean {
    return !this.inferred.has(path);
  }

  set(path: ByteString, target: ByteString): void {
    this.inferred.delete(path);
    this.presumed.delete(path);
    if (this.targets.get(path) === target) return;
    this.targets.set(path, target);
    this.version += 1;
  }

  remove(path: ByteString): void {
    if (this.targets.get(path) === undefined) return;
    this.targets.delete(path);
    this.version += 1;
  }

  move(from: ByteString, to: ByteString): void {
    if (this.targets.move(from, to)) this.version += 1;
  }

  /** Two names, each of what the other was. */
  exchange(one: ByteString, other: ByteString): void {
    // No file has such a name.
    const aside = `${one}\0`;
    this.move(one, aside);
    this.move(other, one);
    this.move(aside, other);
  }

  /** Something was mounted there, or is no more: what is below is something else now. */
  cover(path: ByteString): void {
    this.targets.forget(path);
    this.version += 1;
    if (path !== '/') return;
    for (const [link, target] of [...everywhere, ...mergedUsr]) this.targets.set(link, target);
    for (const [link] of mergedUsr) this.presumed.add(link);
    this.folders = new BoundedMap(mostFolders);
    this.undecided.clear();
    this.undecidedEnds.clear();
  }

  /** A file has this path: nothing on the way is a link. */
  learnFolders(path: ByteString): void {
    for (let at = parentPath(path); at !== '/' && !this.folders.has(at); at = parentPath(at))
      this.folders.add(at, true);
  }

  /** Some file has a path through this folder. */
  isFolder(path: ByteString): boolean {
    return this.folders.has(path);
  }

  /**
   * Whether it is not known that this name is a link, or that it is none: something below led elsewhere under its own
   * name, as it does behind a link to a folder, and if it is one itself.
   */
  isUndecided(path: ByteString): boolean {
    const one = this.undecided.get(path);
    return one !== undefined && this.targets.get(one.given) === one.resolved && !this.folders.has(path);
  }

  /** The same of a name that a call does not follow. */
  isUndecidedEnd(path: ByteString): boolean {
    const folder = this.undecidedEnds.get(path);
    return folder !== undefined && this.isUndecided(folder);
  }

  /**
   * Learns from an opened path and where it led, both as of the same root and mounts. Equal ends are cut, so that
   * `/lib/a/b` at `/usr/lib/a/b` teaches that `/lib` is `/usr/lib`. Elsewhere than in the root folder it takes two such
   * paths: one may be a link to a file of its name.
   */
  learn(given: ByteString, resolved: ByteString): void {
    if (given === resolved || given === '/' || given.startsWith('/proc/')) return;
    const { link, target } = this.withoutEqualEnds(given, resolved);
    // Nothing lies below a link to itself.
    const known = this.targets.get(link);
    if (known === target) this.presumed.delete(link);
    if (target === '' || isBelow(target, link) || known !== undefined) return;
    const sure =
      link === given || parentPath(link) === '/' || (this.undecided.get(link)?.given ?? given) !== given;
    if (!sure) {
      this.undecided.set(link, { given, resolved });
      this.undecidedEnds.set(given, link);
      if (this.targets.get(given) !== undefined) return;
      this.targets.set(given, resolved);
      this.version += 1;
      return;
    }
    const before = this.undecided.get(link);
    if (before !== undefined) {
      this.undecided.delete(link);
      this.undecidedEnds.delete(before.given);
      if (this.targets.get(before.given) === before.resolved) this.targets.delete(before.given);
    }
    this.targets.set(link, target);
    this.version += 1;
    if (link !== given) this.inferred.add(link);
  }

  /** Where the link may be at the earliest. */
  private withoutEqualEnds(
    given: ByteString,
    resolved: ByteString,
  ): { readonly link: ByteString; readonly target: ByteString } {
    let link = given;
    let target = resolved;
    for (;;) {
      const a = link.lastIndexOf('/');
      const b = target.lastIndexOf('/');
      if (a <= 0 || b < 0 || link.slice(a) !== target.slice(b) || this.folders.has(link.slice(0, a))) break;
      link = link.slice(0, a);
      target = target.slice(0, b);
    }
    return { link, target };
  }
}
