/** Where a replay starts: the machine's state right before the first execve of a trace, from the start snapshot. */
import { namespaceLinks, namespaceNames } from '../../core/names/namespaces.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { ByteString } from '../../core/values/value.ts';
import { toBytes } from '../../core/values/value.ts';
import { doubted } from './credential-doubts.ts';
import { allCapabilities, hostUserNamespace, rootCredentials, type Credentials } from './credentials.ts';
import type { Namespaces } from './task.ts';

export interface Mount {
  readonly mountpoint: ByteString;
  /** Part of the file system that is mounted. */
  readonly root: ByteString;
  readonly fstype: string;
  readonly options: readonly string[];
  /** Why none of this is known, but for the place. */
  readonly doubt?: string;
}

/** A process above the root process, nearest first; the nearest is what runs before the first execve. */
export interface Ancestor {
  readonly pid: number;
  readonly exe: ByteString;
  readonly args: readonly ByteString[];
  readonly startNs: bigint;
}

/** A file as it was before the step; or, of one that the step made, as it was in the end. */
export interface StartFile {
  /** undefined: that is not known. */
  readonly existed: boolean | undefined;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Of a symbolic link. */
  readonly target: ByteString | undefined;
  /** Text behind `#!`; null: it is no script. */
  readonly interpreter: ByteString | null | undefined;
  /** ELF interpreter; null: the file has none. */
  readonly loader: ByteString | null | undefined;
  /** Attribute security.capability; null: the file has none. */
  readonly capability: string | null | undefined;
}

/** Parts that calls change which a log may hide. */
export type HiddenPart = 'credentials' | 'namespaces' | 'mounts' | 'umask' | 'cwd' | 'handlers';

