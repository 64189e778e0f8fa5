/** `tracerig check`: everything that can be said of a policy file without running it. */
import { anyKernel, kernelFacts, typesOnly } from '../kernels/kernel-facts.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import { compilePolicy } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { parsePolicyFile } from '../policy/parse.ts';
import type { ParsedPolicyFile } from '../policy/parse.ts';
import { isBeforeRelease, tetragonReleases } from '../policy/tetragon-releases.ts';
import type { TetragonRelease } from '../policy/tetragon-releases.ts';
import { codeStages } from '../source/codes.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { compileFor } from './kernel/compile-for.ts';
import { checkKernels } from './kernel/index.ts';
import type { KnownKernel } from './kernel/known-names.ts';
import { warnOfModules } from './kernel/modules-elsewhere.ts';
import { warnOfOverride } from './kernel/override-warning.ts';
import { checkSyscallNames } from './kernel/syscall-names.ts';
import { lints } from './lints/index.ts';
import { fileMode } from './file-mode.ts';
import { unknownTo } from './release.ts';
import { formOnly } from './resolve-form.ts';
import { LintContext } from './subject.ts';
import { suppress } from './suppress.ts';

/** Kernels that a policy is held against; without any, only what holds on every kernel is said. */
export interface CheckOptions {
  /** Versions of kernels, such as `6.12`: a policy that one of them refuses is an error. */
  readonly kernels?: readonly string[];
  /** Reads what is known of a kernel; undefined if nothing is. Without it no kernel is known. */
  readonly loadKernel?: (version: string) => Promise<KernelFacts | undefined>;
  /** Kernels to look at where none is named: what they lack is a warning. Types are those of the first. */
  readonly commonKernels?: readonly KernelFacts[];
  /** All kernels that are known, read where one lacks a name: what none of them has is an error, whether or not one is named. */
  readonly knownKernels?: () => Promise<readonly KnownKernel[]>;
  /** The agent runs with `--disable-kprobe-multi`: each hook is attached on its own, whatever the kernel can. */
  readonly disableKprobeMulti?: boolean;
  /** The release of Tetragon that is to load the policies; main if none is named. */
  readonly tetragon?: TetragonRelease;
  /**
   * Where the text comes from. A `file` that is named has to hold a policy. In a `folder` other kinds of files may stand beside
   * policies, and so may other kinds of objects in a `stream`, such as what Helm renders, which Tetragon never reads as a file.
   */
  readonly origin?: 'file' | 'folder' | 'stream';
}

/** All findings, and the plans of the documents that can be used. */
export interface CheckResult {
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of the documents without errors. */
  readonly plans: readonly Plan[];
  /** Policies that were looked at, sound or not. */
  readonly policies: number;
  /** What the documents of other kinds are: `a ConfigMap`. */
  readonly passedOver: readonly string[];
}

/**
 * Checks every document of a policy file: syntax, schema, rules, values, lints, and kernels where asked for.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { checkPolicyText } from 'tracerig/core';
 *
 * const { diagnostics } = await checkPolicyText(readFileSync('policy.yaml', 'utf8'), 'policy.yaml');
 * for (const { code, message, span } of diagnostics) console.log(span.start.line, code, message);
 * ```
 */
export async function checkPolicyText(
  text: string,
  file: string,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const { origin = 'file' } = options;
  const parsed = parsePolicyFile(text, file, origin === 'file' ? 'refuse' : 'pass over');
  const { documents, refused, repaired, outline, diagnostics: parsing } = parsed;
  const diagnostics: Diagnostic[] = [...parsing, ...fileMode(parsed, origin !== 'stream')];
  // One by one: what a call takes as arguments has a limit, and a long list may have a finding for each value.
  const add = (found: Iterable<Diagnostic>): void => {
    for (const one of found) diagnostics.push(one);
  };
  const named: KernelFacts[] = [];
  for (const version of options.kernels ?? []) {
    const facts = await options.loadKernel?.(version);
    if (facts !== undefined) named.push(asAttached(facts, options));
    else diagnostics.push(unknownKernel(version, file));
  }
  const kernels =
    options.kernels === undefined
      ? (options.commonKernels ?? []).map((kernel) => asAttached(kernel, options))
      : named;

  const [first = anyKernel] = kernels;
  const plans: Plan[] = [];
  for (const document of [...documents, ...refused]) {
    // Lints are about the policy, not about what one kernel lacks of it.
    const compiled = compilePolicy(document, forLints(first, named, options));
    add(named.length > 0 ? compileFor(document, named) : compiled.diagnostics);
    add(formOnly(document, kernels));
    const known = (await options.knownKernels?.()) ?? [];
    add(lint(document, compiled.plan, kernels, options.kernels !== undefined, known));
    if (compiled.plan !== undefined && documents.includes(document)) plans.push(compiled.plan);
  }
  for (const { document, concerns } of repaired) {
    const { diagnostics: found } = compilePolicy(document, forLints(first, named, options));
    diagnostics.push(...found.filter(({ path, severity }) => severity === 'error' && concerns(path)));
  }
  const { tetragon = 'main' } = options;
  for (const document of [...documents, ...refused, ...repaired.map((each) => each.document)])
    add(unknownTo(tetragon, document));
  const released = inOrder(diagnostics.map((finding) => forRelease(finding, tetragon)));
  return {
    diagnostics: titled(inOrder(suppress(released, text, file)), outline),
    plans,
    policies: outline.filter(({ other }) => other === undefined).length,
    passedOver: outline.flatMap(({ other }) => other ?? []),
  };
}

