import { describe, expect, it } from 'vitest';
import { makeOutcome } from '../core/scenario/testing.ts';
import { kernelMatrix } from './matrix.ts';
import type { ParityResult, RunError, RunResult, ScenarioResult, StepResult } from './result.ts';

const step = (backend: string, rest: Partial<StepResult>): StepResult => ({
  ...{ scenario: 's', file: 's.scenario.yaml', step: 'reads', number: 1, backend, status: 'passed' },
  ...{ failures: [], errors: [], elapsedMs: 1, ...rest },
});
const scenario = (rest: Partial<ScenarioResult>): ScenarioResult => ({
  ...{ name: 's', file: 's.scenario.yaml', diagnostics: [], skips: [], steps: [], parity: [], ...rest },
});
const run = (kernels: readonly string[], scenarios: readonly ScenarioResult[]): RunResult => ({
  ...{ scenarios, skippedBackends: [], errors: [], counts: { passed: 0, failed: 0, skipped: 0 } },
  ...{ notSelected: 0, bailed: false, flaky: [], interrupted: false, exitCode: 0, elapsedMs: 1 },
  backends: kernels.map((kernel) => ({ kind: 'vm', kernel, id: `vm@${kernel}`, description: kernel })),
});
const refused: RunError = { code: 'TR-load', message: 'no such function', kind: 'usage' };

describe('the table of kernels', () => {
  it('is none for one kernel', () => {
    expect(kernelMatrix(run(['6.12'], [scenario({ steps: [step('vm@6.12', {})] })]))).toBeUndefined();
  });

  it('tells what became of a scenario on each, the worst of its steps first', () => {
    const steps = [
      ...[step('vm@5.10', {}), step('vm@5.10', { status: 'skipped', skip: { why: 'marked' } })],
      ...[step('vm@6.1', {}), step('vm@6.1', { status: 'failed', step: 'writes' })],
      step('vm@6.12', { status: 'failed', errors: [refused] }),
      step('vm@7.0', {
        status: 'failed',
        outcome: makeOutcome({
          problems: [{ kind: 'load', policy: 'p', kernel: '7.0', why: 'no helper', count: 1 }],
        }),
      }),
      step('vm@7.1', { status: 'skipped', skip: { why: 'marked' } }),
    ];
    const unsupported = [
      { feature: 'Override', missing: 'x', why: 'y' },
    ] as unknown as ScenarioResult['skips'][number]['unsupported'];
    const skips = [{ scenario: 's', file: 's.scenario.yaml', backend: 'vm@7.2', unsupported }];
    const [row] =
      kernelMatrix(run(['5.10', '6.1', '6.12', '7.0', '7.1', '7.2', '7.3'], [scenario({ steps, skips })])) ??
      [];
    expect(row?.cells).toMatchObject([
      { backend: 'vm@5.10', verdict: 'pass' },
      { backend: 'vm@6.1', verdict: 'fail', why: 'step "writes"' },
      { backend: 'vm@6.12', verdict: 'does not load', why: 'no such function' },
      { backend: 'vm@7.0', verdict: 'does not load', why: expect.stringContaining('no helper') as string },
      { backend: 'vm@7.1', verdict: 'skip', why: 'marked' },
      { backend: 'vm@7.2', verdict: 'skip', why: 'Override' },
    ]);
    expect(row?.cells.map(({ backend }) => backend)).not.toContain('vm@7.3');
  });

  it('is a failure where the real kernel disagrees with the simulator', () => {
    const parity: ParityResult = {
      ...{ scenario: 's', file: 's.scenario.yaml', step: 'reads', between: ['sim@6.1', 'vm@6.1'] },
      ...{ status: 'disagree', differences: [], assumptionDifferences: [], expectedDifferences: [] },
    };
    const steps = [step('vm@6.1', {}), step('vm@6.12', {})];
    const [row] = kernelMatrix(run(['6.1', '6.12'], [scenario({ steps, parity: [parity] })])) ?? [];
    expect(row?.cells.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
  });
});
