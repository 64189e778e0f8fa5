/** This host as a machine to put `given` in place on, by Node alone: recording needs no native core. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants as fsConstants, openSync } from 'node:fs';
import { lchown, lstat, mkdir, open, readFile, rmdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeTree } from '../../cache/remove-tree.ts';
import { within } from '../../cache/within.ts';
import { fromBytes } from '../../core/values/value.ts';
import type { ByteString } from '../../core/values/value.ts';
import { RigError } from '../../kernel-backend/rig.ts';
import type { Owner } from '../../kernel-backend/rig.ts';
import type { GivenMachine } from '../../kernel-backend/workload/given.ts';
import { asAccount } from './as-account.ts';
import { inPen, type HostKeep } from './host-keep.ts';

/** From SIGKILL to the end. */
const killedMs = 30_000;

/** `NAME=value` entries as Node takes an environment. */
export function environmentOf(entries: readonly ByteString[]): Record<string, string> {
  return Object.fromEntries(
    entries.map(fromBytes).map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

/** What a rig throws, of an error of Node. */
async function failing<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    throw new RigError(call, { error: message, ...(errno !== undefined && { errno: -errno }) });
  }
}

/** Throws RigError as a rig does. What runs is in the keep, if there is one. */
export function hostMachine(keep?: HostKeep): GivenMachine {
  const running = new Map<number, ChildProcess>();
  return {
    ...files,
    async run({ argv, env, cwd, stdout, stderr, uid, gid, groups }) {
      const account = uid === undefined || gid === undefined ? undefined : { uid, gid, groups: groups ?? [] };
      const [program = '', ...rest] = inPen(asAccount(argv.map(fromBytes), account), keep?.pen);
      const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = fsConstants;
      const flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;
      const [out, err] = [stdout, stderr].map((path) => openSync(fsPath(path), flags, 0o644));
      try {
        // A process group of its own, so that what the command has started can be ended with it.
        const child = spawn(program, rest, {
          cwd: fromBytes(cwd),
          env: environmentOf(env),
          stdio: ['ignore', out, err],
          detached: true,
        });
        await failing('run', () => once(child, 'spawn'));
        running.set(child.pid ?? 0, child);
        return { pid: child.pid ?? 0, program: argv[0] ?? '', plumbing: [] };
      } finally {
        for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor);
      }
    },
    async wait({ pid, timeoutMs }) {
      const child = running.get(pid);
      if (child === undefined) throw new Error(`process ${pid} is none that was started here`);
      const ended = child.exitCode ?? child.signalCode ?? once(child, 'exit');
      const watch = new AbortController();
      const timedOut = await Promise.race([
        Promise.resolve(ended).then(() => false),
        sleep(timeoutMs, true, { signal: watch.signal }).catch(() => false),
      ]);
      watch.abort();
      if (timedOut) killGroup(pid);
      const late = (): Error => new Error(`process ${pid} does not end, though it was killed`);
      await failing('wait', () => within(Promise.resolve(ended), killedMs, late));
      running.delete(pid);
      return { status: statusOf(child), timedOut, left: [] };
    },
    async kill() {
      const pids = [...running.keys()];
      pids.forEach(killGroup);
      await keep?.kill();
      return pids;
    },
  };
}

/** Wait status, as the kernel has it. */
function statusOf({ exitCode, signalCode }: ChildProcess): number {
  return signalCode === null ? (exitCode ?? 0) << 8 : constants.signals[signalCode];
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** Node encodes texts as UTF-8, and paths are bytes. */
const fsPath = (path: ByteString): Buffer => Buffer.from(path, 'latin1');

async function exists(path: ByteString): Promise<boolean> {
  try {
    await lstat(fsPath(path));
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function own(path: ByteString, { uid, gid }: Owner): Promise<void> {
  if (uid !== undefined && gid !== undefined) await lchown(fsPath(path), uid, gid);
}

/** The folder and those above it that are missing. */
async function makeFolders(path: ByteString, owner: Owner, made: ByteString[]): Promise<void> {
  if (await exists(path)) return;
  await makeFolders(dirname(path), owner, made);
  await mkdir(fsPath(path), { mode: 0o755 });
  made.push(path);
  await own(path, owner);
}

const files: Pick<GivenMachine, 'read' | 'stat' | 'mkdir' | 'given' | 'remove'> = {
  read: (path) => failing('read', () => readFile(fsPath(path))),
  stat: (path) => failing('stat', async () => ({ exists: await exists(path) })),
  mkdir: (path, { mode = 0o755, fresh = false, ...owner } = {}) =>
    failing('mkdir', async () => {
      if (fresh) removeTree(fsPath(path));
      const made: ByteString[] = [];
      await makeFolders(path, owner, made);
      // Not by its name: a link may have come in its place.
      const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fsConstants;
      const folder = await open(fsPath(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      await folder.chmod(mode).finally(() => folder.close());
      return made;
    }),
  given: (list, exclusive, owner = {}) =>
    failing('given', async () => {
      const made: ByteString[] = [];
      for (const file of list) {
        await makeFolders(dirname(file.path), owner, made);
        made.push(file.path);
        await writeGiven(file, exclusive, owner);
      }
      return made;
    }),
  remove: (paths, { tree = false } = {}) =>
    failing('remove', async () => {
      for (const path of paths) {
        if (!(await exists(path))) continue;
        if (tree || !(await lstat(fsPath(path))).isDirectory()) {
          removeTree(fsPath(path));
          continue;
        }
        await rmdir(fsPath(path)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOTEMPTY') throw error;
        });
      }
    }),
};

type FileToWrite = Parameters<GivenMachine['given']>[0][number];

async function writeGiven(
  { path, mode, content }: FileToWrite,
  exclusive: boolean,
  owner: Owner,
): Promise<void> {
  const file = await open(fsPath(path), exclusive ? 'wx' : 'w', 0o600);
  try {
    await file.writeFile(content);
    await own(path, owner);
    // Not at creation: the umask would take bits away, and a new owner those that give rights.
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}