/** The types of a kernel; and that none has kprobe_multi where that is so of all that were named, since it changes what a policy does. */
function forLints(
  kernel: KernelFacts,
  named: readonly KernelFacts[],
  { disableKprobeMulti = false }: CheckOptions,
): KernelFacts {
  const types = typesOnly(kernel);
  const single = named.length > 0 && named.every((each) => each.has('kprobe-multi') === false);
  return single || disableKprobeMulti ? withoutMulti(types) : types;
}

const asAttached = (kernel: KernelFacts, { disableKprobeMulti = false }: CheckOptions): KernelFacts =>
  disableKprobeMulti ? withoutMulti(kernel) : kernel;

/** Of a kernel that keeps its name in findings; plans for it are others. */
function withoutMulti(kernel: KernelFacts): KernelFacts {
  const identity = { ...kernel, id: `${kernel.id} without kprobe_multi` };
  return kernelFacts(
    identity,
    { has: (capability) => (/^kprobe-(multi|session)$/.test(capability) ? false : undefined) },
    kernel,
  );
}

/** Names the document of each finding where a file has several. */
function titled(
  diagnostics: readonly Diagnostic[],
  outline: ParsedPolicyFile['outline'],
): readonly Diagnostic[] {
  if (outline.length < 2) return diagnostics;
  return diagnostics.map((diagnostic) => {
    const { offset } = diagnostic.span.start;
    const document = outline.findLast(({ span }) => span.start.offset <= offset);
    return document === undefined || document.title === ''
      ? diagnostic
      : { ...diagnostic, document: document.title };
  });
}

function lint(
  document: PolicyDocument,
  plan: Plan | undefined,
  kernels: readonly KernelFacts[],
  named: boolean,
  known: readonly KnownKernel[],
): readonly Diagnostic[] {
  const context = new LintContext(document, plan);
  for (const run of lints) run(context);
  if (kernels.length > 0) checkKernels(context, kernels, named, known);
  if (!named) warnOfModules(context, kernels, known);
  // What common kernels lack was said above.
  if (!named && kernels.length === 0) {
    checkSyscallNames(context);
    warnOfOverride(context);
  }
  return context.diagnostics;
}

/** What later releases refuse is a warning for one that loads it. */
function forRelease(finding: Diagnostic, release: TetragonRelease): Diagnostic {
  const since = tetragonReleases.find((known) => known === finding.refusedSince);
  return since !== undefined && isBeforeRelease(release, since)
    ? { ...finding, severity: 'warning' }
    : finding;
}

/** Sorted by place; the same finding by two stages is said once, and a lint says nothing of what is refused at that place. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  const refused = new Set(
    diagnostics.flatMap(({ severity, span }) => (severity === 'error' ? [span.start.offset] : [])),
  );
  return diagnostics
    .filter(({ code, severity, span, message }) => {
      if (severity === 'warning' && Object.hasOwn(codeStages.Lints, code) && refused.has(span.start.offset))
        return false;
      const key = `${code} ${span.start.offset} ${message}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => a.span.start.offset - b.span.start.offset);
}

function unknownKernel(version: string, file: string): Diagnostic {
  const start = { line: 1, column: 1, offset: 0 };
  return {
    code: 'TR-kernel-unknown',
    severity: 'error',
    message: `nothing is known of the kernel ${version}`,
    span: { file, start, end: start },
    help: 'Name a kernel whose data are shipped, such as 6.12.',
  };
}
