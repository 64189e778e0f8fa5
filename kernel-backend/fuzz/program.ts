/** For tests: a hook's stages on this host's kernel, by BPF_PROG_TEST_RUN, which needs no kprobes (bpf/test.h). */
import { bpfMapTypes, bpfProgramTypes, perfTypes } from '../../core/names/bpf.ts';
import { moduleTaints } from '../../core/names/module-taints.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { readRecords, type KernelRecord } from '../decode/records.ts';
import { bytesOf, concat } from '../encode/bytes.ts';
import { encodePlans, type TargetKernel } from '../encode/plan.ts';
import type { BinarySet } from '../encode/process.ts';
import {
  trActionKind,
  trArgStatus,
  trCreds,
  trLimit,
  trModuleBytes,
  trNamedBytes,
  trPlacedArg,
  trSockBytes,
  trStepState,
  trUserNamespaceBytes,
  type trTaskEntry,
} from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import type { Rig } from '../rig.ts';
import { storedPrograms, taskEntries, type Programs } from '../session/load.ts';
import { hostNamespaces, kernel } from '../testing.ts';

export interface TestVerdict {
  readonly selector: number | undefined;
  /** Index of the last action that was run. */
  readonly action: number | undefined;
  readonly posts: boolean;
  /** What the actions would have done, in order. */
  readonly effects: readonly TestEffect[];
  /** What the output stage wrote. */
  readonly records: readonly KernelRecord[];
  /** When it was, in nanoseconds since boot, and in which thread. */
  readonly bootNs: bigint;
  readonly tid: number;
  /** If it returned. */
  readonly returned?: Pick<TestVerdict, 'effects' | 'records'>;
}

export interface TestEffect {
  readonly kind: 'signal' | 'override' | 'notify';
  /** Of a notification the error above the signal, 16 bits each. */
  readonly number: number;
}

/** A call of a hook of the plans, and perhaps its return. */
export interface TestHit {
  /** Number of the hook; default: the first. */
  readonly hook?: number;
  readonly args: readonly PlacedValue[];
  readonly returned?: PlacedValue;
}

export interface TestSetting {
  readonly kernel?: TargetKernel;
  /** What is known of this process; default: nothing. */
  readonly taskOf?: (binaries: readonly BinarySet[]) => Written<typeof trTaskEntry>;
}

const program = 'test_selectors';
/** What they tell of has room in the ring buffer. */
const mostHits = 100;
const keyOf = (number: number): Uint8Array => Uint8Array.of(number, 0, 0, 0);

export class TestProgram {
  readonly #rig: Rig;
  readonly #object: number;

  private constructor(
    rig: Rig,
    object: number,
    /** The plans' matchBinaries filters, by their bits. */
    readonly binaries: readonly BinarySet[],
  ) {
    this.#rig = rig;
    this.#object = object;
  }

  /** Loads plans, with a step that has begun. The programs are stored in the rig. Throws what encodePlans does. */
  static async load(
    rig: Rig,
    programs: Programs,
    plans: readonly Plan[],
    { kernel: target = kernel, taskOf }: TestSetting = {},
  ): Promise<TestProgram> {
    const encoded = encodePlans(plans, { ...target, cookies: false });
    const [object] = encoded.objects;
    if (object === undefined) throw new Error('there is no object');
    const chunks = [object.rodata];
    let offset = object.rodata.length;
    const armed = concat([keyOf(0), trStepState.encode({ armed: 1 })]);
    const maps = [...object.maps, { map: 'step', keySize: 4, valueSize: trStepState.size, entries: [armed] }];
    if (taskOf !== undefined) maps.push(taskEntries(new Map([[process.pid, taskOf(encoded.binaries)]])));
    const entries = maps.map(({ map, keySize, valueSize, entries }) => {
      const at = offset;
      chunks.push(...entries);
      offset += (keySize + valueSize) * entries.length;
      return { map, keySize, valueSize, count: entries.length, offset: at };
    });
    const request = {
      ...storedPrograms(programs),
      rodata: { offset: 0, length: object.rodata.length },
      programs: [{ name: program }],
      unused: object.unused,
      maps: Object.fromEntries(object.maps.map(({ map, entries }) => [map, entries.length])),
      entries,
      fenced: false,
    };
    const { head } = await rig.call('load', request, concat(chunks));
    return new TestProgram(rig, head.object, encoded.binaries);
  }

