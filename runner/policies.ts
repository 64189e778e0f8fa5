/** Loads the policies of a scenario or of a command line. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPolicies } from '../core/plan/load.ts';
import type { LoadResult } from '../core/plan/load.ts';
import { loadedIn } from '../core/plan/mode.ts';
import type { LoadMode } from '../core/plan/mode.ts';
import type { TestedPolicy } from '../core/backend/request.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import type { Diagnostic, Span } from '../core/source/diagnostic.ts';
import { meantInstead, nearPath } from './near-path.ts';
import { beyondReach } from './reach.ts';
import { readText } from './read-file.ts';

/** Policies without errors, and all findings. */
export interface LoadedPolicies {
  /** In the order in which they are loaded. */
  readonly policies: readonly TestedPolicy[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that the diagnostics point into, by file. */
  readonly texts: ReadonlyMap<string, string>;
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

/** Scenarios share policies; plans are pure data. */
const compiled = new Map<string, LoadResult>();

/** Compiles the policies in a text, each text once for a kernel. */
export function compileText(text: string, file: string, kernel: KernelFacts): LoadResult {
  const key = `${kernel.id}\n${file}\n${text}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const result = loadPolicies(text, file, kernel);
  compiled.set(key, result);
  return result;
}

/** A plan beside the document that it was compiled from. */
function tested(text: string, { plans }: LoadResult): TestedPolicy[] {
  return plans.map((plan) => {
    const { start, end } = plan.span;
    // An object of a list is indented: so is its first line then.
    return { text: ' '.repeat(start.column - 1) + text.slice(start.offset, end.offset), plan };
  });
}

/** All policies of all files, in order, for a kernel. `at` is blamed for a file that cannot be read. */
export function loadPolicyFiles(
  files: readonly { path: string; at: Span }[],
  kernel: KernelFacts,
): LoadedPolicies {
  const policies: TestedPolicy[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const { path, at } of files) {
    let text: string;
    try {
      text = readText(path);
    } catch (error) {
      const message = `policy ${path}: ${readProblem(error)}`;
      const meant = existsSync(path) ? undefined : meantInstead(path);
      diagnostics.push({
        ...{ code: 'TR-policy-file', severity: 'error', message, span: at },
        ...(meant !== undefined && { didYouMean: meant }),
      });
      continue;
    }
    texts.set(path, text);
    const loaded = compileText(text, path, kernel);
    policies.push(...tested(text, loaded));
    for (const finding of loaded.diagnostics) diagnostics.push(finding);
  }
  return { policies, diagnostics, texts };
}

/** `allowOutside`: of any file that the scenario names, not of those of its project only. */
export function loadScenarioPolicies(
  scenario: Scenario,
  kernel: KernelFacts,
  allowOutside: boolean,
): LoadedPolicies {
  const policies: TestedPolicy[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const policy of scenario.policies) {
    const loaded =
      'path' in policy ? loadNamed(scenario.file, policy, kernel, allowOutside) : loadInline(policy, kernel);
    policies.push(...inMode(loaded.policies, policy.mode));
    for (const finding of loaded.diagnostics)
      diagnostics.push('path' in policy ? withNearPath(finding, policy.path, scenario.file) : finding);
    for (const [file, text] of loaded.texts) if (!texts.has(file)) texts.set(file, text);
  }
  return { policies, diagnostics, texts };
}

/** The policies as they are when they are loaded in this mode. */
export const inMode = (
  policies: readonly TestedPolicy[],
  mode: LoadMode | undefined,
): readonly TestedPolicy[] => policies.map((policy) => ({ ...policy, plan: loadedIn(policy.plan, mode) }));

function loadNamed(
  file: string,
  { path, span }: { readonly path: string; readonly span: Span },
  kernel: KernelFacts,
  allowOutside: boolean,
): LoadedPolicies {
  const folder = dirname(file);
  const beyond = allowOutside ? undefined : beyondReach(folder, join(folder, path));
  if (beyond === undefined) return loadPolicyFiles([{ path: join(folder, path), at: span }], kernel);
  const message = `policy ${path}: ${beyond}; --allow-outside lifts that`;
  const refusal: Diagnostic = { code: 'TR-outside', severity: 'error', message, span };
  return { policies: [], diagnostics: [refusal], texts: new Map() };
}

/** A policy that is not there may be near. */
function withNearPath(finding: Diagnostic, path: string, file: string): Diagnostic {
  if (finding.code !== 'TR-policy-file' || existsSync(join(dirname(file), path))) return finding;
  const { didYouMean: _ofCommandLine, ...rest } = finding;
  const meant = nearPath(dirname(file), path);
  return meant === undefined ? rest : { ...rest, didYouMean: meant };
}

function loadInline(
  { text, label }: { readonly text: string; readonly label: string },
  kernel: KernelFacts,
): LoadedPolicies {
  const loaded = compileText(text, label, kernel);
  return {
    policies: tested(text, loaded),
    diagnostics: loaded.diagnostics,
    texts: new Map([[label, text]]),
  };
}
