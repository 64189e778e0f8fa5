/** The compiler: a checked document becomes a plan. */
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { hookSections } from '../policy/schema/spec.ts';
import type { HookSection, PolicySpec } from '../policy/schema/spec.ts';
import { hasErrors } from '../source/diagnostic.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { checkDuplicateCalls } from './duplicate-calls.ts';
import {
  compileFentry,
  compileKprobe,
  compileLsmHook,
  compileTracepoint,
  compileUprobe,
  compileUsdt,
} from './hooks.ts';
import type { HookContext } from './hooks.ts';
import { refusalsOf } from './kernel/index.ts';
import { compileLists, enforcerTargets } from './lists.ts';
import { checkExpressions } from './selectors.ts';
import { policyMode } from './mode.ts';
import type { HookPlan, Plan } from './plan.ts';
import { compileWorkload } from './process/workloads.ts';
import { Reporter } from './reporter.ts';
import { shareMaps } from './shared-maps.ts';

export interface CompileResult {
  /** Undefined when a diagnostic is an error. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a document: resolves types, operators, values, actions and mode, and reports all that Tetragon would refuse
 * in them. What concerns the document's form was reported when it was read. What the kernel lacks becomes part of the plan:
 * comparisons that are constant there, and reasons why it does not load. Pure and deterministic.
 */
export function compilePolicy(document: PolicyDocument, kernel: KernelFacts): CompileResult {
  const { spec, metadata } = document;
  const reporter = new Reporter(document);
  const options = Object.fromEntries((spec.options ?? []).map(({ name, value }) => [name, value ?? '']));
  const context: HookContext = {
    spec,
    kernel,
    reporter,
    singleAttach: isTrue(options['disable-kprobe-multi']) || kernel.has('kprobe-multi') === false,
  };
  const compiled = hookSections.flatMap((section) => compilers[section](context));
  if (!context.singleAttach) {
    checkDuplicateCalls(document, reporter);
    checkExpressions(compiled, reporter);
  }
  const hooks = context.singleAttach ? compiled : shareMaps(compiled);
  const { diagnostics } = reporter;
  if (hasErrors(diagnostics)) return { diagnostics };
  const namespaced = document.kind === 'TracingPolicyNamespaced';
  const workload = compileWorkload(spec) ?? (namespaced ? { pod: [], host: false } : undefined);
  return {
    plan: {
      policyName: metadata.name ?? '',
      ...(namespaced && metadata.namespace !== undefined ? { namespace: metadata.namespace } : {}),
      span: document.span,
      mode: policyMode(hooks, options),
      hooks,
      options,
      enforcers: enforcerTargets(spec),
      loader: spec.loader ?? false,
      ...(workload === undefined ? {} : { workload }),
      lists: compileLists(spec),
      refusals: refusalsOf(document, kernel),
    },
    diagnostics,
  };
}

/** What becomes of each section: one without a compiler would be dropped in silence. */
const compilers: { readonly [Section in HookSection]: (context: HookContext) => HookPlan[] } = {
  kprobes: each(({ kprobes }) => kprobes, compileKprobe),
  fentries: each(({ fentries }) => fentries, compileFentry),
  tracepoints: each(({ tracepoints }) => tracepoints, compileTracepoint),
  lsmhooks: each(({ lsmhooks }) => lsmhooks, compileLsmHook),
  uprobes: each(({ uprobes }) => uprobes, compileUprobe),
  usdts: each(({ usdts }) => usdts, compileUsdt),
};

function each<Hook>(
  hooksOf: (spec: PolicySpec) => readonly Hook[] | undefined,
  compile: (hook: Hook, index: number, context: HookContext) => HookPlan[],
): (context: HookContext) => HookPlan[] {
  return (context) => (hooksOf(context.spec) ?? []).flatMap((hook, index) => compile(hook, index, context));
}

/** Go's strconv.ParseBool; a value that it refuses is reported where the options are checked. */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value);
}