  /** What comes of each hit, in order; their arguments are in the order of the hook's. */
  async judge(hits: readonly TestHit[]): Promise<TestVerdict[]> {
    const verdicts: TestVerdict[] = [];
    for (let first = 0; first < hits.length; first += mostHits)
      verdicts.push(...(await this.#judge(hits.slice(first, first + mostHits))));
    return verdicts;
  }

  async #judge(hits: readonly TestHit[]): Promise<TestVerdict[]> {
    const [rig, object] = [this.#rig, this.#object];
    // All runs put as many entries into the map.
    const count = Math.max(1, ...hits.map(({ args }) => args.length));
    const runs = hits.flatMap(({ hook = 0, args, returned }) => [
      runOf(hook, 0, count, args.entries()),
      ...(returned === undefined ? [] : [runOf(hook, 1, count, [[trLimit.RETURN_SLOT, returned]])]),
    ]);
    const entries = { map: 'placed_args', keySize: 4, valueSize: trPlacedArg.size, count };
    await rig.call('testRun', { object, program, entries, contextSize }, concat(runs));
    const { bytes } = await rig.call('flush', { object });
    const told = splitByRun(readRecords(bytes));
    if (told.length !== runs.length) throw new Error(`${runs.length} runs, and records of ${told.length}`);
    return hits.map(({ returned }) => {
      const [entry, exit] = [told.shift(), returned === undefined ? undefined : told.shift()];
      if (entry === undefined) throw new Error('a run without a record');
      const { selector, action, posts } = entry.verdict;
      return {
        ...{ selector: indexOf(selector), action: indexOf(action), posts: posts !== 0 },
        ...{ effects: entry.effects, records: entry.records, bootNs: entry.bootNs, tid: entry.tid },
        ...(exit && { returned: { effects: exit.effects, records: exit.records } }),
      };
    });
  }

  /** Makes another process of the one that runs the hits. */
  async become(task: Written<typeof trTaskEntry>): Promise<void> {
    const { map, keySize, valueSize, entries } = taskEntries(new Map([[process.pid, task]]));
    const { length: count } = entries;
    await this.#rig.call('update', { object: this.#object, map, keySize, valueSize, count }, concat(entries));
  }

  async close(): Promise<void> {
    await this.#rig.call('detach', { object: this.#object });
  }
}

const indexOf = (index: number): number | undefined => (index === trLimit.NO_INDEX ? undefined : index);

/** The context: arguments of a raw tracepoint, of which the program takes the first two. */
const contextSize = 40;

function runOf(
  hook: number,
  returns: 0 | 1,
  count: number,
  args: Iterable<readonly [number, PlacedValue]>,
): Uint8Array {
  const entrySize = 4 + trPlacedArg.size;
  const run = new Uint8Array(count * entrySize + contextSize);
  const view = new DataView(run.buffer);
  let at = 0;
  for (const [slot, arg] of args) {
    view.setUint32(at, slot, true);
    run.set(trPlacedArg.encode(placed(arg)), at + 4);
    at += entrySize;
  }
  // Of those that are left the last slot takes what nobody reads.
  for (; at < count * entrySize; at += entrySize) view.setUint32(at, trLimit.MAX_ARGS, true);
  view.setUint32(at, hook, true);
  view.setUint32(at + 8, returns, true);
  return run;
}

interface RunTold {
  readonly verdict: Extract<KernelRecord, { kind: 'test' }>['verdict'];
  readonly effects: readonly TestEffect[];
  readonly records: readonly KernelRecord[];
  readonly bootNs: bigint;
  readonly tid: number;
}

const effectKinds: Readonly<Record<number, TestEffect['kind']>> = {
  [trActionKind.ACTION_OVERRIDE]: 'override',
  [trActionKind.ACTION_NOTIFY_ENFORCER]: 'notify',
};

function splitByRun(records: readonly KernelRecord[]): RunTold[] {
  const runs: RunTold[] = [];
  let before: KernelRecord[] = [];
  for (const record of records) {
    if (record.kind !== 'test') {
      before.push(record);
      continue;
    }
    const { verdict, effects, effect_count, head } = record;
    const done = effects.slice(0, effect_count).map(({ kind, number }) => ({
      kind: effectKinds[kind] ?? 'signal',
      number,
    }));
    runs.push({ verdict, effects: done, records: before, bootNs: head.time_ns, tid: head.tid });
    before = [];
  }
  return runs;
}

/** Inode number of the host's user namespace, for tests. */
export const hostUserNamespace = hostNamespaces.User;

/** Values that a test can place. */
export type PlacedValue =
  | Exclude<ArgValue, { readonly kind: 'int' | 'unknown' }>
  /** `raw`: as the register has it. */
  | (Extract<ArgValue, { readonly kind: 'int' }> & { readonly raw?: bigint });

/** The value as it would have been read. */
function placed(value: PlacedValue): Written<typeof trPlacedArg> {
  switch (value.kind) {
    case 'nop':
      return {};
    case 'int':
      return { value: value.raw ?? BigInt.asUintN(64, BigInt(value.value)) };
    case 'caps':
      return { value: value.value };
    case 'string':
      return { length: value.value.length, bytes: bytesOf(value.value) };
    case 'buffer':
      return { value: BigInt(value.size), length: value.value.length, bytes: bytesOf(value.value) };
    case 'file':
      return value.unresolved === true
        ? { status: trArgStatus.READ_UNRESOLVED, mode: value.mode ?? 0 }
        : { length: value.path.length, bytes: bytesOf(value.path), mode: value.mode ?? 0 };
    case 'sockaddr_un': {
      const { family, path, abstract } = value;
      return { value: BigInt(family), length: path.length, bytes: bytesOf(path), mode: Number(abstract) };
    }
    case 'bad-fd':
      return { status: trArgStatus.READ_BAD_FD, value: BigInt.asUintN(64, BigInt(value.fd)) };
    case 'unreadable':
      return { status: trArgStatus.READ_FAULT };
    case 'sock':
    case 'skb':
    case 'sockaddr':
    case 'cred':
    case 'user_namespace':
    case 'bpf_attr':
    case 'bpf_prog':
    case 'bpf_map':
    case 'module':
    case 'perf_event': {
      const bytes = structure(value);
      return { length: bytes.length, bytes };
    }
  }
}

type Structure = Exclude<
  PlacedValue,
  {
    readonly kind:
      'nop' | 'int' | 'caps' | 'string' | 'buffer' | 'file' | 'sockaddr_un' | 'bad-fd' | 'unreadable';
  }
>;

/** The bits of the flags that taint a module. */
const taintFlags = (names: readonly string[]): bigint =>
  Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)).reduce(
    (all, bit) => (moduleTaints(bit).some((name) => names.includes(name)) ? all | bit : all),
    0n,
  );

