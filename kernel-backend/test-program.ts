/** For tests: a hook's stages on this host's kernel, by BPF_PROG_TEST_RUN, which needs no kprobes (bpf/test.h). */
import type { Plan } from '../core/plan/plan.ts';
import type { ArgValue } from '../core/values/value.ts';
import { readRecords, type KernelRecord } from './decode/records.ts';
import { bytesOf, concat } from './encode/bytes.ts';
import { encodePlans, type TargetKernel } from './encode/plan.ts';
import type { BinarySet } from './encode/process.ts';
import {
  trArgStatus,
  trLimit,
  trPlacedArg,
  trSockBytes,
  trStepState,
  trVerdict,
  type trTaskEntry,
} from './layout/generated.ts';
import type { Written } from './layout/struct.ts';
import type { Rig } from './rig.ts';
import { taskEntries } from './session/load.ts';
import { kernel } from './testing.ts';

export interface TestVerdict {
  readonly selector: number | undefined;
  readonly posts: boolean;
  /** What the output stage wrote. */
  readonly records: readonly KernelRecord[];
}

export interface TestSetting {
  readonly hostNamespaces?: TargetKernel['hostNamespaces'];
  /** What is known of this process; default: nothing. */
  readonly taskOf?: (binaries: readonly BinarySet[]) => Written<typeof trTaskEntry>;
}

const program = 'test_selectors';
const keyOf = (number: number): Uint8Array => Uint8Array.of(number, 0, 0, 0);

export class TestProgram {
  readonly #rig: Rig;
  readonly #object: number;

  private constructor(rig: Rig, object: number) {
    this.#rig = rig;
    this.#object = object;
  }

  /** Loads the plan of the policies' first hook, with a step that has begun. Throws what encodePlans does. */
  static async load(
    rig: Rig,
    image: Uint8Array,
    plans: readonly Plan[],
    { hostNamespaces = kernel.hostNamespaces, taskOf }: TestSetting = {},
  ): Promise<TestProgram> {
    const encoded = encodePlans(plans, { ...kernel, cookies: false, hostNamespaces });
    const [object] = encoded.objects;
    if (object === undefined) throw new Error('there is no object');
    const chunks = [image, object.rodata];
    let offset = image.length + object.rodata.length;
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
      image: { offset: 0, length: image.length },
      rodata: { offset: image.length, length: object.rodata.length },
      programs: [{ name: program }],
      unused: object.unused,
      maps: Object.fromEntries(object.maps.map(({ map, entries }) => [map, entries.length])),
      entries,
      fenced: false,
    };
    const { head } = await rig.call('load', request, concat(chunks));
    return new TestProgram(rig, head.object);
  }

  /** What comes of a hit with these arguments, in the order of the hook's. */
  async judge(args: readonly PlacedValue[]): Promise<TestVerdict> {
    const [rig, object] = [this.#rig, this.#object];
    const entries = args.map((arg, index) => concat([keyOf(index), trPlacedArg.encode(placed(arg))]));
    const map = { map: 'placed_args', keySize: 4, valueSize: trPlacedArg.size, count: entries.length };
    await rig.call('update', { object, ...map }, concat(entries));
    // The context of a raw tracepoint: nothing of it is read.
    const { head } = await rig.call('testRun', { object, program }, new Uint8Array(40));
    const { selector, posts } = trVerdict.decode(
      Uint8Array.from([0, 8, 16, 24], (bit) => head.result >>> bit),
    );
    const { bytes } = await rig.call('flush', { object });
    return {
      selector: selector === trLimit.NO_INDEX ? undefined : selector,
      posts: posts !== 0,
      records: readRecords(bytes),
    };
  }

  async close(): Promise<void> {
    await this.#rig.call('detach', { object: this.#object });
  }
}

/** Values that a test can place. */
export type PlacedValue = Extract<
  ArgValue,
  {
    kind:
      'int' | 'caps' | 'string' | 'buffer' | 'file' | 'sock' | 'skb' | 'sockaddr' | 'bad-fd' | 'unreadable';
  }
>;

/** The value as it would have been read. */
function placed(value: PlacedValue): Written<typeof trPlacedArg> {
  switch (value.kind) {
    case 'int':
      return { value: BigInt.asUintN(64, BigInt(value.value)) };
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
    case 'sockaddr':
      return {
        length: trSockBytes.size,
        bytes: trSockBytes.encode({
          ...{ family: value.family, sport: value.port, saddr: Uint8Array.from(value.addr ?? []) },
        }),
      };
    case 'sock':
    case 'skb': {
      const { family, type, protocol, state, sport, dport, saddr = [], daddr = [] } = value;
      const bytes = trSockBytes.encode({
        ...{ family, type, protocol, state, sport, dport },
        ...{ saddr: Uint8Array.from(saddr), daddr: Uint8Array.from(daddr) },
      });
      return { length: trSockBytes.size, bytes };
    }
    case 'bad-fd':
      return { status: trArgStatus.READ_BAD_FD, value: BigInt.asUintN(64, BigInt(value.fd)) };
    case 'unreadable':
      return { status: trArgStatus.READ_FAULT };
  }
}
