/** Pens: cgroups (v2) that hold what was started on this machine, so that all of it can be ended, whoever its parents are. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** SIGKILL needs no more than this, unless the kernel itself hangs. */
const killedWithinMs = 10_000;
const pollMs = 10;

/** Path of a new pen; undefined where no cgroup can be made (no cgroup2, or no right to). */
export function makePen(): string | undefined {
  const root = cgroup2Root();
  if (root === undefined) return undefined;
  const path = join(root, `tracerig-${randomBytes(8).toString('hex')}`);
  try {
    mkdirSync(path);
    return path;
  } catch {
    return undefined;
  }
}

/** Kills all that is in it, and removes it. Idempotent. @returns pids that were there */
export async function emptyPen(path: string): Promise<number[]> {
  const seen = new Set<number>();
  for (const until = performance.now() + killedWithinMs; performance.now() < until; await sleep(pollMs)) {
    const pids = cgroupsIn(path).flatMap(pidsOf);
    for (const pid of pids) seen.add(pid);
    if (pids.length === 0 && removed(path)) break;
    killAll(path, pids);
  }
  return [...seen];
}

function cgroup2Root(): string | undefined {
  try {
    const mounts = readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
    return mounts.find((line) => line.includes(' - cgroup2 '))?.split(' ')[4];
  } catch {
    return undefined;
  }
}

/** It and those in it, inner before outer: what runs in one may make more. */
function cgroupsIn(path: string): string[] {
  try {
    const inner = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...inner.flatMap(({ name }) => cgroupsIn(join(path, name))), path];
  } catch {
    return [];
  }
}

function pidsOf(cgroup: string): number[] {
  try {
    return readFileSync(join(cgroup, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killAll(path: string, pids: readonly number[]): void {
  try {
    writeFileSync(join(path, 'cgroup.kill'), '1');
  } catch {
    // Older kernels (before 5.14) have no such file.
    for (const pid of pids)
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
  }
}

/** False while a process that was killed still holds one of them. */
function removed(path: string): boolean {
  try {
    for (const cgroup of cgroupsIn(path)) rmdirSync(cgroup);
    return true;
  } catch {
    return false;
  }
}