function structure(value: Structure): Uint8Array {
  const named = (numbers: readonly (number | bigint)[], name: string): Uint8Array =>
    trNamedBytes.encode({ numbers: numbers.map(BigInt), name: bytesOf(name) });
  switch (value.kind) {
    case 'sockaddr':
      return trSockBytes.encode({
        ...{ family: value.family, sport: value.port, saddr: Uint8Array.from(value.addr ?? []) },
      });
    case 'sock':
    case 'skb': {
      const { saddr = [], daddr = [], cookie = 0n, hash = 0, length = 0, ...numbers } = value;
      const { family, type, protocol, state, sport, dport, mark = 0, priority = 0 } = numbers;
      return trSockBytes.encode({
        ...{ family, type, protocol, state, sport, dport, mark, priority, cookie, hash, size: length },
        ...{ saddr: Uint8Array.from(saddr), daddr: Uint8Array.from(daddr) },
      });
    }
    case 'cred': {
      const { kind: _, userNs, ...ids } = value;
      const { level, uid, gid, inum } = userNs;
      return trCreds.encode({
        ...ids,
        ...{ user_ns_level: level, user_ns_uid: uid, user_ns_gid: gid, user_ns_inum: inum },
      });
    }
    case 'user_namespace': {
      const { level, uid, gid, inum } = value;
      return trUserNamespaceBytes.encode({ level, uid, gid, inum });
    }
    case 'bpf_attr':
    case 'bpf_prog':
      return named([bpfProgramTypes.numberOf(value.progType) ?? 0, value.insnCnt], value.name);
    case 'bpf_map': {
      const { mapType, keySize, valueSize, maxEntries, name } = value;
      return named([bpfMapTypes.numberOf(mapType) ?? 0, keySize, valueSize, maxEntries], name);
    }
    case 'module':
      return trModuleBytes.encode({
        name: bytesOf(value.name),
        ...{ taints: taintFlags(value.taints), signed_well: Number(value.signatureOk === true) },
      });
    case 'perf_event': {
      const { type, config, probeOffset, kprobeFunc } = value;
      return named([perfTypes.numberOf(type) ?? 0, config, probeOffset], kprobeFunc);
    }
  }
}
