/** What a lint looks at: one document, and its plan unless the compiler refused it. */
import type { PolicyDocument } from '../policy/document.ts';
import { RuleContext } from '../policy/rules/rule.ts';
import { hooksOf, selectorsOf } from '../policy/selectors.ts';
import type { ExpandedSelector, HookEntry } from '../policy/selectors.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';

/** One selector of one hook. */
export interface SelectorSite {
  readonly entry: HookEntry;
  readonly expanded: ExpandedSelector;
  /** Position among the hook's selectors. */
  readonly index: number;
}

export class LintContext extends RuleContext {
  readonly plan: Plan | undefined;
  readonly hooks: readonly HookEntry[];
  readonly sites: readonly SelectorSite[];

  constructor(document: PolicyDocument, plan: Plan | undefined) {
    super(document);
    this.plan = plan;
    this.hooks = hooksOf(document);
    this.sites = this.hooks.flatMap((entry) =>
      selectorsOf(document, entry).map((expanded, index) => ({ entry, expanded, index })),
    );
  }

  /** The plan's hooks, one for each entry of a section: members of a list share their selectors. */
  get planHooks(): readonly HookPlan[] {
    const seen = new Set<string>();
    return (this.plan?.hooks ?? []).filter(({ kind, index }) => {
      const key = `${kind} ${index}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }
}

export type Lint = (context: LintContext) => void;
