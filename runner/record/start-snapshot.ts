/** Takes the start snapshot of a recording from /proc. */
import { readdirSync, readlinkSync } from 'node:fs';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { parseMounts } from './mounts.ts';
import type { ProcReader } from './proc-reader.ts';

/** All that a recorder can say; what is told only after the step is added then. */
export type RecordedStart = Required<
  Omit<StartSnapshot, 'securebits' | 'policy_run' | 'digest' | 'left' | 'facts' | 'course' | 'traced'>
> &
  Pick<StartSnapshot, 'digest' | 'left' | 'facts' | 'course'>;

type Ancestor = NonNullable<StartSnapshot['ancestry']>[number];

/** Linux on every architecture we run on. */
const clockTicks = 100;
const noLoginUid = 4294967295;

/** Reads the state of a process that stands still. `ownFds`: descriptors that close at exec and are not the step's. */
export async function takeStartSnapshot(
  proc: ProcReader,
  pid: number,
  ownFds: readonly number[] = [],
): Promise<RecordedStart> {
  const base = `/proc/${pid}`;
  const text = async (path: string): Promise<string> => latin1(await proc.read(path));
  const line = async (path: string): Promise<string> => (await text(path)).trimEnd();
  const status = new Map(
    (await text(`${base}/status`))
      .split('\n')
      .map((row) => row.split(/:\s*/, 2))
      .map(([key = '', value = '']): [string, string] => [key, value.trim()]),
  );
  const numbers = (key: string): number[] =>
    (status.get(key) ?? '')
      .split(/\s+/)
      .filter((part) => part !== '')
      .map(Number);
  const cap = (key: string): string => status.get(key) ?? '0000000000000000';
  const stat = parseStat(await text(`${base}/stat`));
  const { realtimeNs, boottimeNs } = await proc.clock();
  const btime = /^btime (\d+)/m.exec(await text('/proc/stat'))?.[1] ?? '0';
  return {
    schema: 1,
    pid,
    ppid: stat.ppid,
    sid: stat.sid,
    pgid: stat.pgid,
    comm_before_exec: await line(`${base}/comm`),
    cwd: await proc.link(`${base}/cwd`),
    root: await proc.link(`${base}/root`),
    umask: (status.get('Umask') ?? '0022').padStart(4, '0'),
    uid: idSet(numbers('Uid')),
    gid: idSet(numbers('Gid')),
    groups: numbers('Groups'),
    caps: {
      inheritable: cap('CapInh'),
      permitted: cap('CapPrm'),
      effective: cap('CapEff'),
      bounding: cap('CapBnd'),
      ambient: cap('CapAmb'),
    },
    no_new_privs: numbers('NoNewPrivs')[0] === 1 ? 1 : 0,
    seccomp: numbers('Seccomp')[0] ?? 0,
    loginuid: await line(`${base}/loginuid`).then(Number, () => noLoginUid),
    ns: await readNamespaces(proc, base),
    cgroup: (await line(`${base}/cgroup`)).split('\n').find((row) => row.startsWith('0::')) ?? '0::/',
    fds: await readDescriptors(proc, base, ownFds),
    mounts: parseMounts(await text(`${base}/mountinfo`)),
    ancestry: await readAncestry(proc, pid),
    environ: nulSeparated(await text(`${base}/environ`)),
    kernel: await line('/proc/sys/kernel/osrelease'),
    hostname: await line('/proc/sys/kernel/hostname'),
    realtime: seconds(realtimeNs),
    boottime: seconds(boottimeNs),
    btime: Number(btime),
    clk_tck: clockTicks,
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function nulSeparated(text: string): string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

function seconds(ns: bigint): string {
  const text = ns.toString().padStart(10, '0');
  return `${text.slice(0, -9)}.${text.slice(-9)}`;
}

function idSet([real = 0, effective = 0, saved = 0, fs = 0]: readonly number[]): NonNullable<
  StartSnapshot['uid']
> {
  return { real, effective, saved, fs };
}

/** `comm` may hold blanks and brackets, so the fields are counted from the last bracket. */
function parseStat(text: string): { ppid: number; pgid: number; sid: number; startTicks: number } {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { ppid: fields[1] ?? 0, pgid: fields[2] ?? 0, sid: fields[3] ?? 0, startTicks: fields[19] ?? 0 };
}

/** Inode numbers of the namespaces of this process. */
export function ownNamespaces(): Record<string, number> {
  return Object.fromEntries(
    readdirSync('/proc/self/ns')
      .sort()
      .flatMap((name) => {
        const inode = namespaceInode(readlinkSync(`/proc/self/ns/${name}`));
        return inode === undefined ? [] : [[name, inode]];
      }),
  );
}

function namespaceInode(link: string): number | undefined {
  const inode = /\[(\d+)\]$/.exec(link)?.[1];
  return inode === undefined ? undefined : Number(inode);
}

async function readNamespaces(proc: ProcReader, base: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const name of [...(await proc.list(`${base}/ns`))].sort()) {
    const inode = namespaceInode(await proc.link(`${base}/ns/${name}`));
    if (inode !== undefined) found[name] = inode;
  }
  return found;
}

async function readDescriptors(
  proc: ProcReader,
  base: string,
  ownFds: readonly number[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const names = [...(await proc.list(`${base}/fd`))].sort((a, b) => Number(a) - Number(b));
  for (const name of names) {
    if (!ownFds.includes(Number(name))) found[name] = await proc.link(`${base}/fd/${name}`);
  }
  return found;
}

async function readAncestry(proc: ProcReader, first: number): Promise<RecordedStart['ancestry']> {
  const line: Ancestor[] = [];
  for (let pid = first; pid > 0;) {
    const base = `/proc/${pid}`;
    try {
      const { ppid, startTicks } = parseStat(latin1(await proc.read(`${base}/stat`)));
      line.push({
        pid,
        ppid,
        comm: latin1(await proc.read(`${base}/comm`)).trimEnd(),
        exe: await proc.link(`${base}/exe`).catch(() => ''),
        cmdline: pid === first ? nulSeparated(latin1(await proc.read(`${base}/cmdline`))) : [],
        start_ticks: startTicks,
      });
      pid = ppid;
    } catch {
      // An ancestor outside of what we may see, or one that has just ended.
      break;
    }
  }
  return line;
}
