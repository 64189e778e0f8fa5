import { describe, expect, it } from 'vitest';
import { plansOf, policy, shellTrace, traceOf } from '../testing/sample.ts';
import type { JudgedHit } from '../../core/judge/observer.ts';
import { replayed as replay } from '../testing/replayed.ts';
import { replay as replayTrace } from './replay.ts';

/** A hook on every open whose second argument, a pointer's, no trace tells. */
const hook = (selector: string): string =>
  policy(`  - call: fd_install
    syscall: false
    args:
    - {index: 0, type: int}
    - {index: 4, type: uint64}
    selectors:
    - ${selector}
      matchActions:
      - action: NoPost
`);

describe('an argument that is not in the trace', () => {
  const asks = '- {index: 4, operator: Equal, values: ["1"]}';

  it('is no obstacle to a hit that the process or an earlier filter excludes', async () => {
    for (const selector of [
      `matchBinaries: [{operator: In, values: ["/usr/bin/vi"]}]\n      matchArgs:\n      ${asks}`,
      `matchArgs:\n      - {index: 0, operator: Equal, values: ["77"]}\n      ${asks}`,
    ]) {
      const { problems } = await replay({ trace: traceOf(shellTrace), plans: plansOf(hook(selector)) });
      expect(problems).toEqual([]);
    }
  });

  it('is a problem where it decides', async () => {
    const { problems } = await replay({
      trace: traceOf(shellTrace),
      plans: plansOf(hook(`matchArgs:\n      ${asks}`)),
    });
    expect(problems).toMatchObject([
      {
        ...{ kind: 'not-known', policy: 'test', hook: 'fd_install', count: 2 },
        why: 'uint64, which is not known (argument 4 of the function is not in the trace), is compared: is 1?',
        place: { file: 'test.strace', line: 2 },
      },
    ]);
  });
});

describe('coverage', () => {
  const plans = plansOf(hook('matchArgs:\n      - {index: 0, operator: InMap, values: ["3", "4"]}'));

  it('is in the outcome if it is asked for', async () => {
    const { coverage } = await replay({ trace: traceOf(shellTrace), plans, watchCoverage: true });
    const at = { policy: 'test', hook: 0, selector: 0 };
    expect(coverage).toEqual({
      known: true,
      value: [
        { ...at, decided: 'won', count: 2 },
        { ...at, filter: 0, value: 0, decided: 'matched', count: 2 },
      ],
    });
  });

  it('is not kept otherwise', async () => {
    expect((await replay({ trace: traceOf(shellTrace), plans })).coverage.known).toBe(false);
  });
});

describe('judged hits', () => {
  it('flow to whoever listens, those that match nothing too', async () => {
    const plans = plansOf(hook('matchArgs:\n      - {index: 0, operator: Equal, values: ["77"]}'));
    const hits: JudgedHit[] = [];
    await replayTrace({ trace: traceOf(shellTrace), plans }, { hit: (judged) => void hits.push(judged) });
    expect(hits).toHaveLength(2);
    expect(hits[0]).toMatchObject({ policy: 'test', hook: 'fd_install', pid: 100, tid: 100 });
    expect(hits[0]?.verdict.selector).toBeUndefined();
    // Read in the order in which filters ask: nobody asked for the second argument.
    expect(hits[0]?.args).toEqual([{ kind: 'int', value: 3 }, undefined]);
  });
});
