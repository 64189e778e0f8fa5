import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from './load.ts';
import type { Plan } from './plan.ts';
import { printPlan } from './print.ts';
import { plainPlan } from './testing.ts';

const shared = join(import.meta.dirname, '..', '..', '..', 'shared');

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));
}

function expectSame(plan: Plan): void {
  const printed = printPlan(plan);
  const again = loadPolicies(printed, 'printed.yaml', anyKernel);
  expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const [second] = again.plans;
  expect(second && plainPlan(second)).toEqual(plainPlan(plan));
}

describe.skipIf(!existsSync(shared))('real policies', () => {
  const files = ['oracle2', 'tetragon/examples'].flatMap((folder) =>
    existsSync(shared) ? yamlFiles(join(shared, folder)) : [],
  );

  it('give the same plan when printed and parsed again', () => {
    let plans = 0;
    for (const file of files) {
      for (const plan of loadPolicies(readFileSync(file, 'utf8'), file, anyKernel).plans) {
        plans++;
        try {
          expectSame(plan);
        } catch (error) {
          throw new Error(`${file}: ${String(error)}`, { cause: error });
        }
      }
    }
    expect(plans).toBeGreaterThan(150);
  }, 60_000);
});
