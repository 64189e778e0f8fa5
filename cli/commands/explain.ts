/** `tracerig explain`: what a policy does, why a probe hit matches, what a field, a code, a system call or a function means. */
import { existsSync } from 'node:fs';
import { createEvaluator } from '../../core/engine/evaluate.ts';
import { explainPlan, explainVerdict, explanationLines, hookWords } from '../../core/engine/explain.ts';
import type { Explanation } from '../../core/engine/explain.ts';
import type { ProbeHit } from '../../core/engine/hit.ts';
import type { Verdict } from '../../core/engine/verdict.ts';
import { workloadWords } from '../../core/engine/workloads.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import type { HookPlan, Plan } from '../../core/plan/plan.ts';
import { codeLines } from '../../core/source/code-text.ts';
import { codes, isCode } from '../../core/source/codes.ts';
import { plainFunction } from '../../core/names/hook-context.ts';
import { hasErrors } from '../../core/source/diagnostic.ts';
import { closest } from '../../core/values/closest.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { kernelNamed, unknownKernelText, unnamedKernel } from '../../runner/kernel-data.ts';
import { loadPolicyFiles, readProblem, startOf } from '../../runner/policies.ts';
import { readText } from '../../runner/read-file.ts';
import { fieldText, parseFieldPath } from '../field-text.ts';
import { readHits } from '../../core/hits/hit-file.ts';
import type { HitDescription } from '../../core/hits/hit-file.ts';
import { UsageError } from '../options.ts';
import { standardOutput } from '../output.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { shownLine } from '../shown.ts';

export interface ExplainOptions {
  readonly hit?: string;
  readonly line?: string;
  readonly kernel?: string;
}

/** Returns the exit code. `field` limits the explanation to what stands at that place of the policy. */
export async function explain(
  policy: string,
  field: string | undefined,
  options: ExplainOptions,
): Promise<number> {
  const { out, err, color } = standardOutput;
  // Not a file: a code or the language itself is asked about.
  if (field === undefined && options.hit === undefined && !existsSync(policy)) {
    if (/^TR-[\w-]*$/i.test(policy)) return explainCode(policy);
    const { explainKernelName } = await import('../../sim-backend/syscalls/explain.ts');
    const lines = explainKernelName(policy);
    if (lines !== undefined) {
      out(`${lines.join('\n')}\n`);
      return exitCodes.ok;
    }
    if (parseFieldPath(policy) !== undefined) return explainField(policy);
  }
  const { policies, diagnostics, texts } = loadPolicyFiles(
    [{ path: policy, at: startOf(policy) }],
    await kernelFor(options.kernel),
  );
  err(printDiagnostics(diagnostics, texts, color));
  if (hasErrors(diagnostics)) return exitCodes.usage;
  if (field !== undefined) return explainField(field);
  const file = options.hit;
  const lines =
    file === undefined
      ? policies.flatMap(({ plan }) => explanationLines(explainPlan(plan)))
      : explainHits(
          policies.map(({ plan }) => plan),
          readHitFile(file),
          file,
          options.line,
        );
  out(`${lines.map(shownLine).join('\n')}\n`);
  return exitCodes.ok;
}

/** Named, what the kernel lacks is part of what the policy does there. */
async function kernelFor(asked: string | undefined): Promise<KernelFacts> {
  if (asked === undefined) return unnamedKernel();
  const facts = await kernelNamed(asked);
  if (facts === undefined) throw new UsageError(await unknownKernelText(asked));
  return facts;
}

function explainCode(code: string): number {
  if (!isCode(code)) {
    const meant = closest(code, Object.keys(codes));
    throw new UsageError(
      `there is no code "${code}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    );
  }
  standardOutput.out(`${codeLines(code, exitCodes).join('\n')}\n`);
  return exitCodes.ok;
}

function explainField(field: string): number {
  const text = fieldText(field);
  if (text === undefined)
    throw new UsageError(`policies have no field "${field}", and there is no such file`);
  standardOutput.out(text);
  return exitCodes.ok;
}

type Hits = ReturnType<typeof readHits>;

/** Each hit under each policy; of a log those that the policies hook, or the line that is asked for. */
function explainHits(plans: readonly Plan[], hits: Hits, file: string, asked: string | undefined): string[] {
  const chosen = asked === undefined ? hits : hits.filter(({ line }) => line === Number(asked));
  if (asked !== undefined && chosen.length === 0)
    throw new UsageError(`probe hit ${file}: line ${asked} holds no event of a hook`);
  const hooks = plans.flatMap((plan) => plan.hooks);
  const ofThese = chosen.filter(({ hit }) => hooks.some((hook) => isOn(hit, hook)));
  const [only] = chosen;
  if (ofThese.length === 0) {
    const named = only?.hit.hook;
    const known = [...new Set(hooks.map(({ target }) => target))];
    const meant = named === undefined ? undefined : closest(named, known);
    const suggestion = meant === undefined ? `; it hooks ${known.join(', ')}` : `; did you mean "${meant}"?`;
    throw new UsageError(
      chosen.length > 1
        ? `probe hit ${file}: none of its ${chosen.length} events is of a hook of the policy, which hooks ${known.join(', ')}`
        : `probe hit ${file}: the policy has no hook on "${named ?? ''}"${suggestion}`,
    );
  }
  return ofThese.flatMap(({ line, hit }) => [
    ...(hits.length > 1 ? [`Line ${line} of ${file}:`] : []),
    ...plans.flatMap((plan) =>
      plan.hooks.some((hook) => isOn(hit, hook)) ? explanationLines(explainHit(plan, hit, file)) : [],
    ),
  ]);
}

/** A hit that names no hook is tried on each. Of a system call the bare name will do. */
function isOn({ hook }: HitDescription, { target }: HookPlan): boolean {
  if (hook === undefined || hook === target) return true;
  const plain = plainFunction(target);
  return plain !== target && (hook === plain || `sys_${hook}` === plain);
}

function readHitFile(file: string): Hits {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new UsageError(`probe hit ${file}: ${readProblem(error)}`);
  }
  try {
    return readHits(text);
  } catch (error) {
    throw new UsageError(`probe hit ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function hitOn(hook: HookPlan, hit: HitDescription, file: string): ProbeHit {
  try {
    return hit.on(hook);
  } catch (error) {
    throw new UsageError(`probe hit ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function explainHit(plan: Plan, hit: HitDescription, file: string): Explanation {
  const evaluator = createEvaluator(plan);
  const hooks = evaluator.hooks.filter(({ hook }) => isOn(hit, hook));
  const children = hooks.map((evaluated): Explanation => {
    const probeHit = hitOn(evaluated.hook, hit, file);
    const verdict = evaluated.entry(probeHit, { reasons: true });
    const children = [outcomeOf(verdict, evaluated.hook, plan)];
    if (probeHit.returnValue !== undefined && verdict.selector !== undefined) {
      const returned = evaluated.exit(probeHit, verdict, { reasons: true });
      children.push({
        text:
          returned === undefined ? 'On return: no selector matches, and no event is posted' : 'On return:',
        children: returned === undefined ? [] : [explainVerdict(returned, evaluated.hook)],
      });
    }
    return { text: `When ${hookWords(evaluated.hook)}:`, span: evaluated.hook.span, children };
  });
  return { text: `Policy ${plan.policyName}`, children };
}

function outcomeOf(verdict: Verdict, hook: HookPlan, { workload }: Plan): Explanation {
  // No filter was asked.
  if (workload !== undefined && verdict.reasons === undefined)
    return { text: `The policy is not for this process: it is for ${workloadWords(workload)}`, children: [] };
  return explainVerdict(verdict, hook);
}
