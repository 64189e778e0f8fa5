/** The steps of scenarios, with what they say of themselves; nothing is run. */
import { parseScenario } from '../core/scenario/parse.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import { discoverScenarios } from './discover.ts';
import { withSources } from './given-sources.ts';
import { readProblem } from './policies.ts';
import { readText } from './read-file.ts';
import type { RunError } from './result.ts';
import type { Selection } from './selection.ts';
import { stepRoles } from './selection.ts';
import { shardOf } from './shard.ts';
import type { Shard } from './shard.ts';

export interface ListedStep {
  readonly file: string;
  readonly scenario: string;
  readonly step: string;
  readonly tags: readonly string[];
  /** It would not be judged: why. */
  readonly skipped?: string;
}

/** Steps of the selected scenarios, in order, and what cannot be read. */
export function listSteps(options: {
  readonly paths: readonly string[];
  readonly selection: Selection;
  readonly shard?: Shard;
  readonly allowOutside?: boolean;
}): { readonly steps: readonly ListedStep[]; readonly errors: readonly RunError[] } {
  const found = discoverScenarios(options.paths, options.allowOutside);
  const errors = [...found.errors];
  const shard = options.shard === undefined ? { files: found.files } : shardOf(found.files, options.shard);
  if (shard.error !== undefined) errors.push(shard.error);
  const steps = shard.files.flatMap((file): ListedStep[] => {
    const unreadable = (message: string): [] => {
      errors.push({ code: 'TR-scenario-file', message: `scenario ${file}: ${message}`, kind: 'usage' });
      return [];
    };
    let text: string;
    try {
      text = readText(file);
    } catch (error) {
      return unreadable(readProblem(error));
    }
    const { scenario } = parseScenario(text, file);
    if (scenario === undefined) return unreadable('it has errors; `tracerig test` shows them');
    const roles = stepRoles(scenario, options.selection) ?? [];
    return roles.map((role, index) => ({
      ...{ file, scenario: scenario.name, step: scenario.steps[index]?.name ?? '' },
      tags: scenario.steps[index]?.tags ?? [],
      ...(role.kind !== 'judged' && { skipped: role.why }),
    }));
  });
  return { steps, errors };
}

/** Scenarios that would run, of files that can be read: what is wrong with the others is said when they run. */
export function scenariosOf(options: {
  readonly paths: readonly string[];
  readonly shard?: Shard;
  readonly allowOutside?: boolean;
}): readonly Scenario[] {
  const { files } = discoverScenarios(options.paths, options.allowOutside);
  const own = options.shard === undefined ? files : shardOf(files, options.shard).files;
  return own.flatMap((file): Scenario[] => {
    try {
      const { scenario } = parseScenario(readText(file), file);
      const read = scenario && withSources(scenario, options.allowOutside === true);
      return read !== undefined && 'scenario' in read ? [read.scenario] : [];
    } catch {
      return [];
    }
  });
}
