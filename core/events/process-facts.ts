/** Makes process facts as Tetragon does: at exec, at fork, and from /proc for what ran before it. */
import type { ByteString, CredValue } from '../values/value.ts';
import type { ProcessFacts } from './facts.ts';

/** Bytes that Tetragon keeps of path and arguments in an exec's record; longer arguments come apart. */
const recordBytes = 1024 - 64;

export interface ExecInput extends Pick<
  ProcessFacts,
  'pid' | 'tid' | 'auid' | 'cwd' | 'binary' | 'args' | 'startNs' | 'inInitTree' | 'unknown'
> {
  /** The process had not executed anything since its fork. */
  readonly forked: boolean;
  readonly namespaces: NonNullable<ProcessFacts['namespaces']>;
  readonly hostNamespaces: NonNullable<ProcessFacts['hostNamespaces']>;
  readonly credentials: CredValue;
  /** Of the image before, if it is known. */
  readonly before: Pick<CredValue, 'euid' | 'egid'> | undefined;
  /** Inode of a file that has no name any more. */
  readonly unlinked: bigint | undefined;
  readonly parent: ProcessFacts | undefined;
}

export function execFacts(input: ExecInput): ProcessFacts {
  const { forked, before, unlinked, parent, credentials, ...kept } = input;
  const { permitted, effective, inheritable } = credentials;
  const properties = binaryProperties(credentials, before, unlinked);
  return {
    ...kept,
    uid: credentials.euid,
    flags: execFlags(input),
    caps: { permitted, effective, inheritable },
    credentials,
    ...(properties && { binaryProperties: properties }),
    ...(parent && { parent }),
  };
}

/** The record of an exec with so much of path and arguments has the arguments beside it. */
export const isLong = (binary: ByteString, args: readonly ByteString[]): boolean =>
  args.reduce((sum, word) => sum + word.length + 1, binary.length) > recordBytes;

function execFlags({ cwd, binary, args, forked, inInitTree }: ExecInput): string[] {
  const flags = ['execve'];
  if (cwd === '/') flags.push('rootcwd');
  if (forked) flags.push('clone');
  if (inInitTree) flags.push('inInitTree');
  else if (isLong(binary, args)) flags.push('dataArgs');
  return flags;
}

/**
 * What the image gained over the one before, and a file that nobody can look at any more. A set-id file counts as having
 * raised privileges if it made root of another (bpf_execve_bprm_commit_creds.c, recorded as 139-setuid-binary).
 */
function binaryProperties(
  { uid, gid, euid, egid }: CredValue,
  before: ExecInput['before'],
  unlinked: bigint | undefined,
): Record<string, unknown> | undefined {
  const setuid = before !== undefined && euid !== before.euid;
  const setgid = before !== undefined && egid !== before.egid;
  if (!setuid && !setgid && unlinked === undefined) return undefined;
  const raised: string[] = [];
  if (setuid && uid !== 0 && euid === 0) raised.push('PRIVILEGES_RAISED_EXEC_FILE_SETUID');
  if (setgid && gid !== 0 && egid === 0) raised.push('PRIVILEGES_RAISED_EXEC_FILE_SETGID');
  return {
    ...(setuid && { setuid: euid }),
    ...(setgid && { setgid: egid }),
    ...(raised.length > 0 && { privileges_changed: raised }),
    ...(unlinked !== undefined && { file: { inode: { number: String(unlinked), links: 0 } } }),
  };
}

/** A child that has not executed anything: its forker's facts under numbers of its own. */
export function forkFacts(
  forker: ProcessFacts,
  child: Pick<ProcessFacts, 'pid' | 'tid' | 'startNs'> & Partial<Pick<ProcessFacts, 'inInitTree'>>,
): ProcessFacts {
  return { ...forker, ...child, flags: ['execve'], parent: forker };
}

/** A process that nobody saw exec. In these flags procFS stands first (recorded: `procFS rootcwd`). */
export function residentFacts(resident: Omit<ProcessFacts, 'tid' | 'flags' | 'inInitTree'>): ProcessFacts {
  const flags = resident.cwd === '/' ? ['procFS', 'rootcwd'] : ['procFS'];
  return { ...resident, tid: resident.pid, flags, inInitTree: false };
}
