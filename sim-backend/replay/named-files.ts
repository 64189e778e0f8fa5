/** The files that a trace names, as tasks' roots and directories make of it: what a recorder has to look at. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { isBelow, parentPath } from '../machine/paths.ts';
import { rowOf, signatureOf } from '../syscalls/index.ts';
import { execTarget } from '../syscalls/exec-target.ts';

/** What the trace does to a name; absolute, from strace's root. */
export interface NamedFile {
  readonly path: ByteString;
  /** It is executed, as a program, as a script or as an interpreter. */
  executed: boolean;
  /** What the first call that could tell shows of the name before the step; undefined: none does. */
  existed: boolean | undefined;
  /** Calls may have made, moved or removed the name, or put another file there. */
  renamed: boolean;
  /** A call may have made it, if it was not there. */
  mayBeMade: boolean;
  /** Mode or owner were changed. */
  changed: boolean;
  /** After it was executed, its content was, or another file was put there. */
  reformed: boolean;
}

export class NamedFiles {
  private readonly files = new Map<ByteString, NamedFile>();
  private readonly mounted: ByteString[] = [];
  /** Mount namespaces with a root of their own. */
  private readonly pivoted = new Set<number>();

  constructor(private readonly machine: Machine) {
    machine.walked = (path) => void this.at(path);
  }

  /** Calls that name a file, or tell what names stand for. */
  static concerns(name: string): boolean {
    const signature = signatureOf(name);
    return signature.has('path') || signature.has('fd') || name === pivots;
  }

  /** Those that were there as they are before and after: not below what was mounted, and not in /proc. */
  all(): readonly NamedFile[] {
    return [...this.files.values()].filter(
      ({ path }) => !isBelow(path, '/proc') && !this.mounted.some((point) => isBelow(path, point)),
    );
  }

  /** A call, before it is taken over. Only paths of the tracer's own mounts are noted, or of a copy of them. */
  take(call: Call): void {
    const { Mnt } = call.task.namespaces;
    if (!this.hasTracersMounts(Mnt)) return;
    if (call.name === pivots && call.ok) this.pivoted.add(Mnt);
    const row = rowOf(call.name);
    if (call.ok && mounts.test(call.name)) {
      const point = this.machine.pathAt(call, call.has('newpath') ? 'newpath' : 'path');
      if (point !== undefined) this.mounted.push(point);
    }
    if (row?.life === 'exec') {
      for (const { path } of execTarget(call, this.machine)?.rounds ?? []) this.at(path).executed = true;
      return;
    }
    for (const argument of ['path', 'newpath']) this.argument(call, argument);
    const shown = call.result.target;
    if (shown?.kind === 'path' && !shown.deleted) this.at(shown.text);
    const open = call.has('fd') ? this.machine.fileAt(call, 'fd') : undefined;
    if (open?.kind === 'file' && !open.deleted && open.path.startsWith('/')) {
      const file = this.at(open.path);
      if (call.ok && changesMode.test(call.name)) file.changed = true;
      if (call.ok && changesSize.test(call.name)) reform(file);
    }
  }

  /** What a mount namespace mounts itself is excepted wherever it is, so that its mounts may else be the tracer's. */
  private hasTracersMounts(namespace: number): boolean {
    const { mountsFrom, start } = this.machine;
    for (let at: number | undefined = namespace; at !== start.namespaces.Mnt; at = mountsFrom.get(at))
      if (at === undefined || this.pivoted.has(at)) return false;
    return true;
  }

  private argument(call: Call, argument: string): void {
    const path = call.has(argument) ? this.machine.pathAt(call, argument) : undefined;
    if (path === undefined || call.path(argument) === '') return;
    const file = this.at(path);
    const opens = rowOf(call.name)?.reshapes?.some(({ kind }) => kind === 'opened') === true;
    if (call.failed('ENOENT') && argument === 'path') this.shows(file, false);
    if (!call.ok) {
      if (call.errno === undefined) mayHave(call, file, opens);
      return;
    }
    if (changesMode.test(call.name)) file.changed = true;
    if (changesSize.test(call.name)) reform(file);
    if (opens) {
      if (call.name === 'creat' || /O_WRONLY|O_RDWR|O_TRUNC/.test(call.arg('flags'))) reform(file);
      const creates = call.arg('flags').includes('O_CREAT');
      if (creates && call.arg('flags').includes('O_EXCL')) this.shows(file, false);
      else if (!creates) this.shows(file, true);
      if (creates && !call.arg('flags').includes('O_EXCL')) file.mayBeMade = true;
      else if (creates) put(file);
    } else if (makesName.test(call.name) || (argument === 'newpath' && linksName.test(call.name))) {
      this.shows(file, false);
      put(file);
    } else if (argument === 'path' && !changesNames.test(call.name)) this.shows(file, true);
    else {
      if (argument === 'path') this.shows(file, true);
      put(file);
    }
  }

  /** What holds of the name now holds of it before the step, if nothing changed it since. */
  private shows(file: NamedFile, exists: boolean): void {
    if (!file.renamed && !file.mayBeMade) file.existed ??= exists;
  }

  private at(path: ByteString): NamedFile {
    let file = this.files.get(path);
    if (file === undefined) {
      if (path !== '/') this.at(parentPath(path));
      file = {
        ...{ path, executed: false, existed: undefined },
        ...{ renamed: false, mayBeMade: false, changed: false, reformed: false },
      };
      this.files.set(path, file);
    }
    return file;
  }
}

/** Who called was killed in it: what it was to do may be done, or not. */
function mayHave(call: Call, file: NamedFile, opens: boolean): void {
  if (changesMode.test(call.name)) file.changed = true;
  if (changesSize.test(call.name)) reform(file);
  if (opens && call.arg('flags').includes('O_CREAT')) {
    file.mayBeMade = true;
    reform(file);
  } else if (makesName.test(call.name) || linksName.test(call.name) || changesNames.test(call.name))
    put(file);
}

function reform(file: NamedFile): void {
  if (file.executed) file.reformed = true;
}

/** Another file is at the name now, or none. */
function put(file: NamedFile): void {
  file.renamed = true;
  reform(file);
}

/** It gives a mount namespace a root of its own. */
const pivots = 'pivot_root';
const mounts = /^(mount|move_mount|umount2)$/;
/** Access control lists set modes, too. */
const changesMode = /^(f?chmod|fchmodat2?|[fl]?chown|fchownat|[fl]?(set|remove)xattr)$/;
const changesSize = /^f?truncate$/;
const makesName = /^(mkdir|mknod|symlink)(at)?$/;
const linksName = /^link(at)?$/;
const changesNames = /^(rename(at2?)?|unlink(at)?|rmdir)$/;
