/**
 * The programs' selectors against the engine's, on this host's kernel: BPF_PROG_TEST_RUN needs no kprobes. Random plans,
 * random arguments; both have to name the same winner.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvaluator } from '../core/engine/evaluate.ts';
import { hitOf } from '../core/engine/hit.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ArgValue } from '../core/values/value.ts';
import { readPrograms } from './artefacts.ts';
import { bytesOf, concat } from './encode/bytes.ts';
import { encodePlans } from './encode/plan.ts';
import { none, testText } from './layout.ts';
import { openHostRig } from './rig/addon.ts';
import type { Rig } from './rig.ts';
import { artefacts, canLoad, hostNamespaces, kernel, plansOf, setupHint } from './testing.ts';

type Filter = { readonly index: number; readonly operator: string; readonly values: readonly string[] };

const integerTypes = {
  int: { signed: true, bits: 32 },
  uint32: { signed: false, bits: 32 },
  int64: { signed: true, bits: 64 },
  uint64: { signed: false, bits: 64 },
  size_t: { signed: false, bits: 64 },
  int16: { signed: true, bits: 16 },
  uint8: { signed: false, bits: 8 },
} as const;
type IntegerType = keyof typeof integerTypes;

// Small numbers and short texts of few letters, so that filters match often.
const number = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(255, 65535, 2 ** 31 - 1));
const text = fc
  .string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 })
  .chain((body) => fc.constantFrom(body, body, body.repeat(9), body.repeat(60)));
const filterOn = (index: number, type: IntegerType | 'string'): fc.Arbitrary<Filter> => {
  const filter = (operators: string[], value: fc.Arbitrary<string>, maxLength = 4) =>
    fc.record({
      index: fc.constant(index),
      operator: fc.constantFrom(...operators),
      values: fc.uniqueArray(value, { minLength: 1, maxLength }),
    });
  if (type === 'string') {
    return fc.oneof(
      filter(['Equal', 'NotEqual'], text),
      filter(
        ['Prefix', 'NotPrefix', 'Postfix', 'NotPostfix'],
        text.map((value) => value.slice(0, 100)),
      ),
    );
  }
  const limit = integerTypes[type].bits === 8 ? 255 : 65535;
  const fitting = number.map((value) => String(Math.min(value, limit)));
  const range = fc
    .tuple(number, number)
    .map(([a, b]) => `${Math.min(a, b, limit)}:${Math.min(Math.max(a, b), limit)}`);
  return fc.oneof(
    filter(['Equal', 'NotEqual', 'InMap', 'NotInMap', 'Mask'], fitting),
    filter(['GT', 'LT'], fitting, 1),
    filter(['InRange', 'NotInRange'], range, 3),
  );
};

const policy = fc
  .tuple(
    fc.constantFrom(...(Object.keys(integerTypes) as IntegerType[])),
    fc.constantFrom<IntegerType | 'string'>('string', 'int'),
  )
  .chain((types) =>
    fc.record({
      types: fc.constant(types),
      selectors: fc.array(
        fc.array(fc.oneof(filterOn(0, types[0]), filterOn(1, types[1])), { minLength: 1, maxLength: 3 }),
        { minLength: 1, maxLength: 4 },
      ),
      hits: fc.array(fc.tuple(fc.bigInt({ min: -3n, max: 22n }), fc.oneof(text, fc.constant(''))), {
        minLength: 1,
        maxLength: 12,
      }),
    }),
  );

function yamlOf(types: readonly string[], selectors: readonly (readonly Filter[])[]): string {
  const args = types.map((type, index) => ({ index, type }));
  const body = {
    call: 'probe',
    syscall: false,
    args,
    selectors: selectors.map((matchArgs) => ({ matchArgs })),
  };
  return `- ${JSON.stringify(body)}`;
}

describe.skipIf(!canLoad)(`selectors in the kernel (as root; ${setupHint})`, () => {
  let rig: Rig;
  let image: Uint8Array;
  beforeAll(async () => {
    rig = await openHostRig(artefacts?.addon ?? '');
    image = (await readPrograms(artefacts?.bpf ?? '', false)).object;
  });
  afterAll(() => rig.close());

  async function load(plans: readonly Plan[]): Promise<number> {
    const [object] = encodePlans(plans, { ...kernel, hostNamespaces }).objects;
    if (object === undefined) throw new Error('there is no object');
    const chunks = [image, object.rodata];
    let offset = image.length + object.rodata.length;
    const entries = object.maps.map(({ map, keySize, valueSize, entries }) => {
      const at = offset;
      chunks.push(...entries);
      offset += (keySize + valueSize) * entries.length;
      return { map, keySize, valueSize, count: entries.length, offset: at };
    });
    const head = {
      image: { offset: 0, length: image.length },
      rodata: { offset: image.length, length: object.rodata.length },
      programs: [{ name: 'test_selectors' }],
      maps: Object.fromEntries(object.maps.map(({ map, entries }) => [map, entries.length])),
      entries,
      fenced: false,
    };
    return (await rig.call('load', head, concat(chunks))).head['object'] as number;
  }

  async function winner(object: number, raw: readonly bigint[], value: string): Promise<number | undefined> {
    const bytes = bytesOf(value);
    const entry = concat([Uint8Array.of(1, 0, 0, 0), testText.encode({ length: bytes.length, bytes })]);
    const map = { object, map: 'test_texts', keySize: 4, valueSize: testText.size, count: 1 };
    await rig.call('update', map, entry);
    const context = new BigUint64Array(5);
    raw.forEach((one, index) => (context[index] = BigInt.asUintN(64, one)));
    const { head } = await rig.call(
      'testRun',
      { object, program: 'test_selectors' },
      new Uint8Array(context.buffer),
    );
    return head['result'] === none ? undefined : (head['result'] as number);
  }

  const valueOf = (type: string, raw: bigint, text: string): ArgValue => {
    if (type === 'string') return { kind: 'string', value: text };
    const { signed, bits } = integerTypes[type as IntegerType];
    return { kind: 'int', value: signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw) };
  };

  it('name the same winner as the engine', async () => {
    const seen = { match: 0, none: 0 };
    await fc.assert(
      fc.asyncProperty(policy, async ({ types, selectors, hits }) => {
        const plans = plansOf(yamlOf(types, selectors));
        const [plan] = plans as [Plan];
        const evaluator = createEvaluator(plan);
        const object = await load(plans);
        try {
          for (const [raw, text] of hits) {
            const args = types.map((type, index) => valueOf(type, index === 0 ? raw : raw + 1n, text));
            const verdict = evaluator.hooks[0]?.entry(hitOf({ task: {} as never, args, bootNs: 0n }));
            seen[verdict?.selector === undefined ? 'none' : 'match']++;
            expect(await winner(object, [raw, raw + 1n], text), JSON.stringify([String(raw), text])).toBe(
              verdict?.selector,
            );
          }
        } finally {
          await rig.call('detach', { object });
        }
      }),
      { numRuns: 60, seed: 20_26 },
    );
    // Or the agreement would say little.
    expect(Math.min(seen.match, seen.none)).toBeGreaterThan(50);
  }, 120_000);
});
