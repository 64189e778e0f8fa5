/** `tracerig check`: what is wrong with policies, and what they will not do. */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkPolicyText } from '../../core/check/index.ts';
import type { CheckOptions as CoreOptions, CheckResult } from '../../core/check/index.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import type { TetragonRelease } from '../../core/policy/tetragon-releases.ts';
import { codes, isCode } from '../../core/source/codes.ts';
import type { DiagnosticCode } from '../../core/source/codes.ts';
import { closest } from '../../core/values/closest.ts';
import type { Diagnostic } from '../../core/source/diagnostic.ts';
import { besideConfig, loadConfig } from '../../runner/config.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import {
  allShippedKernels,
  commonKernels,
  kernelNamed,
  unknownKernelText,
} from '../../runner/kernel-data.ts';
import { readProblem, startOf } from '../../runner/policies.ts';
import { readStreamText, readText } from '../../runner/read-file.ts';
import { applyFixes } from '../fixes.ts';
import { UsageError } from '../options.ts';
import { standardOutput } from '../output.ts';
import { findPolicyFiles } from '../policy-files.ts';
import { openReportSink } from '../report-sink.ts';
import { shownLine } from '../shown.ts';
import { countedKinds } from '../reporters/check-findings.ts';
import { makeCheckReport } from '../reporters/check-report.ts';
import type { CheckReporterName } from '../reporters/check-report.ts';

export interface CheckOptions {
  readonly kernel?: string;
  readonly tetragon?: TetragonRelease;
  readonly disableKprobeMulti?: boolean;
  readonly strict?: boolean;
  readonly ignore?: string;
  readonly fix?: boolean;
  readonly reporter?: CheckReporterName;
  readonly outputFile?: string;
  readonly config?: string;
}

/** Standard input, as an argument and in findings. */
const standardInput = { argument: '-', name: '<stdin>' } as const;

/** Returns the exit code: 2 for a refusal, 1 for warnings with `--strict`. */
export async function check(named: readonly string[], given: CheckOptions): Promise<number> {
  const { paths, options } = configured(named, given);
  const ignored = ignoredCodes(options.ignore);
  const input = paths.includes(standardInput.argument);
  if (input && options.fix === true) throw new UsageError('--fix repairs files, not standard input');
  const { files, folders, problems } = findPolicyFiles(
    paths.filter((path) => path !== standardInput.argument),
  );
  const diagnostics = problems.map(({ path, why }) => unreadable(path, why));
  const texts = new Map<string, string>();
  const passedOver: string[] = [];
  const kernels = options.kernel === undefined ? undefined : await namedKernels(options.kernel);
  let policies = 0;

  const look = async (text: string, file: string, origin: Origin): Promise<void> => {
    const settings = {
      origin,
      ...(options.tetragon !== undefined && { tetragon: options.tetragon }),
      ...(options.disableKprobeMulti !== undefined && { disableKprobeMulti: options.disableKprobeMulti }),
    };
    let [seen, result] = [text, await checked(text, file, settings, kernels)];
    if (options.fix === true) {
      const fixed = applyFixes(text, result.diagnostics);
      if (fixed.applied > 0) {
        writeFileSync(file, fixed.text);
        standardOutput.err(`${shownLine(file)}: ${fixed.applied} repaired\n`);
        [seen, result] = [fixed.text, await checked(fixed.text, file, settings, kernels)];
      }
    }
    texts.set(file, seen);
    policies += result.policies;
    passedOver.push(...result.passedOver);
    for (const finding of result.diagnostics) {
      if (finding.severity === 'warning' && ignored.has(finding.code)) ignored.set(finding.code, true);
      else diagnostics.push(options.strict === true ? strictly(finding) : finding);
    }
  };

  if (input) await look(await readStreamText(process.stdin), standardInput.name, 'stream');
  for (const { path, origin, patchOf } of files) {
    if (patchOf !== undefined) {
      diagnostics.push(patch(path, patchOf));
      continue;
    }
    let text: string;
    try {
      text = readText(path);
    } catch (error) {
      diagnostics.push(unreadable(path, readProblem(error)));
      continue;
    }
    await look(text, path, origin);
  }
  const looked = [...(input ? [standardInput.name] : []), ...folders];
  if (policies === 0 && diagnostics.length === 0 && looked.length > 0)
    diagnostics.push(unreadable(looked.join(', '), noPolicy(passedOver)));

  for (const [code, hides] of ignored)
    if (!hides) standardOutput.err(`ignoring ${code} hides nothing: no warning has this code\n`);
  const sink = openReportSink(options.outputFile, standardOutput);
  const report = await makeCheckReport(options.reporter ?? 'pretty');
  const names = [...(input ? [standardInput.name] : []), ...files.map(({ path }) => path)];
  sink.write(report({ files: names, policies, passedOver, diagnostics, texts, color: sink.color }));
  sink.end();
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return exitCodes.usage;
  return options.strict === true && diagnostics.length > 0 ? exitCodes.failed : exitCodes.ok;
}

