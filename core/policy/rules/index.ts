/** Rules that a policy must keep beyond its schema. */
import type { Diagnostic } from '../../source/diagnostic.ts';
import type { PolicyDocument } from '../document.ts';
import { RuleContext } from './rule.ts';
import type { Rule } from './rule.ts';

const rules: readonly Rule[] = [];

export function checkRules(document: PolicyDocument): readonly Diagnostic[] {
  const context = new RuleContext(document);
  for (const rule of rules) rule(context);
  return context.diagnostics;
}
