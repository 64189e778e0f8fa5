/** Paths whose state differs from the recorded course, because an action kept a call from changing them. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { isBelow } from '../machine/paths.ts';

/** Where the path of a call stands; -1 marks calls on a descriptor. */
const places: Readonly<Record<string, readonly number[]>> = {
  ...Object.fromEntries(
    (
      'open creat stat lstat access truncate mkdir rmdir unlink chmod chown lchown chdir readlink execve mknod chroot ' +
      'statfs utime utimes getxattr lgetxattr listxattr llistxattr'
    )
      .split(' ')
      .map((name) => [name, [0]]),
  ),
  ...Object.fromEntries(
    (
      'openat openat2 newfstatat statx faccessat faccessat2 mkdirat unlinkat fchmodat fchmodat2 fchownat readlinkat ' +
      'execveat mknodat utimensat futimesat'
    )
      .split(' ')
      .map((name) => [name, [1]]),
  ),
  rename: [0, 1],
  link: [0, 1],
  symlink: [1],
  symlinkat: [2],
  renameat: [1, 3],
  renameat2: [1, 3],
  linkat: [1, 3],
};
const onDescriptor = new Set([
  'write',
  'pwrite64',
  'writev',
  'pwritev',
  'pwritev2',
  'sendfile',
  'ftruncate',
  'fallocate',
]);
const changing =
  /^(creat|truncate|mkdir|rmdir|unlink|chmod|chown|lchown|mknod|mkdirat|unlinkat|fchmodat2?|fchownat|mknodat|rename|link|symlink|renameat2?|symlinkat|linkat)$/;

export class ChangedPaths {
  private readonly paths = new Set<ByteString>();

  constructor(private readonly machine: Machine) {}

  /** Calls that name a path, which have to be looked at once something was changed. */
  static names(name: string): boolean {
    return name in places;
  }

  /** This call did not do what was recorded. */
  prevented(call: Call): void {
    const opens = call.name === 'open' || call.name === 'openat' || call.name === 'openat2';
    if (opens ? call.text.includes('O_CREAT') || call.text.includes('O_TRUNC') : changing.test(call.name)) {
      for (const path of this.pathsOf(call)) this.paths.add(path);
    } else if (onDescriptor.has(call.name)) {
      const file = this.machine.fileOf(call.task, call.descriptor(0));
      if (file?.kind === 'file' && file.path.startsWith('/') && !file.path.startsWith('/dev/'))
        this.paths.add(file.path);
    }
  }

  /** The call meets something that is not as it was recorded. */
  meets(call: Call): boolean {
    if (this.paths.size === 0) return false;
    for (const path of this.pathsOf(call)) {
      for (const changed of this.paths) if (isBelow(path, changed)) return true;
    }
    return false;
  }

  private pathsOf(call: Call): ByteString[] {
    const found: ByteString[] = [];
    for (const index of places[call.name] ?? []) {
      const path = call.path(index);
      if (path === undefined) continue;
      const directory = index > 0 && call.name.includes('at') ? call.descriptor(index - 1) : undefined;
      found.push(this.machine.resolve(call.task, directory, path));
    }
    return found;
  }
}
