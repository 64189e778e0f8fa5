/** Reads a scenario file: YAML, schema, and the rules that a schema cannot say. Reports everything wrong, not only the first. */
import { hasErrors } from '../source/diagnostic.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';
import { describeIssues } from '../yaml/schema-issues.ts';
import { buildMachine, buildScenario } from './build.ts';
import { checkGiven, checkScenario } from './check.ts';
import { scenarioLanguage } from './language.ts';
import type { Scenario } from './scenario.ts';
import { givenSchema, scenarioSchema } from './schema.ts';

/** What a scenario file came to. */
export interface ParsedScenario {
  /** Absent if there are errors. */
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * `file` is the name shown in diagnostics. Never throws on any text.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseScenario } from 'tracerig/core';
 *
 * const { scenario, diagnostics } = parseScenario(readFileSync('a.scenario.yaml', 'utf8'), 'a.scenario.yaml');
 * console.log(diagnostics.length, scenario?.steps.map(({ name }) => name));
 * ```
 */
export function parseScenario(text: string, file: string): ParsedScenario {
  const { documents, diagnostics: faults } = readYaml(text, file, scenarioLanguage);
  const [yaml] = documents;
  if (faults.length > 0 || yaml === undefined) return { diagnostics: faults };
  const { data } = yaml;
  if (isPolicy(data)) return { diagnostics: [noScenario(yaml)] };
  const read = scenarioSchema.safeParse(data);
  if (!read.success) {
    const issues = describeIssues(read.error.issues, scenarioSchema, data, yaml, scenarioLanguage);
    return { diagnostics: issues.sort(byPlace) };
  }
  const diagnostics = checkScenario(read.data, yaml).sort(byPlace);
  if (hasErrors(diagnostics)) return { diagnostics };
  return { scenario: buildScenario(read.data, yaml), diagnostics };
}

/** What a machine is to find, and the files whose contents are still to be read. */
export type ParsedGiven = Pick<Scenario, 'file' | 'given' | 'sources'>;

/** Reads the `given` of a scenario file, or of a file with nothing but `given`. Never throws on any text. */
export function parseGiven(
  text: string,
  file: string,
): { readonly given?: ParsedGiven; readonly diagnostics: readonly Diagnostic[] } {
  const { documents, diagnostics: faults } = readYaml(text, file, scenarioLanguage);
  const [yaml] = documents;
  if (faults.length > 0 || yaml === undefined) return { diagnostics: faults };
  const { data } = yaml;
  if (isPolicy(data)) return { diagnostics: [noScenario(yaml)] };
  if (typeof data === 'object' && data !== null && 'steps' in data) {
    const { scenario, diagnostics } = parseScenario(text, file);
    return { ...(scenario && { given: scenario }), diagnostics };
  }
  const read = givenSchema.safeParse(data);
  if (!read.success) {
    const issues = describeIssues(read.error.issues, givenSchema, data, yaml, scenarioLanguage);
    return { diagnostics: issues.sort(byPlace) };
  }
  const diagnostics = checkGiven(read.data, yaml).sort(byPlace);
  if (hasErrors(diagnostics)) return { diagnostics };
  return { given: { file, ...buildMachine(read.data, yaml) }, diagnostics };
}

/** Kubernetes objects have both keys, scenarios neither. */
const isPolicy = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'apiVersion' in data && 'kind' in data;

const noScenario = (yaml: YamlDocument): Diagnostic => ({
  code: 'TR-scenario-type',
  severity: 'error',
  message: 'this document is a policy, no scenario',
  path: '',
  span: yaml.keySpanAt(['apiVersion']),
  help: 'A scenario names it under `policies`; `tracerig check` validates it.',
});

const byPlace = (a: Diagnostic, b: Diagnostic): number => a.span.start.offset - b.span.start.offset;
