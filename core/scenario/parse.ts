/** Reads a scenario file: YAML, schema, and the rules that a schema cannot say. Reports everything wrong, not only the first. */
import type { Diagnostic } from '../source/diagnostic.ts';
import { buildScenario } from './build.ts';
import { checkScenario } from './check.ts';
import type { Scenario } from './scenario.ts';
import { schemaIssueDiagnostics } from './schema-issues.ts';
import type { SchemaIssue } from './schema-issues.ts';
import { scenarioSchema } from './schema.ts';
import { readYaml } from './yaml-source.ts';

export interface ParsedScenario {
  /** Absent if there are errors. */
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
}

/** `file` is the name shown in diagnostics. Never throws on any text. */
export function parseScenario(text: string, file: string): ParsedScenario {
  const source = readYaml(text, file, 'TR-scenario-yaml');
  if (source.diagnostics.length > 0) return { diagnostics: source.diagnostics };
  if (source.value === null || source.value === undefined) {
    return {
      diagnostics: [
        {
          code: 'TR-scenario-empty',
          severity: 'error',
          message: 'the file holds no scenario',
          span: source.spanOf([]),
          help: 'a scenario has name, policies and steps',
        },
      ],
    };
  }
  const read = scenarioSchema.safeParse(source.value);
  if (!read.success) {
    const issues: readonly SchemaIssue[] = read.error.issues;
    return { diagnostics: issues.flatMap((issue) => schemaIssueDiagnostics(issue, source)).sort(byPlace) };
  }
  const diagnostics = checkScenario(read.data, source);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    return { diagnostics: diagnostics.sort(byPlace) };
  }
  return { scenario: buildScenario(read.data, source), diagnostics };
}

const byPlace = (a: Diagnostic, b: Diagnostic): number => a.span.start.offset - b.span.start.offset;
