/** Steps that do not end alike whenever they are run. */
import type { FlakyStep, ScenarioResult } from './result.ts';

export function flakySteps(scenarios: readonly ScenarioResult[]): FlakyStep[] {
  const tallies = new Map<string, { -readonly [K in keyof FlakyStep]: FlakyStep[K] }>();
  for (const { scenario, file, step, backend, number, status } of scenarios.flatMap(({ steps }) => steps)) {
    if (status === 'skipped') continue;
    const key = `${file}\n${number}\n${backend}`;
    const tally = tallies.get(key) ?? { scenario, file, step, backend, passed: 0, failed: 0 };
    tally[status]++;
    tallies.set(key, tally);
  }
  return [...tallies.values()].filter(({ passed, failed }) => passed > 0 && failed > 0);
}
