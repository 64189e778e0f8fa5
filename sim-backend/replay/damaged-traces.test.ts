import { expect, it } from 'vitest';
import { fuzzTraces } from '../testing/fuzz.ts';
import { killOnOpen, plansOf, shellTrace } from '../testing/sample.ts';

it('says so whenever a half, an end or a birth is missing, or the trace is cut', async () => {
  const traces = [shellTrace, shellTrace.replaceAll(/^(10\d) [\d.]+/gm, '$1')];
  expect(await fuzzTraces(traces, plansOf(killOnOpen), 600, 11)).toEqual([]);
});
