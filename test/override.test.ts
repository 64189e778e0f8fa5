/** Scenarios of test/override: they override what system calls return, which takes a kernel that lets BPF do so. */
import { expect, it } from 'vitest';
import { kernelFacts } from '../core/kernels/kernel-facts.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { makeBackend } from '../runner/backends.ts';
import { readVmImage } from '../vm/image.ts';
import { runScenarios } from '../runner/run.ts';
import { kernelOf } from '../runner/kernel-data.ts';
import type { RunResult } from '../runner/result.ts';
import { createSimBackend } from '../sim-backend/public-api.ts';

const folder = new URL('override', import.meta.url).pathname;

const problems = ({ errors, scenarios }: RunResult): unknown[] => [
  ...errors,
  ...scenarios.flatMap(({ steps, parity }) => [
    ...steps.filter(({ status }) => status !== 'passed'),
    ...parity.filter(({ status }) => status !== 'agree'),
  ]),
];

it('pass on the simulator of such a kernel', async () => {
  const line = await kernelOf('6.12');
  const has = (capability: string) => (capability === 'override-return' ? true : undefined);
  const able = kernelFacts({ ...line, id: 'able to override' }, { has }, line);
  const backend = createSimBackend({ kernel: 'able', kernelOf: () => Promise.resolve(able) });
  const result = await runScenarios({ paths: [folder], backends: [backend] });
  expect(problems(result)).toEqual([]);
  expect(result.counts.passed).toBeGreaterThan(0);
});

it('do not load on the simulator of any of Debian’s', async () => {
  const backend = createSimBackend({ kernel: '6.12', kernelOf });
  const result = await runScenarios({ paths: [folder], backends: [backend] });
  const kinds = result.scenarios.flatMap(({ steps }) =>
    steps.flatMap(({ outcome }) => outcome?.problems ?? []),
  );
  expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['load']));
  expect(kinds.length).toBe(result.counts.failed);
});

const here = (await readVmImage(cacheDir(), 'override')) !== undefined;

it.skipIf(!here)(
  'pass on such a kernel in a VM, in parity (npx tracerig vm build-kernel builds it)',
  { timeout: 120_000 },
  async () => {
    const backends = [await makeBackend('sim', 'override'), await makeBackend('vm', 'override')];
    try {
      const result = await runScenarios({ paths: [folder], backends });
      expect(problems(result)).toEqual([]);
      expect(result.scenarios.flatMap(({ parity }) => parity).length).toBeGreaterThan(0);
    } finally {
      await Promise.all(backends.map((backend) => backend.close()));
    }
  },
);
