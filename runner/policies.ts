/** Loads the policies of a scenario or of a command line. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPolicies } from '../core/plan/load.ts';
import type { LoadResult } from '../core/plan/load.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import type { Diagnostic, Span } from '../core/source/diagnostic.ts';
import { typesFor } from './kernel-data.ts';

export interface LoadedPolicies {
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that the diagnostics point into, by file. */
  readonly sources: ReadonlyMap<string, string>;
}

/** A place to point at when a file named on a command line cannot be read. */
export function startOf(file: string): Span {
  const start = { line: 1, column: 1, offset: 0 };
  return { file, start, end: start };
}

/** Why a file cannot be read, in words. */
export function readProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'this is a folder';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : String(error);
}

/** Scenarios share policies; plans are pure data, so each text is compiled once. */
const compiled = new Map<string, Promise<LoadResult>>();

function load(text: string, file: string): Promise<LoadResult> {
  const key = `${file}\n${text}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const result = typesFor(text).then((types) => loadPolicies(text, file, types));
  compiled.set(key, result);
  return result;
}

/** All policies of all files, in order. `at` is blamed for a file that cannot be read. */
export async function loadPolicyFiles(files: readonly { path: string; at: Span }[]): Promise<LoadedPolicies> {
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const { path, at } of files) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const message = `policy ${path}: ${readProblem(error)}`;
      diagnostics.push({ code: 'TR-policy-file', severity: 'error', message, span: at });
      continue;
    }
    sources.set(path, text);
    const loaded = await load(text, path);
    plans.push(...loaded.plans);
    for (const finding of loaded.diagnostics) diagnostics.push(finding);
  }
  return { plans, diagnostics, sources };
}

export async function loadScenarioPolicies(scenario: Scenario): Promise<LoadedPolicies> {
  const plans: Plan[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const policy of scenario.policies) {
    const loaded =
      'path' in policy
        ? await loadPolicyFiles([{ path: join(dirname(scenario.file), policy.path), at: policy.span }])
        : { ...(await load(policy.text, policy.label)), sources: new Map([[policy.label, policy.text]]) };
    plans.push(...loaded.plans);
    for (const finding of loaded.diagnostics) diagnostics.push(finding);
    for (const [file, text] of loaded.sources) if (!sources.has(file)) sources.set(file, text);
  }
  return { plans, diagnostics, sources };
}
