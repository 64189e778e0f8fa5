/** The start snapshot: the state right before the first execve of a trace. */
import { namespaceLinks, namespaceNames } from '../../core/names/namespaces.ts';
import type { ByteString } from '../../core/values/value.ts';
import { toBytes } from '../../core/values/value.ts';
import { TraceError } from '../trace/errors.ts';
import { allCapabilities, hostUserNamespace, rootCredentials, type Credentials } from './credentials.ts';
import type { Namespaces } from './task.ts';

export interface Mount {
  readonly mountpoint: ByteString;
  /** Part of the file system that is mounted. */
  readonly root: ByteString;
  readonly fstype: string;
  readonly options: readonly string[];
}

/** A process above the root process, nearest first; the nearest is what runs before the first execve. */
export interface Ancestor {
  readonly pid: number;
  readonly exe: ByteString;
  readonly args: readonly ByteString[];
  readonly startNs: bigint;
}

export interface StartState {
  readonly pid: number | undefined;
  readonly cwd: ByteString;
  readonly root: ByteString;
  readonly umask: number;
  readonly cred: Credentials;
  readonly loginuid: number;
  readonly namespaces: Namespaces;
  readonly hostNamespaces: Namespaces;
  /** Descriptor -> link text as in /proc/PID/fd. */
  readonly descriptors: ReadonlyMap<number, ByteString>;
  readonly mounts: readonly Mount[];
  readonly ancestors: readonly Ancestor[];
  readonly hostname: string;
  /** Release text such as `6.12.117+deb13-cloud-amd64`. */
  readonly kernel: string;
  /** Nanoseconds since boot at the first line. */
  readonly bootNs: bigint;
  /** Unix time in nanoseconds at boot; undefined: taken from the trace's own clock. */
  readonly bootUnixNs: bigint | undefined;
  /** Pids that outlived the recorded step and were killed by the recorder: their deaths are no part of the course. */
  readonly left: ReadonlySet<number>;
  /** What was assumed because the snapshot does not say it. */
  readonly assumed: readonly string[];
}

const fixedNamespaces: Namespaces = {
  Uts: 4026531838,
  Ipc: 4026531839,
  Mnt: 4026531841,
  Pid: 4026531836,
  PidForChildren: 4026531836,
  Net: 4026531840,
  Time: 4026531834,
  TimeForChildren: 4026531834,
  Cgroup: 4026531835,
  User: hostUserNamespace,
};

const defaultMounts: readonly Mount[] = [{ mountpoint: '/', root: '/', fstype: 'ext4', options: [] }];

/** A plausible start where no snapshot was recorded: root's, standing in `cwd`. */
export function assumedStart(cwd: ByteString | undefined): StartState {
  return {
    pid: undefined,
    cwd: cwd ?? '/tmp/w',
    root: '/',
    umask: 0o022,
    cred: rootCredentials(),
    loginuid: 4294967295,
    namespaces: fixedNamespaces,
    hostNamespaces: fixedNamespaces,
    descriptors: new Map(),
    mounts: defaultMounts,
    ancestors: [],
    hostname: 'localhost',
    kernel: '6.12',
    bootNs: 1_000_000_000_000n,
    bootUnixNs: undefined,
    left: new Set(),
    assumed: [
      'no start snapshot: root with all capabilities, umask 022, the host’s namespaces, kernel 6.12 are assumed',
    ],
  };
}

/** Reads a parsed start.json. Throws TraceError where it is none. */
export function readStart(value: unknown, file: string): StartState {
  const bad = (what: string): TraceError =>
    new TraceError('TR-start-invalid', `start snapshot: ${what}`, file);
  const top = record(value);
  if (!top) throw bad('it is no JSON object');
  if (top['schema'] !== undefined && top['schema'] !== 1)
    throw bad(`schema ${JSON.stringify(top['schema'])} is not known (1 is)`);
  const base = assumedStart(undefined);
  const assumed: string[] = [];
  const text = (key: string, fallback: string): ByteString => {
    const found = top[key];
    if (typeof found === 'string') return toBytes(found);
    if (found !== undefined) throw bad(`"${key}" is no text`);
    assumed.push(`${key} ${fallback}`);
    return fallback;
  };
  const number = (key: string, fallback: number): number => {
    const found = top[key];
    if (typeof found === 'number') return found;
    if (typeof found === 'string' && /^[0-7]+$/.test(found) && key === 'umask') return parseInt(found, 8);
    if (found !== undefined) throw bad(`"${key}" is no number`);
    return fallback;
  };
  const run = record(top['policy_run']);
  const realtime = Number(run?.['realtime'] ?? top['realtime'] ?? NaN);
  const boottime = Number(run?.['boottime'] ?? top['boottime'] ?? NaN);
  const namespaces = readNamespaces(record(top['ns']), base.namespaces);
  return {
    pid: typeof top['pid'] === 'number' ? top['pid'] : undefined,
    cwd: text('cwd', base.cwd),
    root: text('root', '/'),
    umask: number('umask', 0o022),
    cred: readCredentials(top, base.cred, namespaces.User),
    loginuid: hasAudit(top['kernel']) ? number('loginuid', 4294967295) : 0,
    namespaces,
    hostNamespaces: { ...fixedNamespaces, Mnt: namespaces.Mnt, Net: namespaces.Net },
    descriptors: new Map(
      Object.entries(record(top['fds']) ?? {})
        .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        .map(([fd, link]) => [Number(fd), toBytes(link)]),
    ),
    mounts: readMounts(top['mounts']),
    ancestors: readAncestry(top['ancestry'], Number(top['clk_tck'] ?? 100)),
    hostname: typeof top['hostname'] === 'string' ? top['hostname'] : base.hostname,
    kernel: typeof top['kernel'] === 'string' ? top['kernel'] : base.kernel,
    bootNs: Number.isFinite(boottime) ? seconds(boottime) : base.bootNs,
    bootUnixNs:
      Number.isFinite(boottime) && Number.isFinite(realtime) ? seconds(realtime - boottime) : undefined,
    left: new Set(
      Array.isArray(top['left']) ? top['left'].filter((pid): pid is number => typeof pid === 'number') : [],
    ),
    assumed: assumed.length > 0 ? [`the start snapshot does not say: ${assumed.join(', ')}`] : [],
  };
}

