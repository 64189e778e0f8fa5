/**
 * Benchmarks of plan and engine: `npm run bench:engine-sets`. Prints what a filter with 10,000 values costs beside one
 * with 10, and how long a policy of 200 lines takes to be parsed and compiled, warm.
 */
import { createEvaluator } from '../core/engine/evaluate.ts';
import { file, hit, int } from '../core/engine/testing.ts';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import type { ArgValue } from '../core/values/value.ts';

const rounds = 7;
const hitsPerRound = 200_000;

/** CPU time of this process: other processes' load does not show in it. */
function cpuMs(): number {
  return process.cpuUsage().user / 1000;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function policy(type: string, operator: string, values: readonly string[]): string {
  return JSON.stringify({
    apiVersion: 'cilium.io/v1alpha1',
    kind: 'TracingPolicy',
    metadata: { name: 'bench' },
    spec: {
      kprobes: [
        {
          call: 'fn',
          syscall: false,
          args: [{ index: 0, type }],
          selectors: [{ matchArgs: [{ index: 0, operator, values }] }],
        },
      ],
    },
  });
}

/** Nanoseconds for one hit, of which every other one matches. */
function measure(
  type: string,
  operator: string,
  values: readonly string[],
  args: readonly ArgValue[],
): () => number {
  const [plan] = loadPolicies(policy(type, operator, values), 'bench.yaml', anyKernel).plans;
  const [hook] = plan === undefined ? [] : createEvaluator(plan).hooks;
  if (hook === undefined) throw new Error('the policy of the benchmark does not compile');
  const hits = args.map((arg) => hit([arg]));
  return () => {
    const start = cpuMs();
    for (let index = 0; index < hitsPerRound; index++) hook.entry(hits[index % hits.length] ?? hit([]));
    return ((cpuMs() - start) * 1e6) / hitsPerRound;
  };
}

function compareSets(
  name: string,
  type: string,
  operator: string,
  value: (index: number) => string,
  arg: (index: number) => ArgValue,
): void {
  const runs = [10, 10_000].map((count) =>
    measure(
      type,
      operator,
      Array.from({ length: count }, (_, index) => value(index)),
      Array.from({ length: 64 }, (_, index) => arg(index % 2 === 0 ? index % 10 : 1_000_000 + index)),
    ),
  );
  for (const run of runs) run();
  const samples: number[][] = [[], []];
  for (let round = 0; round < rounds; round++) runs.forEach((run, index) => samples[index]?.push(run()));
  const [few = 0, many = 0] = samples.map(median);
  console.log(
    `${name}: 10 values ${few.toFixed(0)} ns, 10,000 values ${many.toFixed(0)} ns, ratio ${(many / few).toFixed(2)}`,
  );
}

/** A policy of about 200 lines: hooks with several filters each. */
function longPolicy(): string {
  const lines = [
    'apiVersion: cilium.io/v1alpha1',
    'kind: TracingPolicy',
    'metadata:',
    '  name: long',
    'spec:',
    '  kprobes:',
  ];
  for (let hook = 0; hook < 8; hook++) {
    lines.push(
      `  - call: security_hook_${hook}`,
      '    syscall: false',
      '    args:',
      '    - index: 0',
      '      type: file',
    );
    lines.push('    - index: 1', '      type: int', '    selectors:');
    for (let selector = 0; selector < 2; selector++) {
      lines.push('    - matchArgs:', '      - index: 0', '        operator: Prefix', '        values:');
      lines.push(
        `        - /etc/${selector}`,
        '        - /usr/lib',
        '      matchActions:',
        '      - action: Sigkill',
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function measureLoad(): void {
  const text = longPolicy();
  const samples: number[] = [];
  for (let round = 0; round < 60; round++) {
    const start = cpuMs();
    loadPolicies(text, 'long.yaml', anyKernel);
    samples.push(cpuMs() - start);
  }
  const lines = text.split('\n').length - 1;
  console.log(
    `parse and compile ${lines} lines: first ${samples[0]?.toFixed(1)} ms, warm ${median(samples.slice(20)).toFixed(1)} ms`,
  );
}

compareSets('int InMap', 'int', 'InMap', String, int);
compareSets(
  'file Equal',
  'file',
  'Equal',
  (index) => `/srv/data/file-${index}`,
  (index) => file(`/srv/data/file-${index}`),
);
compareSets(
  'file Prefix',
  'file',
  'Prefix',
  (index) => `/srv/data/${String(index).padStart(7, '0')}/`,
  (index) => file(`/srv/data/${String(index).padStart(7, '0')}/x`),
);
measureLoad();
