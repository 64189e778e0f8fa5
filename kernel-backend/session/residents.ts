/** Processes that were in the fence before the policies: known by what /proc says of them, as Tetragon does at its start. */
import type { NamespaceName } from '../../core/plan/plan.ts';
import type { ProcessFacts } from '../../core/events/facts.ts';
import { launcherBinary } from '../../core/events/launcher.ts';
import { residentFacts } from '../../core/events/process-facts.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { BinarySet } from '../encode/process.ts';
import { textOf } from '../encode/bytes.ts';
import type { trTaskEntry } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { RigError, type Rig } from '../rig.ts';

type TaskEntry = Written<typeof trTaskEntry>;

export interface Residents {
  readonly tasks: ReadonlyMap<number, TaskEntry>;
  /** What the programs know of a step's root before its command. */
  readonly launcher: TaskEntry;
}

/** No process but a step's root. */
export function noResidents(binaries: readonly BinarySet[]): Residents {
  return { tasks: new Map(), launcher: { bits: bitsOf(launcherBinary, binaries), known: 1 } };
}

export async function findResidents(rig: Rig, binaries: readonly BinarySet[]): Promise<Residents> {
  const { pids } = await rig.fence();
  const tasks = new Map<number, TaskEntry>();
  for (const pid of pids) {
    const { target } = await rig.stat(`/proc/${pid}/exe`).catch(gone);
    if (target === undefined) continue;
    tasks.set(pid, { bits: bitsOf(target, binaries), known: 1 });
  }
  return { ...noResidents(binaries), tasks };
}

/** The filters that a binary is one of, as the exec program decides them. */
export function bitsOf(binary: ByteString, binaries: readonly BinarySet[]): bigint {
  return binaries.reduce((bits, { match, values }, index) => {
    const test = {
      exact: (value: string) => binary === value,
      prefix: (value: string) => binary.startsWith(value),
      postfix: (value: string) => binary.endsWith(value),
    }[match];
    return values.some(test) ? bits | (1n << BigInt(index)) : bits;
  }, 0n);
}

/** Facts of a process that nobody saw exec: pid 1. */
export async function factsFromProc(
  rig: Rig,
  pid: number,
  hostNamespaces: Readonly<Record<NamespaceName, number>>,
): Promise<ProcessFacts> {
  const read = async (name: string): Promise<string> =>
    textOf(await rig.read(`/proc/${pid}/${name}`).catch(() => new Uint8Array()));
  const [exe, cwd, cmdline, status] = await Promise.all([
    rig.stat(`/proc/${pid}/exe`).catch(gone),
    rig.stat(`/proc/${pid}/cwd`).catch(gone),
    read('cmdline'),
    read('status'),
  ]);
  const capabilities = (name: string): bigint =>
    BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? '0'}`);
  const place = cwd.target ?? '/';
  return residentFacts({
    pid,
    uid: Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? 0),
    auid: 0xffffffff,
    cwd: place,
    binary: exe.target ?? cmdline.split('\0')[0] ?? '',
    args: cmdline.split('\0').slice(1, -1),
    startNs: 0n,
    caps: {
      permitted: capabilities('CapPrm'),
      effective: capabilities('CapEff'),
      inheritable: capabilities('CapInh'),
    },
    namespaces: hostNamespaces,
    hostNamespaces,
  });
}

function gone(error: unknown): { readonly target?: ByteString } {
  if (error instanceof RigError) return {};
  throw error;
}
