/** One run in which everything happens that reporters have to show. */
import { checkExpectations } from '../../core/scenario/expect.ts';
import { parseScenario } from '../../core/scenario/parse.ts';
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import { makeEvent, makeOutcome } from '../../core/scenario/testing.ts';
import { exitCodeOf } from '../../runner/exit-code.ts';
import type { RunEvent } from '../../runner/reporter.ts';
import { countResults } from '../../runner/result.ts';
import type {
  NamedBackend,
  ParityResult,
  ScenarioResult,
  ScenarioSkip,
  StepResult,
} from '../../runner/result.ts';

const text = `name: two steps & more
policies: []
steps:
  - name: reads
    run: [cat, /f]
    expect:
      killed: SIGKILL
      events: [{ process_kprobe: { function_name: fd_install, action: KPROBE_ACTION_SIGKILL } }]
  - name: waits
    run: sleep 100
  - name: only a trace
    trace: t.strace
`;
const file = 'scenarios/two.scenario.yaml';

/** As the runner keeps it. */
function summed({ events: _events, ...outcome }: ObservedOutcome): Outcome {
  return outcome;
}

export function sampleRun(): RunEvent[] {
  const { scenario } = parseScenario(text, file);
  const [reads] = scenario?.steps ?? [];
  if (scenario === undefined || reads === undefined) throw new Error('the sample scenario is malformed');
  const exited = makeOutcome({
    events: [makeEvent({ process_kprobe: { function_name: 'fd_install', action: 'KPROBE_ACTION_POST' } })],
    notes: ['start state assumed: root in /'],
  });
  const late = makeOutcome({
    problems: [{ kind: 'timeout', afterMs: 60_000, count: 1 }],
  });
  const result = (
    number: number,
    step: string,
    rest: Pick<StepResult, 'status'> & Partial<StepResult>,
  ): StepResult => ({
    scenario: scenario.name,
    file,
    step,
    number,
    backend: 'vm@6.12',
    failures: [],
    errors: [],
    elapsedMs: 12,
    ...rest,
  });
  const steps: StepResult[] = [
    result(1, 'reads', { backend: 'sim', status: 'passed', outcome: summed(makeOutcome()) }),
    result(1, 'reads', {
      status: 'failed',
      outcome: summed(exited),
      failures: checkExpectations(reads, exited),
    }),
    result(2, 'waits', { status: 'failed', outcome: summed(late) }),
    result(3, 'only a trace', {
      status: 'skipped',
      skip: { why: 'the step has a trace and no command to run' },
    }),
  ];
  const parity: ParityResult = {
    scenario: scenario.name,
    file,
    step: 'reads',
    between: ['sim', 'vm@6.12'],
    status: 'disagree',
    differences: [
      { what: 'fate of process 0 (/usr/bin/cat)', left: 'killed by SIGKILL', right: 'exited with 0' },
    ],
    assumptionDifferences: [],
    expectedDifferences: [],
  };
  const end = { line: 1, column: 10, offset: 9 };
  const diagnostic = {
    code: 'TR-unknown-key',
    severity: 'error',
    message: 'unknown key "sepc"',
    span: { file: 'p.yaml', start: { line: 1, column: 6, offset: 5 }, end },
    didYouMean: 'spec',
    help: 'known keys: spec',
  } as const;
  const broken: ScenarioResult = {
    name: 'b.scenario.yaml',
    file: 'b.scenario.yaml',
    diagnostics: [diagnostic],
    skips: [],
    steps: [],
    parity: [],
  };
  const lacking: ScenarioSkip = {
    scenario: scenario.name,
    file,
    backend: 'vm@5.10',
    unsupported: [
      {
        feature: 'Override',
        span: { ...diagnostic.span, start: { line: 7, column: 3, offset: 80 } },
        missing: 'bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE)',
        proof: 'tried: unknown func bpf_override_return',
      },
    ],
  };
  const whole: ScenarioResult = {
    name: scenario.name,
    file,
    diagnostics: [],
    skips: [lacking],
    steps,
    parity: [parity],
  };
  const backends: NamedBackend[] = [
    { kind: 'sim', id: 'sim', description: 'sim (simulator)' },
    { kind: 'vm', kernel: '6.12', id: 'vm@6.12', description: 'vm (Debian 6.12.117, TCG)' },
  ];
  const scenarios = [broken, whole];
  const skip = { backend: 'kernel', why: 'this kernel has no kprobes', enable: 'vagrant up' } as const;
  return [
    {
      type: 'run-start',
      files: ['b.scenario.yaml', file],
      backends,
    },
    { type: 'backend-skipped', skip },
    { type: 'scenario-start', file: 'b.scenario.yaml', name: 'b.scenario.yaml' },
    { type: 'diagnostics', diagnostics: [diagnostic], texts: new Map([['p.yaml', 'kind sepc:\n']]) },
    { type: 'scenario-end', result: broken },
    { type: 'scenario-start', file, name: scenario.name },
    { type: 'scenario-skipped', skip: lacking },
    ...steps.flatMap((step): RunEvent[] => [
      { type: 'step-start', file, step: step.step, backend: step.backend },
      ...(step.failures.length > 0 ? exited.events : []).map((event): RunEvent => ({ type: 'event', event })),
      { type: 'step-end', result: step, text },
    ]),
    { type: 'parity-end', result: parity },
    { type: 'scenario-end', result: whole },
    {
      type: 'error',
      error: { code: 'TR-vm-machine', message: 'the VM was lost', kind: 'failed', log: 'panic\n' },
    },
    {
      type: 'run-end',
      result: {
        backends,
        scenarios,
        skippedBackends: [skip],
        errors: [],
        counts: countResults(scenarios),
        notSelected: 0,
        bailed: false,
        flaky: [],
        interrupted: false,
        exitCode: exitCodeOf({ scenarios, errors: [], interrupted: false }),
        elapsedMs: 34,
      },
    },
  ];
}

/** The same with texts that try to act on a terminal and on a CI, wherever a stranger's text may come. */
export function hostileRun(): RunEvent[] {
  const hostile = 'MARK\u001b[2J\r\n::error file=x::MARK\u009b0m\n  ::stop-commands::x\u0007';
  // What is ours and no text of anybody's.
  const kept = new Set([
    ...['type', 'status', 'severity', 'code', 'kind', 'stream', 'assumption'],
    ...['id', 'backend', 'between'],
  ]);
  const spoilt = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return kept.has(key) ? value : `${value}${hostile}`;
    if (Array.isArray(value)) return value.map((item) => spoilt(item, key));
    if (value instanceof Map) return new Map([...value].map(([name, text]) => [spoilt(name), spoilt(text)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoilt(inner, name)]));
  };
  return sampleRun().map((event) => spoilt(event) as RunEvent);
}