/**
 * A release without a local version (`6.12.118`) is a kernel of one's own making, as one with error injection is: those
 * are minimal ones without audit, where the login uid does not exist and reads as 0.
 */
function hasAudit(kernel: unknown): boolean {
  return typeof kernel !== 'string' || !/^\d+\.\d+\.\d+$/.test(kernel);
}

const seconds = (value: number): bigint => BigInt(Math.round(value * 1e6)) * 1000n;

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function readNamespaces(ns: Record<string, unknown> | undefined, base: Namespaces): Namespaces {
  const found: Record<string, number> = { ...base };
  for (const name of namespaceNames) {
    const key = namespaceLinks[name];
    const inum = ns?.[key];
    if (typeof inum === 'number') found[name] = inum;
  }
  return found as unknown as Namespaces;
}

function readCredentials(top: Record<string, unknown>, base: Credentials, userNs: number): Credentials {
  const uid = record(top['uid']);
  const gid = record(top['gid']);
  const caps = record(top['caps']);
  const id = (ids: Record<string, unknown> | undefined, key: string): number => {
    const value = ids?.[key];
    return typeof value === 'number' ? value : 0;
  };
  const set = (key: string, fallback: bigint): bigint => {
    const value = caps?.[key];
    return typeof value === 'string' && /^[0-9a-fA-F]{1,16}$/.test(value) ? BigInt(`0x${value}`) : fallback;
  };
  const isRoot = id(uid, 'effective') === 0;
  const full = isRoot ? allCapabilities : 0n;
  return {
    uid: id(uid, 'real'),
    euid: id(uid, 'effective'),
    suid: id(uid, 'saved'),
    fsuid: id(uid, 'fs'),
    gid: id(gid, 'real'),
    egid: id(gid, 'effective'),
    sgid: id(gid, 'saved'),
    fsgid: id(gid, 'fs'),
    groups: Array.isArray(top['groups'])
      ? top['groups'].filter((group): group is number => typeof group === 'number')
      : [],
    securebits: typeof top['securebits'] === 'number' ? top['securebits'] : 0,
    permitted: set('permitted', full),
    effective: set('effective', full),
    inheritable: set('inheritable', 0n),
    bounding: set('bounding', allCapabilities),
    ambient: set('ambient', 0n),
    noNewPrivs: Boolean(top['no_new_privs']),
    userNs: { ...base.userNs, inum: userNs },
  };
}

function readMounts(value: unknown): readonly Mount[] {
  if (!Array.isArray(value)) return defaultMounts;
  const mounts: Mount[] = [];
  for (const item of value) {
    const mount = record(item);
    if (typeof mount?.['mountpoint'] !== 'string') continue;
    mounts.push({
      mountpoint: toBytes(mount['mountpoint']),
      root: typeof mount['root'] === 'string' ? toBytes(mount['root']) : '/',
      fstype: typeof mount['fstype'] === 'string' ? mount['fstype'] : 'unknown',
      options: typeof mount['options'] === 'string' ? mount['options'].split(',') : [],
    });
  }
  return mounts.length > 0 ? mounts : defaultMounts;
}

function readAncestry(value: unknown, ticksPerSecond: number): readonly Ancestor[] {
  if (!Array.isArray(value)) return [];
  const ancestors: Ancestor[] = [];
  for (const item of value) {
    const entry = record(item);
    if (!entry || typeof entry['pid'] !== 'number') continue;
    const line = Array.isArray(entry['cmdline'])
      ? entry['cmdline'].filter((word): word is string => typeof word === 'string')
      : [];
    const ticks = Number(entry['start_ticks'] ?? 0);
    ancestors.push({
      pid: entry['pid'],
      exe: toBytes(typeof entry['exe'] === 'string' ? entry['exe'] : (line[0] ?? '')),
      args: line.slice(1).map((word) => toBytes(word)),
      startNs: Number.isFinite(ticks) && ticksPerSecond > 0 ? seconds(ticks / ticksPerSecond) : 0n,
    });
  }
  return ancestors;
}
