/**
 * The programs' stages against the engine's, on this host's kernel: BPF_PROG_TEST_RUN needs no kprobes. Random plans,
 * random arguments, read or not; both have to name the same winner, and to post or not.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvaluator } from '../core/engine/evaluate.ts';
import { hit } from '../core/engine/testing.ts';
import type { Plan } from '../core/plan/plan.ts';
import { readPrograms } from './artefacts.ts';
import { openHostRig } from './rig/addon.ts';
import type { Rig } from './rig.ts';
import { anyCase, behindText, twoSets, type RandomCase } from './test-arbitraries.ts';
import { TestProgram, type PlacedValue } from './test-program.ts';
import { artefacts, canLoad, plansOf, setupHint } from './testing.ts';

function hookOf({ types, selectors }: Pick<RandomCase, 'types' | 'selectors'>): string {
  const args = types.map((type, index) => ({
    index,
    type,
    ...(type === 'char_buf' ? { sizeArgIndex: 1 } : {}),
  }));
  return `- ${JSON.stringify({ call: 'probe', syscall: false, args, selectors })}`;
}

/** Long texts by their length. */
function shown(args: readonly PlacedValue[]): string {
  const short = (_: string, value: unknown): unknown =>
    typeof value === 'bigint'
      ? String(value)
      : typeof value === 'string' && value.length > 99
        ? `${value.slice(0, 4)}… (${value.length})`
        : value;
  return JSON.stringify(args, short);
}

describe.skipIf(!canLoad)(`selectors in the kernel (as root; ${setupHint})`, () => {
  let rig: Rig;
  let image: Uint8Array;
  beforeAll(async () => {
    rig = await openHostRig(artefacts?.addon ?? '');
    image = (await readPrograms(artefacts?.bpf ?? '', false)).object;
  });
  afterAll(() => rig.close());

  /** Judges the hits on both sides; `note` is told of each. */
  async function compare(
    random: RandomCase,
    note: (args: readonly PlacedValue[], selector: number | undefined) => void,
  ): Promise<void> {
    const plans = plansOf(hookOf(random));
    const evaluator = createEvaluator((plans as [Plan])[0]);
    const program = await TestProgram.load(rig, image, plans);
    try {
      for (const args of random.hits) {
        const verdict = evaluator.hooks[0]?.entry(hit(args));
        const { selector, posts, records } = await program.judge(args);
        note(args, selector);
        const expected = { selector: verdict?.selector, posts: verdict?.post };
        expect({ selector, posts }, shown(args)).toEqual(expected);
        expect(records.map(({ kind }) => kind)).toEqual(posts ? ['hook'] : []);
      }
    } finally {
      await program.close();
    }
  }

  it('name the same winner as the engine', async () => {
    const seen = { match: 0, none: 0, unreadable: 0, badFd: 0, pathless: 0, address: 0, packet: 0 };
    const count = (args: readonly PlacedValue[], selector: number | undefined): void => {
      seen[selector === undefined ? 'none' : 'match']++;
      if (args.some(({ kind }) => kind === 'unreadable')) seen.unreadable++;
      if (args.some((arg) => arg.kind === 'sock' && arg.saddr !== undefined)) seen.address++;
      if (args.some(({ kind }) => kind === 'skb')) seen.packet++;
      if (args.some(({ kind }) => kind === 'bad-fd')) seen.badFd++;
      if (args.some((arg) => arg.kind === 'file' && arg.path === '')) seen.pathless++;
    };
    const property = fc.asyncProperty(anyCase, (random) => compare(random, count));
    await fc.assert(property, { numRuns: 100, seed: 20_26 });
    // Or the agreement would say little.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(50);
  }, 120_000);

  it('compare the same bytes as the engine where an argument lies too far behind', async () => {
    const seen = { match: 0, none: 0 };
    const count = (_: unknown, selector: number | undefined): void => {
      seen[selector === undefined ? 'none' : 'match']++;
    };
    const property = fc.asyncProperty(behindText, (random) => compare(random, count));
    await fc.assert(property, { numRuns: 40, seed: 20_26 });
    expect(Math.min(seen.match, seen.none)).toBeGreaterThan(100);
  }, 120_000);

  it('compare sets of capabilities as the engine does', async () => {
    const seen = { match: 0, none: 0 };
    const count = (_: unknown, selector: number | undefined): void => {
      seen[selector === undefined ? 'none' : 'match']++;
    };
    const property = fc.asyncProperty(twoSets, (random) => compare(random, count));
    await fc.assert(property, { numRuns: 25, seed: 20_26 });
    expect(Math.min(seen.match, seen.none)).toBeGreaterThan(50);
  }, 120_000);
});