const noPolicy = (passedOver: readonly string[]): string =>
  passedOver.length === 0 ? 'no policy here' : `no policy here, but ${countedKinds(passedOver)}`;

/** Codes of `--ignore`, and whether they have hidden anything yet. */
function ignoredCodes(list: string | undefined): Map<DiagnosticCode, boolean> {
  const ignored = new Map<DiagnosticCode, boolean>();
  for (const code of (list ?? '').split(',').map((text) => text.trim())) {
    if (code === '') continue;
    if (!isCode(code)) {
      const meant = closest(code, Object.keys(codes));
      throw new UsageError(
        `ignore: there is no code "${code}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
      );
    }
    ignored.set(code, false);
  }
  return ignored;
}

/** Not checked, and not known to be wrong. */
function patch(file: string, by: string): Diagnostic {
  return {
    code: 'TR-template',
    severity: 'warning',
    message: `${file}: ${by} applies this as a patch: nothing of it is checked`,
    span: startOf(file),
    help: `Build it first: kustomize build ${dirname(by)} | tracerig check -`,
  };
}

/** What the command line says, then the configuration. */
function configured(
  named: readonly string[],
  options: CheckOptions,
): { readonly paths: readonly string[]; readonly options: CheckOptions } {
  const { config, folder } = loadConfig('.', options.config);
  const { paths = [], kernels, strict, ignore = [], disableKprobeMulti } = config.check ?? {};
  if (named.length === 0 && paths.length === 0) throw new UsageError('check takes policy files or folders');
  const configuration = {
    ...(kernels !== undefined && { kernel: kernels.join(',') }),
    ...(strict !== undefined && { strict }),
    ...(disableKprobeMulti !== undefined && { disableKprobeMulti }),
  };
  // Those of the command line come on top: neither takes back what the other hides.
  const hidden = [...ignore, options.ignore ?? ''].join(',');
  return {
    paths: named.length > 0 ? named : paths.map((path) => besideConfig(folder, path)),
    options: { ...configuration, ...options, ignore: hidden },
  };
}

/** By what they were asked for as. One that is not known is a mistake of the command line, not of the policies. */
async function namedKernels(list: string): Promise<ReadonlyMap<string, KernelFacts>> {
  const kernels = new Map<string, KernelFacts>();
  for (const asked of list.split(',').map((text) => text.trim())) {
    let facts;
    try {
      facts = await kernelNamed(asked);
    } catch (error) {
      throw new UsageError(`--kernel ${asked}: ${readProblem(error)}`);
    }
    if (facts === undefined) throw new UsageError(await unknownKernelText(asked));
    kernels.set(asked, facts);
  }
  return kernels;
}

/** What nobody means, and harms everybody: with `--strict` it is no mere warning. */
const strictErrors: readonly DiagnosticCode[] = ['TR-unfiltered-enforcement'];

const strictly = (finding: Diagnostic): Diagnostic =>
  strictErrors.includes(finding.code) ? { ...finding, severity: 'error' } : finding;

type Origin = NonNullable<CoreOptions['origin']>;

async function checked(
  text: string,
  file: string,
  settings: Pick<CoreOptions, 'origin' | 'tetragon' | 'disableKprobeMulti'>,
  kernels: ReadonlyMap<string, KernelFacts> | undefined,
): Promise<CheckResult> {
  return checkPolicyText(text, file, {
    ...settings,
    knownKernels: allShippedKernels,
    ...(kernels === undefined
      ? { commonKernels: await commonKernels() }
      : { kernels: [...kernels.keys()], loadKernel: (asked) => Promise.resolve(kernels.get(asked)) }),
  });
}

function unreadable(file: string, why: string): Diagnostic {
  return { code: 'TR-policy-file', severity: 'error', message: `${file}: ${why}`, span: startOf(file) };
}
