/** Symbolic links as far as the start snapshot and the trace show them. */
import type { ByteString } from '../../core/values/value.ts';
import { PathTree } from './path-tree.ts';

/** What every merged-/usr system has; a trace rarely shows it before the first program runs. */
const mergedUsr: readonly (readonly [string, string])[] = [
  ['/bin', '/usr/bin'],
  ['/sbin', '/usr/sbin'],
  ['/lib', '/usr/lib'],
  ['/lib64', '/usr/lib64'],
  ['/lib32', '/usr/lib32'],
  ['/dev/fd', '/proc/self/fd'],
  ['/dev/stdin', '/proc/self/fd/0'],
  ['/dev/stdout', '/proc/self/fd/1'],
  ['/dev/stderr', '/proc/self/fd/2'],
  ['/var/run', '/run'],
];

export class Links {
  /** Absolute path of a link -> its target, absolute and resolved or as written. */
  private readonly targets = new PathTree<ByteString>(mergedUsr);

  /** Links that nothing has shown yet; what always is a link in /dev and /var is none of them. */
  private readonly presumed = new Set<ByteString>(
    mergedUsr.filter(([, target]) => target.startsWith('/usr/')).map(([link]) => link),
  );
  /** Those of them that were followed. */
  readonly assumed = new Set<ByteString>();

  /** Counts changes: what was resolved at another count may lead elsewhere now. */
  version = 0;

  /** Target of the link at this path, undefined if none is known. */
  target(path: ByteString): ByteString | undefined {
    const target = this.targets.get(path);
    if (target !== undefined && this.presumed.has(path)) this.assumed.add(path);
    return target;
  }

  set(path: ByteString, target: ByteString): void {
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

  /**
   * Learns from an opened path and where it led. Equal ends are cut, so that `/lib/a/b` at `/usr/lib/a/b` teaches that
   * `/lib` is `/usr/lib`.
   */
  learn(given: ByteString, resolved: ByteString): void {
    if (given === resolved || given === '/' || given.startsWith('/proc/')) return;
    let link = given;
    let target = resolved;
    for (;;) {
      const a = link.lastIndexOf('/');
      const b = target.lastIndexOf('/');
      if (a <= 0 || b < 0 || link.slice(a) !== target.slice(b)) break;
      link = link.slice(0, a);
      target = target.slice(0, b);
    }
    const known = this.targets.get(link);
    if (known === target) this.presumed.delete(link);
    if (link !== target && target !== '' && known === undefined) {
      this.targets.set(link, target);
      this.version += 1;
    }
  }
}
