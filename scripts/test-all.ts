/**
 * `npm test`: types, lint, unit tests, scenarios on the simulator and in the VM, parity, and overrides where there is a kernel for them.
 * The last line is the tally of unit tests, steps × backend and parity checks. Exit code 1 if anything failed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wantsColor } from '../cli/output.ts';
import { interruptible } from '../cli/interrupt.ts';
import { prettyReporter } from '../cli/reporters/pretty.ts';
import type { Backend } from '../core/backend/backend.ts';
import { backendText } from '../core/backend/id.ts';
import { makeBackend } from '../runner/backends.ts';
import type { BackendName } from '../runner/backends.ts';
import { exitCodes } from '../runner/exit-code.ts';
import type { Counts, SkippedBackend } from '../runner/result.ts';
import { runScenarios } from '../runner/run.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { readVmImage, setupCommand } from '../vm/image.ts';
import { readSetupStamp } from '../vm/setup-stamp.ts';
import { setup } from '../setup/main.ts';
import { tryTool } from '../setup/run-tool.ts';
import { readVitestReport } from './vitest-report.ts';

/** Scenarios that are not part of this repository's own would be found below other folders. */
const scenarioFolder = 'scenarios';
const overrideFolder = 'test/override';
const overrideKernel = 'override';

const out = (text: string): void => void process.stdout.write(text);

class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  add(counts: Counts): void {
    this.passed += counts.passed;
    this.failed += counts.failed;
    this.skipped += counts.skipped;
  }
  get line(): string {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

/** Checks without tests of their own: only a failure counts. */
async function staticChecks(tally: Tally, signal: AbortSignal): Promise<void> {
  const checks: [string, string[]][] = [
    ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
    ['lint', ['node_modules/eslint/bin/eslint.js', '.']],
    ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ];
  for (const [name, argv] of checks) {
    const { ok, text } = await tryTool(process.execPath, argv, { signal, output: 'kept' });
    out(`${name}: ${ok ? 'ok' : 'FAILED'}\n${ok ? '' : text}`);
    if (!ok) tally.add({ passed: 0, failed: 1, skipped: 0 });
  }
}

async function unitTests(tally: Tally, signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-test-all-'));
  const file = join(folder, 'vitest.json');
  try {
    const { ok } = await tryTool(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { signal, output: 'shown' },
    );
    const { counts, skippedNames } = readVitestReport(JSON.parse(readFileSync(file, 'utf8')));
    for (const name of skippedNames) out(`skipped: ${name}\n`);
    tally.add(counts);
    // A failure outside of any test, such as a file that cannot be loaded.
    if (!ok && counts.failed === 0) tally.add({ passed: 0, failed: 1, skipped: 0 });
  } catch (error) {
    out(`unit tests: no report: ${error instanceof Error ? error.message : String(error)}\n`);
    tally.add({ passed: 0, failed: 1, skipped: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scenarios(tally: Tally, signal: AbortSignal): Promise<void> {
  const backends: Backend[] = [];
  const skipped: SkippedBackend[] = [];
  try {
    // The host's own kernel is left alone: a test run should not load policies into it unasked.
    for (const name of ['sim', 'vm'] satisfies BackendName[]) {
      const backend = await makeBackend(name, undefined);
      const lacking = await backend.available();
      if (lacking === undefined) backends.push(backend);
      else skipped.push({ backend: backendText(backend.id), ...lacking });
    }
    const color = wantsColor(process.env, process.stdout.isTTY);
    const result = await runScenarios({
      paths: [scenarioFolder],
      backends,
      skippedBackends: skipped,
      reporter: prettyReporter({ write: out, color }),
      signal,
    });
    tally.add(result.counts);
    const onVm = skipped.find((skip) => skip.backend.startsWith('vm'));
    const vmMustRun = onVm !== undefined && (await readSetupStamp(cacheDir())) !== undefined;
    if (vmMustRun) out(`FAILED: setup has succeeded here, and yet the VM cannot run: ${onVm.why}\n`);
    tally.add({
      passed: 0,
      failed: vmMustRun || (result.exitCode !== exitCodes.ok && result.counts.failed === 0) ? 1 : 0,
      skipped: skipped.length - (vmMustRun ? 1 : 0),
    });
  } finally {
    await Promise.allSettled(backends.map((backend) => backend.close()));
  }
}

/**
 * Scenarios that override what system calls return, on the kernel that is built for them: where it is in the cache, or is asked
 * for by TRACERIG_OVERRIDE_KERNEL=1, which builds it.
 */
async function overrides(tally: Tally, signal: AbortSignal): Promise<void> {
  if ((await readVmImage(cacheDir(), overrideKernel)) === undefined) {
    if (process.env['TRACERIG_OVERRIDE_KERNEL'] !== '1') {
      out(`skipped: ${overrideFolder} (to enable it: ${setupCommand(overrideKernel)})\n`);
      tally.add({ passed: 0, failed: 0, skipped: 1 });
      return;
    }
    const options = { kernels: [overrideKernel], hostOnly: false, refresh: false, dryRun: false };
    if ((await setup(options)) !== exitCodes.ok) throw new Error(`${overrideKernel} was not built`);
  }
  const backends: Backend[] = [];
  try {
    for (const name of ['sim', 'vm'] satisfies BackendName[])
      backends.push(await makeBackend(name, overrideKernel));
    const color = wantsColor(process.env, process.stdout.isTTY);
    const reporter = prettyReporter({ write: out, color });
    const result = await runScenarios({ paths: [overrideFolder], backends, reporter, signal });
    tally.add(result.counts);
    if (result.exitCode !== exitCodes.ok && result.counts.failed === 0)
      tally.add({ passed: 0, failed: 1, skipped: 0 });
  } finally {
    await Promise.allSettled(backends.map((backend) => backend.close()));
  }
}

process.exitCode = await interruptible(async (signal) => {
  const tally = new Tally();
  for (const part of [staticChecks, unitTests, scenarios, overrides]) {
    if (signal.aborted) break;
    try {
      await part(tally, signal);
    } catch (error) {
      out(`FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      tally.add({ passed: 0, failed: 1, skipped: 0 });
    }
  }
  out(`${tally.line}\n`);
  if (signal.aborted) return exitCodes.interrupted;
  return tally.failed > 0 ? exitCodes.failed : exitCodes.ok;
});