export interface Start {
  readonly pid: number | undefined;
  /** undefined: it is not told. */
  readonly cwd: ByteString | undefined;
  readonly root: ByteString;
  /** undefined: it is not told. */
  readonly umask: number | undefined;
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
  /** What the recorder found out about the files that the trace names. */
  readonly files: ReadonlyMap<ByteString, StartFile>;
  /** No name is a symbolic link but for those that `files` or the trace shows to be one. */
  readonly allLinks: boolean;
  /** Texts of calls that stand in mapped files; undefined: nobody looked. */
  readonly constants: ReadonlySet<ByteString> | undefined;
  /** What was assumed because the snapshot does not say it. */
  readonly assumed: readonly string[];
  /** Why what stands in these parts decides nothing: it is not told. Those of the credentials are in their doubts. */
  readonly untold: Readonly<Partial<Record<'loginuid' | 'namespaces' | 'mounts' | 'handlers', string>>>;
  /** What strace was told to trace, if the snapshot says so. */
  readonly traced: string | undefined;
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

/**
 * Where no snapshot was recorded: the program stands in `cwd`. Nothing is known of who runs it, nor where; numbers in these
 * parts are root's on the host, so that what others make of them is of some form.
 */
export function assumedStart(cwd: ByteString | undefined): Start {
  return {
    pid: undefined,
    cwd,
    root: '/',
    umask: undefined,
    cred: { ...rootCredentials(), doubts: credentialDoubts({}) },
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
    files: new Map(),
    allLinks: false,
    constants: undefined,
    assumed: ['no start snapshot: kernel 6.12 is assumed'],
    untold: untoldParts({}),
    traced: undefined,
  };
}

/** Why something is not known at the start. */
const untold = (what: string): string => `no start snapshot tells ${what}`;

function credentialDoubts({ uid, gid, groups, caps, ns }: StartSnapshot): Credentials['doubts'] {
  const doubts = {
    ...(uid === undefined && { uid: untold('as which user the program runs') }),
    ...(gid === undefined && { gid: untold('as which group the program runs') }),
    ...(groups === undefined && { groups: untold('the groups of the program') }),
    ...(caps === undefined && { capabilities: untold('the capabilities of the program') }),
    ...(ns === undefined && { userNs: untold('the user namespace of the program') }),
  };
  return Object.keys(doubts).length === 0 ? undefined : doubts;
}

const untoldParts = ({ loginuid, ns, mounts }: StartSnapshot): Start['untold'] => ({
  ...(loginuid === undefined && { loginuid: untold('the login uid of the program') }),
  ...(ns === undefined && { namespaces: untold('the namespaces of the program') }),
  ...(mounts === undefined && { mounts: untold('what is mounted where') }),
});

/** What a snapshot says, and an assumption for each part that it lacks. */
export function startOf(snapshot: StartSnapshot): Start {
  const base = assumedStart(undefined);
  const clock = snapshot.policy_run ?? snapshot;
  const boottime = numberOf(clock.boottime ?? snapshot.boottime);
  const realtime = numberOf(clock.realtime ?? snapshot.realtime);
  const namespaces = namespacesOf(snapshot.ns, base.namespaces);
  const text = (value: string | undefined, fallback: ByteString): ByteString =>
    value === undefined ? fallback : toBytes(value);
  return {
    pid: snapshot.pid,
    cwd: snapshot.cwd === undefined ? undefined : toBytes(snapshot.cwd),
    root: text(snapshot.root, base.root),
    umask: typeof snapshot.umask === 'string' ? parseInt(snapshot.umask, 8) : snapshot.umask,
    cred: credentialsOf(snapshot, base.cred, namespaces.User),
    loginuid: hasAudit(snapshot.kernel) ? (snapshot.loginuid ?? base.loginuid) : 0,
    namespaces,
    hostNamespaces: { ...fixedNamespaces, Mnt: namespaces.Mnt, Net: namespaces.Net },
    descriptors: new Map(Object.entries(snapshot.fds ?? {}).map(([fd, link]) => [Number(fd), toBytes(link)])),
    mounts: mountsOf(snapshot.mounts),
    ancestors: ancestorsOf(snapshot),
    hostname: snapshot.hostname ?? base.hostname,
    kernel: snapshot.kernel ?? base.kernel,
    bootNs: boottime === undefined ? base.bootNs : nanoseconds(boottime),
    bootUnixNs:
      boottime === undefined || realtime === undefined ? undefined : nanoseconds(realtime - boottime),
    left: new Set(snapshot.left ?? []),
    files: filesOf(snapshot.facts?.files),
    allLinks: snapshot.facts?.all_links === true,
    constants: snapshot.facts?.constants && new Set(snapshot.facts.constants.map(toBytes)),
    assumed: assumedParts(snapshot),
    untold: untoldParts(snapshot),
    traced: snapshot.traced,
  };
}

/** Parts that decide what policies see, as they stand when the snapshot lacks them. */
const parts: readonly (readonly [keyof StartSnapshot, string])[] = [
  ['root', 'root /'],
  ['kernel', 'kernel 6.12'],
];

function assumedParts(snapshot: StartSnapshot): readonly string[] {
  const words = parts.filter(([key]) => snapshot[key] === undefined).map(([, word]) => word);
  return words.length > 0 ? [`the start snapshot does not say, so assumed are: ${words.join(', ')}`] : [];
}

/**
 * A release without a local version (`6.12.118`) is a kernel of one's own making, as one with error injection is: those
 * are minimal ones without audit, where the login uid does not exist and reads as 0.
 */
function hasAudit(kernel: string | undefined): boolean {
  return kernel === undefined || !/^\d+\.\d+\.\d+$/.test(kernel);
}

const numberOf = (value: string | number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);
const nanoseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6)) * 1000n;

function namespacesOf(ns: StartSnapshot['ns'], base: Namespaces): Namespaces {
  const found: Record<string, number> = { ...base };
  for (const name of namespaceNames) {
    const key = namespaceLinks[name];
    const inum = ns?.[key];
    if (inum !== undefined) found[name] = inum;
  }
  return found as unknown as Namespaces;
}

