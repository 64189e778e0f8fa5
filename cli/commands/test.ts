/** `tracerig test`: scenarios on backends. */
import { chooseBackends } from '../../runner/backends.ts';
import type { BackendChoice } from '../../runner/backends.ts';
import { runScenarios } from '../../runner/run.ts';
import { interruptible } from '../interrupt.ts';
import { standardOutput } from '../output.ts';
import { kernelList, parseSeconds } from '../options.ts';
import { openReportSink } from '../report-sink.ts';
import { makeReporter } from '../reporters/reporter.ts';
import type { ReporterName } from '../reporters/reporter.ts';

export interface TestOptions {
  readonly backend?: BackendChoice;
  readonly kernel?: string;
  readonly reporter?: ReporterName;
  readonly outputFile?: string;
  readonly timeout?: string;
  readonly here?: boolean;
  readonly allowOutside?: boolean;
}

/** Returns the exit code. */
export async function test(paths: readonly string[], options: TestOptions): Promise<number> {
  const timeoutMs = parseSeconds(options.timeout, '--timeout');
  const sink = openReportSink(options.outputFile, standardOutput);
  const reporter = await makeReporter(options.reporter ?? 'pretty', sink);
  const chosen = await chooseBackends(options.backend ?? 'sim', {
    ...(options.kernel === undefined ? {} : { kernels: kernelList(options.kernel) }),
    here: options.here === true,
  });
  return interruptible(async (signal) => {
    // A closed VM is what ends a step that does not listen to the signal.
    const closeAll = async (): Promise<void> => {
      await Promise.allSettled(chosen.backends.map((backend) => backend.close()));
    };
    signal.addEventListener('abort', () => void closeAll(), { once: true });
    try {
      const result = await runScenarios({
        paths: paths.length === 0 ? ['.'] : paths,
        backends: chosen.backends,
        skippedBackends: chosen.skipped,
        errors: chosen.errors,
        reporter,
        ready: () => sink.drained(signal),
        signal,
        allowOutside: options.allowOutside === true,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      sink.end();
      if (options.outputFile !== undefined) {
        const { passed, failed, skipped } = result.counts;
        standardOutput.out(
          `${passed} passed, ${failed} failed, ${skipped} skipped; report: ${options.outputFile}\n`,
        );
      }
      return result.exitCode;
    } finally {
      sink.close();
      await closeAll();
    }
  });
}
