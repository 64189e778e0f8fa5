/** The exam: real Tetragon's recordings, run again in the VM. Reads a sample of them in place; without them it is skipped. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelOf } from '../runner/kernel-data.ts';
import { casesIn, recordedKernel, recordedRefusal } from '../scripts/exam/case.ts';
import { buildTool, examineInVm } from '../scripts/exam/vm.ts';
import { hasRecordings, recordings } from '../test/recordings.ts';
import { createVmBackend } from '../vm/backend.ts';
import { defaultKernelLine } from '../vm/image.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';

const ready = hasRecordings && (await setupHasRun());
/** Each takes a VM of its own, so every fourth must do, unless all are wanted. */
const every = process.env['TRACERIG_EXAM'] === 'all' ? 1 : 4;
const sample = (ready ? casesIn(recordings).cases : []).filter(
  (examCase, index) =>
    index % every === 0 && recordedKernel(examCase)?.startsWith(`${defaultKernelLine}.`) === true,
);

/** Cases that another run cannot repeat, and why. */
const knownWrong: Readonly<Record<string, string>> = {
  '104-kill-signals': 'the signal races with the execve of the child',
};

describe.skipIf(!ready)('recordings of real Tetragon, run again', { timeout: 120_000 }, () => {
  const backend = createVmBackend({ target: kernelOf });
  let tool: Uint8Array | undefined;
  beforeAll(() => {
    tool = buildTool(recordings);
  });
  afterAll(() => backend.close());

  it.each(sample.filter(({ name }) => !(name in knownWrong)))('$name', async (examCase) => {
    const { verdict, why, differences } = await examineInVm(examCase, backend, tool);
    expect(differences).toEqual([]);
    // What the programs cannot do yet has to be said by name, not passed over.
    if (verdict === 'refused') expect(why.join('\n')).toMatch(/not supported: |TR-load: /);
    else expect({ verdict, why }).toEqual({ verdict: 'equal', why: [] });
    if (recordedRefusal(examCase) !== undefined) expect(verdict).toBe('equal');
  });
});
