/**
 * Rules that a policy must keep beyond its schema: whatever can be said of it without parsing the values of filters
 * and actions. Those depend on types and operators, and the plan compiler checks them with the tables of both.
 */
import type { Diagnostic } from '../../source/diagnostic.ts';
import type { PolicyDocument } from '../document.ts';
import { actions } from './actions.ts';
import { argumentRules } from './arguments.ts';
import { binaries } from './binaries.ts';
import { buffers } from './buffers.ts';
import { calls } from './calls.ts';
import { enforcers } from './enforcers.ts';
import { hookNames } from './hook-names.ts';
import { limits } from './limits.ts';
import { lists } from './lists.ts';
import { macros } from './macros.ts';
import { options } from './options.ts';
import { resolvePaths } from './resolve-path.ts';
import { returns } from './returns.ts';
import { RuleContext } from './rule.ts';
import type { Rule } from './rule.ts';
import { sections } from './sections.ts';
import { texts } from './texts.ts';
import { uprobes } from './uprobes.ts';
import { workloads } from './workloads.ts';

const rules: readonly Rule[] = [
  sections,
  options,
  lists,
  macros,
  calls,
  hookNames,
  uprobes,
  enforcers,
  argumentRules,
  buffers,
  resolvePaths,
  returns,
  texts,
  limits,
  binaries,
  workloads,
  actions,
];

export function checkRules(document: PolicyDocument): readonly Diagnostic[] {
  const context = new RuleContext(document);
  for (const rule of rules) rule(context);
  return context.diagnostics;
}
