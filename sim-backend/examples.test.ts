/** How many of the hooks in the example policies the simulator holds, or says why it cannot: where these lie beside the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Judge } from '../core/judge/judge.ts';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import type { HookPlan } from '../core/plan/plan.ts';
import { HookIndex } from './replay/hooks.ts';

const examples = join(import.meta.dirname, '../../shared/tetragon/examples');
const release = '6.12.117';

/** A trace shows neither functions of programs nor packets. */
const ofTraces = ({ kind }: HookPlan): boolean => kind !== 'uprobe' && kind !== 'usdt';

interface Uses {
  total: number;
  /** Neither modelled, nor is it said why not. */
  readonly unmodelled: string[];
}

function usesIn(file: string): Uses {
  const { plans } = loadPolicies(readFileSync(file, 'utf8'), file, anyKernel);
  const uses: Uses = { total: 0, unmodelled: [] };
  for (const plan of plans) {
    const hooks = plan.hooks.filter(ofTraces);
    uses.total += hooks.length;
    const observer = { event: () => undefined, undetermined: () => undefined };
    const judge = new Judge([plan], { observer, clock: { nodeName: '', bootUnixNs: 0n } });
    const { problems } = new HookIndex([plan], judge.hooks, release);
    for (const problem of problems)
      if (problem.kind === 'not-modelled' && problem.why === undefined) uses.unmodelled.push(problem.feature);
  }
  return uses;
}

describe.runIf(existsSync(examples))('example policies', () => {
  it('have 95 of 100 hooks that the simulator holds, or of which it says why it does not', () => {
    const files = readdirSync(examples, { recursive: true }).map(String);
    const uses = files.filter((name) => name.endsWith('.yaml')).map((name) => usesIn(join(examples, name)));
    const total = uses.reduce((sum, { total: one }) => sum + one, 0);
    const unmodelled = uses.flatMap(({ unmodelled: names }) => names);
    expect(total).toBeGreaterThan(100);
    expect(unmodelled.length / total, unmodelled.join(', ')).toBeLessThan(0.05);
  });
});
