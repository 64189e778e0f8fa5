/**
 * Ledgers: what a run has put on this machine and will take away again. When its process is killed, the ledger is what is
 * left to clean up by: at once by a guard, if there is one, else by the next run.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyPen } from './pen.ts';
import { removeTree } from './remove-tree.ts';

interface Contents {
  readonly owner: Owner;
  /** In the order in which they were made. */
  readonly pens: readonly string[];
  /** One unit a byte. */
  readonly paths: readonly string[];
}

interface Owner {
  readonly pid: number;
  /** Clock ticks since boot: pids are given again. */
  readonly started: string;
}

export interface Ledger {
  readonly file: string;
  /** A cgroup, and all that is in it. */
  notePen(path: string): void;
  /** Files and folders that were made; one unit a byte. */
  notePaths(paths: readonly string[]): void;
  /** Nothing of it is there any more. */
  close(): void;
}

export interface CleanedUp {
  readonly processes: number;
  readonly paths: readonly string[];
  /** What could not be removed, and why. */
  readonly failures: readonly string[];
}

const folderOf = (cache: string): string => join(cache, 'ledgers');

/** An empty ledger of this process. Throws what the file system says where the cache cannot be written. */
export function openLedger(cache: string): Ledger {
  const folder = folderOf(cache);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${randomBytes(8).toString('hex')}.json`);
  const owner = { pid: process.pid, started: startOf(process.pid) ?? '' };
  let contents: Contents = { owner, pens: [], paths: [] };
  const write = (next: Contents): void => {
    contents = next;
    const partial = `${file}.partial`;
    writeFileSync(partial, JSON.stringify(contents), { mode: 0o600 });
    renameSync(partial, file);
  };
  write(contents);
  return {
    file,
    notePen: (path) => write({ ...contents, pens: [...contents.pens, path] }),
    notePaths: (paths) => write({ ...contents, paths: [...contents.paths, ...paths] }),
    close: () => rmSync(file, { force: true }),
  };
}

/** Ledgers whose process is gone. */
export function leftLedgers(cache: string): string[] {
  const folder = folderOf(cache);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
    .filter((file) => {
      const owner = read(file)?.owner;
      return owner !== undefined && startOf(owner.pid) !== owner.started;
    });
}

/** Ends and removes what is in it. undefined: another does so, or it was closed. */
export async function cleanUp(file: string): Promise<CleanedUp | undefined> {
  const claimed = `${file}.claimed-${process.pid}`;
  try {
    renameSync(file, claimed);
  } catch {
    return undefined;
  }
  const { pens, paths } = read(claimed) ?? { pens: [], paths: [] };
  let processes = 0;
  const removed: string[] = [];
  const failures: string[] = [];
  for (const pen of pens) processes += (await emptyPen(pen)).length;
  for (const path of [...paths].reverse()) {
    const bytes = Buffer.from(path, 'latin1');
    if (!existsSync(bytes)) continue;
    try {
      removeTree(bytes);
      removed.push(bytes.toString());
    } catch (error) {
      failures.push(`${bytes.toString()}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  rmSync(claimed, { force: true });
  return { processes, paths: removed, failures };
}

function read(file: string): Contents | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Contents;
  } catch {
    return undefined;
  }
}

/** When a process started; undefined: there is none of this pid. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
