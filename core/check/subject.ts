/** What a lint looks at: one document, and its plan unless the compiler refused it. */
import type { PolicyDocument } from '../policy/document.ts';
import { RuleContext } from '../policy/rules/rule.ts';
import { sitesOf } from '../policy/selectors.ts';
import type { HookEntry, PolicySites, SelectorSite } from '../policy/selectors.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';

export type { SelectorSite } from '../policy/selectors.ts';

export class LintContext extends RuleContext implements PolicySites {
  readonly plan: Plan | undefined;
  readonly hooks: readonly HookEntry[];
  readonly sites: readonly SelectorSite[];

  constructor(document: PolicyDocument, plan: Plan | undefined) {
    super(document);
    this.plan = plan;
    const { hooks, sites } = sitesOf(document);
    this.hooks = hooks;
    this.sites = sites;
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
