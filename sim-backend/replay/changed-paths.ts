/** Paths whose state differs from the recorded course, because an action kept a call from changing them. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { parentPath } from '../machine/paths.ts';
import { rowOf, signatureOf } from '../syscalls/index.ts';
import type { Reshaping } from '../syscalls/row.ts';

const pathArguments = ['path', 'newpath'];

export class ChangedPaths {
  private readonly paths = new Set<ByteString>();

  constructor(private readonly machine: Machine) {}

  /** Calls that name a path, which have to be looked at once something was changed. */
  static names(name: string): boolean {
    return signatureOf(name).has('path');
  }

  /** This call did not do what was recorded. */
  prevented(call: Call): void {
    const row = rowOf(call.name);
    // What cannot be told may well be.
    const names = row?.changesNames?.test(call, this.machine) ?? false;
    if (names !== false) for (const path of this.pathsOf(call)) this.paths.add(path);
    const changed = [row?.data?.to, ...(row?.reshapes ?? []).map(changedFile)];
    for (const argument of changed) if (argument !== undefined) this.add(call, argument);
  }

  private add(call: Call, argument: string): void {
    const file = this.machine.fileAt(call, argument);
    if (file?.kind === 'file' && file.path.startsWith('/') && !file.path.startsWith('/dev/'))
      this.paths.add(file.path);
  }

  /** The call meets something that is not as it was recorded. */
  meets(call: Call): boolean {
    if (this.paths.size === 0) return false;
    return this.pathsOf(call).some((path) => {
      for (let at = path; at !== '/' && at !== ''; at = parentPath(at)) if (this.paths.has(at)) return true;
      return this.paths.has('/');
    });
  }

  private pathsOf(call: Call): ByteString[] {
    return pathArguments
      .map((argument) => (call.has(argument) ? this.machine.pathAt(call, argument) : undefined))
      .filter((path) => path !== undefined);
  }
}

/** Descriptor argument of the file that is changed. */
const changedFile = (reshaping: Reshaping): string | undefined =>
  reshaping.kind === 'obscured' ? reshaping.file : reshaping.kind === 'resized' ? 'fd' : undefined;
