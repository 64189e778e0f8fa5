/** `tracerig check`: what is wrong with policies, and what they will not do. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkPolicyText } from '../../core/check/index.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import type { Diagnostic } from '../../core/source/diagnostic.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import {
  allShippedKernels,
  commonKernels,
  kernelNamed,
  unknownKernelText,
} from '../../runner/kernel-data.ts';
import { readProblem, startOf } from '../../runner/policies.ts';
import { beyondReach } from '../../runner/reach.ts';
import { readText } from '../../runner/read-file.ts';
import { applyFixes } from '../fixes.ts';
import { UsageError } from '../options.ts';
import { standardOutput } from '../output.ts';
import { openReportSink } from '../report-sink.ts';
import { shownLine } from '../shown.ts';
import { makeCheckReport } from '../reporters/check-report.ts';
import type { CheckReporterName } from '../reporters/check-report.ts';

export interface CheckOptions {
  readonly kernel?: string;
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly reporter?: CheckReporterName;
  readonly outputFile?: string;
}

/** Returns the exit code: 2 for a refusal, 1 for warnings with `--strict`. */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const { files, diagnostics } = policyFiles(paths);
  const texts = new Map<string, string>();
  const kernels = options.kernel === undefined ? undefined : await namedKernels(options.kernel);
  for (const file of files) {
    let text: string;
    try {
      text = readText(file);
    } catch (error) {
      diagnostics.push(unreadable(file, readProblem(error)));
      continue;
    }
    let found = await checked(text, file, kernels);
    if (options.fix === true) {
      const fixed = applyFixes(text, found);
      if (fixed.applied > 0) {
        writeFileSync(file, fixed.text);
        standardOutput.err(`${shownLine(file)}: ${fixed.applied} repaired\n`);
        text = fixed.text;
        found = await checked(text, file, kernels);
      }
    }
    texts.set(file, text);
    for (const finding of found) diagnostics.push(finding);
  }
  const sink = openReportSink(options.outputFile, standardOutput);
  const report = await makeCheckReport(options.reporter ?? 'pretty');
  sink.write(report({ files, diagnostics, texts, color: sink.color }));
  sink.end();
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return exitCodes.usage;
  return options.strict === true && diagnostics.length > 0 ? exitCodes.failed : exitCodes.ok;
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

async function checked(
  text: string,
  file: string,
  kernels: ReadonlyMap<string, KernelFacts> | undefined,
): Promise<readonly Diagnostic[]> {
  const result = await checkPolicyText(text, file, {
    knownKernels: allShippedKernels,
    ...(kernels === undefined
      ? { commonKernels: await commonKernels() }
      : { kernels: [...kernels.keys()], loadKernel: (asked) => Promise.resolve(kernels.get(asked)) }),
  });
  return result.diagnostics;
}

function policyFiles(paths: readonly string[]): { files: string[]; diagnostics: Diagnostic[] } {
  const files: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    try {
      if (!statSync(path).isDirectory()) files.push(path);
      else {
        const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.ya?ml$/.test(name) && !name.includes('.scenario.'))
          .sort();
        if (found.length === 0) diagnostics.push(unreadable(path, 'no *.yaml in this folder'));
        for (const file of found.map((name) => join(path, name))) {
          const beyond = beyondReach(dirname(file), file);
          if (beyond === undefined) files.push(file);
          else diagnostics.push(unreadable(file, `${beyond}; name it itself if it is meant`));
        }
      }
    } catch (error) {
      diagnostics.push(unreadable(path, readProblem(error)));
    }
  }
  return { files, diagnostics };
}

function unreadable(file: string, why: string): Diagnostic {
  return { code: 'TR-policy-file', severity: 'error', message: `${file}: ${why}`, span: startOf(file) };
}
