/** `given` on this host: makes only what does not exist, and removes it again. */
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BackendError } from '../../core/backend/error.ts';
import type { GivenFile } from '../../core/backend/request.ts';

export interface MadeOnHost {
  /** Makes a folder and those above it. */
  folder(path: string): void;
  file(file: GivenFile): void;
  /** Removes everything made, last first. Trees below made folders go with them. */
  undo(): void;
}

/** Files and folders belong to the owner given. Throws (exit code 2) for a path that is there already. */
export function makeOnHost(owner?: { readonly uid: number; readonly gid: number }): MadeOnHost {
  const made: { path: string; tree: boolean }[] = [];
  const own = (path: string): void => {
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
  };
  const refuse = (path: string): never => {
    throw new BackendError(
      'TR-given-exists',
      `${path} exists on this host; given creates only what does not exist there`,
      'usage',
    );
  };
  const above = (path: string): void => {
    if (existsSync(path)) return;
    above(dirname(path));
    mkdirSync(path);
    own(path);
    made.push({ path, tree: true });
  };
  return {
    folder(path) {
      if (existsSync(path)) refuse(path);
      above(path);
    },
    file({ path, content, mode }) {
      if (existsSync(path)) refuse(path);
      above(dirname(path));
      writeFileSync(path, content, { flag: 'wx' });
      // Not at creation: the umask would take bits away.
      chmodSync(path, mode);
      own(path);
      made.push({ path, tree: false });
    },
    undo() {
      for (const { path, tree } of made.reverse()) {
        if (tree) rmSync(path, { recursive: true, force: true });
        else rmSync(path, { force: true });
      }
      made.length = 0;
    },
  };
}
