/** From the text of a policy file to plans: what a runner and the command line call. */
import { parsePolicyFile } from '../policy/parse.ts';
import type { Diagnostic, Span } from '../source/diagnostic.ts';
import { compilePolicy } from './compile.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { Plan } from './plan.ts';

/** What a policy file came to. */
export interface LoadResult {
  /** In the order of the documents; a document with errors gives none. */
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses and compiles every policy of a file for a kernel. Never throws on bad input: findings come as diagnostics.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { anyKernel, loadPolicies } from 'tracerig/core';
 *
 * const text = readFileSync('policy.yaml', 'utf8');
 * const { plans, diagnostics } = loadPolicies(text, 'policy.yaml', anyKernel);
 * console.log(diagnostics.length, plans.flatMap(({ hooks }) => hooks.map(({ target }) => target)));
 * ```
 */
export function loadPolicies(text: string, file: string, kernel: KernelFacts): LoadResult {
  const { documents, diagnostics } = parsePolicyFile(text, file);
  const results = documents.map((document) => {
    const result = compilePolicy(document, kernel);
    return { ...result, usable: !diagnostics.some((finding) => concerns(finding, document.span)) };
  });
  return {
    plans: results.flatMap(({ plan, usable }) => (plan === undefined || !usable ? [] : [plan])),
    diagnostics: [...diagnostics, ...results.flatMap((result) => result.diagnostics)],
  };
}

/** An error within the document, found when it was read. */
function concerns({ severity, span }: Diagnostic, document: Span): boolean {
  return (
    severity === 'error' &&
    span.start.offset >= document.start.offset &&
    span.start.offset <= document.end.offset
  );
}
