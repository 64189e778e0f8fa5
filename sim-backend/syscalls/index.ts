/** The table of system calls, looked up by call and by hook. */
import { Call } from '../machine/call.ts';
import type { Foretold } from '../machine/foresight.ts';
import type { Instant } from '../machine/instant.ts';
import type { Task } from '../machine/task.ts';
import type { CallText } from '../trace/call-text.ts';
import { noSignature, readSignature, type Signature } from '../trace/signature.ts';
import { attributeRows } from './attributes.ts';
import { bpfRows } from './bpf.ts';
import { connectionRows } from './connections.ts';
import { copyRows } from './copies.ts';
import { credentialRows } from './credentials.ts';
import { dataRows } from './data.ts';
import { descriptorRows } from './descriptors.ts';
import { execRows } from './exec.ts';
import { fsContextRows } from './fs-context.ts';
import { limitRows } from './limits.ts';
import { mapRows } from './maps.ts';
import { messageRows } from './messages.ts';
import { mountRows } from './mounts.ts';
import { nameRows } from './names.ts';
import { namespaceRows } from './namespaces.ts';
import { openRows } from './open.ts';
import { ownerRows } from './owners.ts';
import { processRows } from './processes.ts';
import { tracingRows } from './tracing.ts';
import { quietRows } from './quiet.ts';
import { releaseRows } from './release.ts';
import { onKernel, type HookSite, type SyscallRow } from './row.ts';
import { behindSearch, withSearch } from './search.ts';
import { signalRows } from './signals.ts';
import { sleepingRows } from './sleeping.ts';
import { socketRows } from './sockets.ts';
import { statRows } from './stat.ts';
import { systemRows } from './system.ts';

export const syscallRows: readonly SyscallRow[] = [
  ...[
    ...openRows,
    ...statRows,
    ...nameRows,
    ...attributeRows,
    ...ownerRows,
    ...fsContextRows,
    ...execRows,
  ].map(behindSearch),
  ...[
    ...descriptorRows,
    ...dataRows,
    ...copyRows,
    ...mapRows,
    ...socketRows,
    ...connectionRows,
    ...messageRows,
    ...processRows,
    ...tracingRows,
    ...signalRows,
    ...sleepingRows,
    ...limitRows,
    ...credentialRows,
    ...namespaceRows,
    ...mountRows,
    ...systemRows,
    ...bpfRows,
    ...quietRows,
    ...releaseRows,
  ].map(withSearch),
];

const byName = new Map<string, SyscallRow>();
for (const row of syscallRows) for (const name of Object.keys(row.calls)) byName.set(name, row);

/** Row of a system call, by the name that strace prints; undefined: the simulator holds nothing of it but its entry. */
export const rowOf = (name: string): SyscallRow | undefined => byName.get(name);

const signatures = new Map<string, Signature>();

/** Signature of a system call; an empty one if it has no row. */
export function signatureOf(name: string): Signature {
  const known = signatures.get(name);
  if (known !== undefined) return known;
  const text = byName.get(name)?.calls[name];
  const signature = text === undefined ? noSignature : readSignature(text);
  // Names of a damaged trace are without number.
  if (text !== undefined) signatures.set(name, signature);
  return signature;
}

/** A call as its row reads it; see `Call` for the parts. */
export const callOf = (
  name: string,
  text: CallText,
  task: Task,
  line: number,
  start: Instant,
  end: Instant,
): Call => new Call(name, text, task, line, start, end, signatureOf(name));

/** What foresight asks of a system call. */
export function foretoldBy(name: string): Foretold {
  const { shows = [], effects = [], changesNames } = byName.get(name) ?? {};
  const changes = shows.length === 0 && changesNames && effects.some(({ on }) => on === 'files');
  return { shows: changes ? ['change'] : shows, signature: signatureOf(name) };
}

/** Functions that a call runs on this kernel, in order. */
export const sitesOf = (name: string, kernel: string): readonly HookSite[] =>
  (byName.get(name)?.sites ?? []).filter((site) => onKernel(site.kernels, kernel));

/** Releases whose kernels run this function, of one that some row holds; undefined: none does, or all of them do. */
export function releasesOf(hook: string): string | undefined {
  const ranges = syscallRows
    .flatMap(({ sites = [] }) => sites)
    .filter((site) => site.hook === hook)
    .map(({ kernels }) => kernels);
  const known = ranges.filter((range) => range !== undefined);
  return known.length < ranges.length || known.length === 0 ? undefined : [...new Set(known)].join(', ');
}

const hooksByKernel = new Map<string, ReadonlySet<string>>();
/** Start states may name any release; a run replays many traces of the same few. */
const mostKernels = 16;

/** Hooks that some row holds, on this kernel. */
export function modelledHooks(kernel: string): ReadonlySet<string> {
  const known = hooksByKernel.get(kernel);
  if (known !== undefined) return known;
  const sites = syscallRows.flatMap((row) => row.sites ?? []);
  const hooks = new Set(sites.filter((site) => onKernel(site.kernels, kernel)).map(({ hook }) => hook));
  if (hooksByKernel.size < mostKernels) hooksByKernel.set(kernel, hooks);
  return hooks;
}
