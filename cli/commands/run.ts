/** `tracerig run`: policies against one command or one recorded trace. Standard output holds the events and nothing else. */
import { BackendError } from '../../core/backend/backend.ts';
import type { BackendName, Backend, StepRequest, Given } from '../../core/backend/backend.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import { fateWords } from '../../core/scenario/words.ts';
import { hasErrors } from '../../core/source/diagnostic.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { chooseBackends } from '../../runner/backends.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { loadPolicyFiles, startOf } from '../../runner/policies.ts';
import { asRunError } from '../../runner/run-on-backend.ts';
import { openTrace } from '../../runner/traces.ts';
import { writeEvents } from '../events-output.ts';
import type { EventForm } from '../events-output.ts';
import { interruptible } from '../interrupt.ts';
import { UsageError, parseSeconds } from '../options.ts';
import { standardOutput } from '../output.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { errorText, problemText } from '../reporters/failure-text.ts';

export interface RunCommandOptions {
  readonly policy: readonly string[];
  readonly trace?: string;
  readonly start?: string;
  readonly backend?: BackendName;
  readonly kernel?: string;
  readonly output?: EventForm;
  readonly nodeName?: string;
  readonly timeout?: string;
}

/** As good as none: a command run by hand ends when it ends. */
const noTimeoutMs = 2 ** 31 - 1;

/** Returns the exit code: 0 also for a command that failed or was killed, 1 if something is not modelled or was lost. */
export async function run(command: readonly string[], options: RunCommandOptions): Promise<number> {
  const { out, err, color } = standardOutput;
  checkUsage(command, options);
  const policies = await loadPolicyFiles(options.policy.map((path) => ({ path, at: startOf(path) })));
  err(printDiagnostics(policies.diagnostics, policies.sources, color));
  if (hasErrors(policies.diagnostics)) return exitCodes.usage;
  const name = options.backend ?? 'sim';
  const { backends, errors } = await chooseBackends(
    name,
    options.kernel === undefined ? {} : { kernel: options.kernel },
  );
  const [backend] = backends;
  if (backend === undefined) {
    for (const error of errors) err(`${errorText(error)}\n`);
    return exitCodes.unavailable;
  }
  return interruptible(async (signal) => {
    signal.addEventListener('abort', () => void backend.close(), { once: true });
    try {
      const outcome = await executed({ backend, plans: policies.plans, command, options, signal });
      if (signal.aborted) return exitCodes.interrupted;
      writeEvents(outcome.events, { form: options.output ?? 'compact', nodeName: options.nodeName, out });
      return reportRest(outcome, name);
    } catch (error) {
      if (signal.aborted) return exitCodes.interrupted;
      const failure = asRunError(error);
      err(`${errorText(failure)}\n`);
      return failure.exitCode;
    } finally {
      await backend.close();
    }
  });
}

function checkUsage(command: readonly string[], { trace, start, backend }: RunCommandOptions): void {
  if (trace === undefined ? command.length === 0 : command.length > 0) {
    throw new UsageError('run takes either --trace FILE or a command after --');
  }
  if (start !== undefined && trace === undefined) throw new UsageError('--start belongs to --trace');
  if (trace !== undefined && backend !== undefined && backend !== 'sim') {
    throw new UsageError('a trace is replayed on the simulator; --backend kernel and vm take a command');
  }
}

interface Execution {
  readonly backend: Backend;
  readonly plans: readonly Plan[];
  readonly command: readonly string[];
  readonly options: RunCommandOptions;
  readonly signal: AbortSignal;
}

async function executed({ backend, plans, command, options, signal }: Execution): Promise<Outcome> {
  const timeoutMs = parseSeconds(options.timeout, '--timeout') ?? noTimeoutMs;
  const request: StepRequest = {
    name: options.trace ?? command.join(' '),
    timeoutMs,
    daemons: 'kill',
    watchFiles: [],
    watchCalls: [],
  };
  const replay = async (trace: string, start: string | undefined): Promise<Outcome> => {
    const opened = openTrace(trace, start);
    if ('error' in opened) {
      throw new BackendError(opened.error.code, opened.error.message, { exitCode: 2 });
    }
    return runStep({ ...request, trace: opened.trace }, { files: [], env: {}, run: [] });
  };
  const runStep = async (step: StepRequest, given: Given): Promise<Outcome> => {
    const session = await backend.open({ scenario: 'run', plans, given, signal });
    try {
      return await session.runStep(step);
    } finally {
      await session.close();
    }
  };
  if (options.trace !== undefined) return replay(options.trace, options.start);
  if (backend.name !== 'sim') {
    const cwd = backend.name === 'kernel' ? { cwd: process.cwd() } : {};
    return runStep({ ...request, run: command }, { files: [], env: {}, run: [], ...cwd });
  }
  standardOutput.err(
    'note: the command runs once here, without any policy, and is recorded; the policies act on the recording\n',
  );
  const { withRecordedCommand } = await import('../../runner/record/command.ts');
  return withRecordedCommand({ argv: command, timeoutMs, signal }, (trace) => replay(trace, undefined));
}

/** Output of the command, fates, notes and problems go to standard error. */
function reportRest(outcome: Outcome, backend: BackendName): number {
  const { err } = standardOutput;
  if (backend !== 'sim') {
    for (const stream of [outcome.stdout, outcome.stderr]) {
      if (stream.known) process.stderr.write(Buffer.from(stream.value, 'latin1'));
    }
  }
  for (const process of outcome.processes) {
    const assumed = process.diverged ? ' (as recorded; an action changed the course before)' : '';
    const command = `${process.binary} ${process.arguments}`.trimEnd();
    err(`fate: ${process.pid} ${command} ${fateWords(process.fate)}${assumed}\n`);
  }
  const diverged = outcome.events.filter((event) => event.diverged).length;
  if (diverged > 0) err(`note: ${diverged} events rest on the recorded course after an action\n`);
  for (const note of outcome.notes) err(`note: ${note}\n`);
  for (const problem of outcome.problems) err(`${problemText(problem)}\n`);
  if (outcome.problems.some((problem) => problem.kind === 'trace')) return exitCodes.usage;
  return outcome.problems.length > 0 ? exitCodes.failed : exitCodes.ok;
}
