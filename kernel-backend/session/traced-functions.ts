/** The functions that a rig's kernel can trace, for lists of type generated_ftrace. */
import { BackendError } from '../../core/backend/error.ts';
import { likeJavaScript } from '../../core/go/go-regexp.ts';
import type { HookPlan, Plan } from '../../core/plan/plan.ts';
import { placeText } from '../../core/source/spans.ts';
import type { FunctionsLike } from '../encode/generated.ts';
import { unsupported } from '../encode/unsupported.ts';
import type { Rig } from '../rig.ts';
import { readTracefs } from './tracefs.ts';

/** Functions of modules stand behind the kernel's own, with the module's name. */
const ofModule = /^\S+ .*$/m;

/** Throws BackendError for a pattern that no function matches: Tetragon does not load it. */
export async function tracedFunctions(rig: Rig, plans: readonly Plan[]): Promise<FunctionsLike> {
  const patterns = new Map<string, readonly string[]>();
  let all: readonly string[] | undefined;
  for (const { hooks, policyName } of plans)
    for (const hook of hooks) {
      if (hook.generated?.kind !== 'ftrace') continue;
      all ??= ownFunctions((await readTracefs(rig, 'available_filter_functions')) ?? '');
      const { pattern } = hook.generated;
      const found = all.filter(matcher(pattern, hook));
      if (found.length === 0) {
        const message = `${placeText(hook.span)}: policy ${policyName} does not load: kernel ${rig.facts.release} can trace no function like ${pattern}`;
        throw new BackendError('TR-load', message, 'usage');
      }
      patterns.set(pattern, found);
    }
  return (pattern) => patterns.get(pattern) ?? [];
}

/** In their order, each once; those whose place the kernel has lost have no name. */
function ownFunctions(text: string): string[] {
  const own = text.slice(0, ofModule.exec(text)?.index ?? text.length).split('\n');
  const named = own.filter((name) => name !== '' && !name.includes('__ftrace_invalid_address__'));
  return [...new Set(named)].sort();
}

function matcher(pattern: string, { span }: HookPlan): (name: string) => boolean {
  if (!likeJavaScript(pattern)) throw unsupported(`the pattern ${pattern}, which is Go's own`, span);
  const expression = new RegExp(pattern);
  return (name) => expression.test(name);
}
