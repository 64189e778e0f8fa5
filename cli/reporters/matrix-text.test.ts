import { expect, it } from 'vitest';
import type { RunResult, ScenarioResult, StepResult } from '../../runner/result.ts';
import { matrixLines, matrixTable } from './matrix-text.ts';

const scenario = (
  name: string,
  statuses: Readonly<Record<string, StepResult['status']>>,
): ScenarioResult => ({
  ...{ name, file: `${name}.scenario.yaml`, diagnostics: [], skips: [], parity: [] },
  steps: Object.entries(statuses).map(([backend, status]) => ({
    ...{
      scenario: name,
      file: '',
      step: 'reads',
      number: 1,
      backend,
      status,
      failures: [],
      errors: [],
      elapsedMs: 1,
    },
    ...(status === 'skipped' && { skip: { why: 'not on this\u001b one' } }),
  })),
});
const run = (ids: readonly string[], scenarios: readonly ScenarioResult[]): RunResult => ({
  ...{ scenarios, skippedBackends: [], errors: [], counts: { passed: 0, failed: 0, skipped: 0 } },
  ...{ notSelected: 0, bailed: false, flaky: [], interrupted: false, exitCode: 0, elapsedMs: 1 },
  backends: ids.map((id) => ({
    kind: id.split('@')[0] ?? '',
    kernel: id.split('@')[1] ?? '',
    id,
    description: id,
  })),
});

it('stands in columns, with the reasons once below', () => {
  const table = matrixTable(
    run(
      ['vm@5.10', 'vm@6.1', 'vm@6.12'],
      [
        scenario('kills', { 'vm@5.10': 'passed', 'vm@6.1': 'passed', 'vm@6.12': 'failed' }),
        scenario('a longer name', { 'vm@5.10': 'skipped', 'vm@6.1': 'skipped' }),
      ],
    ),
  );
  expect(table && matrixLines(table)).toEqual([
    'scenario       5.10  6.1   6.12',
    'kills          pass  pass  fail',
    'a longer name  skip  skip',
    '',
    'kills [vm@6.12] fail: step "reads"',
    'a longer name [vm@5.10, vm@6.1] skip: not on this\\x1b one',
  ]);
});

it('names the backends where there are several kinds', () => {
  const table = matrixTable(
    run(['sim@6.1', 'vm@6.12'], [scenario('kills', { 'sim@6.1': 'passed', 'vm@6.12': 'passed' })]),
  );
  expect(table?.head).toEqual(['scenario', 'sim@6.1', 'vm@6.12']);
});