function credentialsOf(snapshot: StartSnapshot, base: Credentials, userNs: number): Credentials {
  const { uid, gid, caps } = snapshot;
  const set = (value: string | undefined, fallback: bigint): bigint =>
    value === undefined ? fallback : BigInt(`0x${value}`);
  const full = (uid?.effective ?? 0) === 0 ? allCapabilities : 0n;
  return {
    uid: uid?.real ?? 0,
    euid: uid?.effective ?? 0,
    suid: uid?.saved ?? 0,
    fsuid: uid?.fs ?? 0,
    gid: gid?.real ?? 0,
    egid: gid?.effective ?? 0,
    sgid: gid?.saved ?? 0,
    fsgid: gid?.fs ?? 0,
    groups: snapshot.groups ?? [],
    securebits: snapshot.securebits ?? 0,
    permitted: set(caps?.permitted, full),
    effective: set(caps?.effective, full),
    inheritable: set(caps?.inheritable, 0n),
    bounding: set(caps?.bounding, allCapabilities),
    ambient: set(caps?.ambient, 0n),
    noNewPrivs: Boolean(snapshot.no_new_privs),
    userNs: { ...base.userNs, inum: userNs },
    doubts: credentialDoubts(snapshot),
  };
}

function filesOf(files: NonNullable<StartSnapshot['facts']>['files']): ReadonlyMap<ByteString, StartFile> {
  const bytes = <T extends null | undefined>(text: string | T): ByteString | T =>
    typeof text === 'string' ? toBytes(text) : text;
  return new Map(
    Object.entries(files ?? {}).map(([path, { existed, mode, uid, gid, ...file }]) => [
      toBytes(path),
      {
        ...{ existed, uid, gid, capability: file.capability },
        mode: mode === undefined ? undefined : parseInt(mode, 8),
        target: bytes(file.target),
        interpreter: bytes(file.interpreter),
        loader: bytes(file.loader),
      },
    ]),
  );
}

function mountsOf(mounts: StartSnapshot['mounts']): readonly Mount[] {
  if (mounts === undefined || mounts.length === 0) return defaultMounts;
  return mounts.map(({ mountpoint, root, fstype, options }) => ({
    mountpoint: toBytes(mountpoint),
    root: root === undefined ? '/' : toBytes(root),
    fstype: fstype ?? 'unknown',
    options: options?.split(',') ?? [],
  }));
}

function ancestorsOf({ ancestry = [], clk_tck: ticksPerSecond = 100 }: StartSnapshot): readonly Ancestor[] {
  return ancestry.map(({ pid, exe, cmdline = [], start_ticks: ticks = 0 }) => ({
    pid,
    exe: toBytes(exe ?? cmdline[0] ?? ''),
    args: cmdline.slice(1).map((word) => toBytes(word)),
    startNs: nanoseconds(ticks / ticksPerSecond),
  }));
}

/** Of the credentials, what is in doubt with a part of the start. */
const doubtfulOf = {
  credentials: ['uid', 'gid', 'groups', 'capabilities'],
  namespaces: ['userNs'],
} as const;

/** The start, of which these parts may have changed before a call that shows. */
export function withDoubts(start: Start, doubts: ReadonlyMap<HiddenPart, string>): Start {
  let { cred } = start;
  for (const part of ['credentials', 'namespaces'] as const) {
    const why = doubts.get(part);
    if (why !== undefined) cred = doubted(cred, doubtfulOf[part], why);
  }
  const namespaces = doubts.get('namespaces');
  const mounts = doubts.get('mounts');
  const handlers = doubts.get('handlers');
  return {
    ...start,
    cred,
    umask: doubts.has('umask') ? undefined : start.umask,
    cwd: doubts.has('cwd') ? undefined : start.cwd,
    untold: {
      ...start.untold,
      ...(namespaces !== undefined && { namespaces }),
      ...(mounts !== undefined && { mounts }),
      ...(handlers !== undefined && { handlers }),
    },
  };
}
