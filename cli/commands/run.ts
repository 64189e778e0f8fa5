/** `tracerig run`: policies against one command or one recorded trace. Standard output holds the events and nothing else. */
import type { Backend } from '../../core/backend/backend.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Problem } from '../../core/backend/problem.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import type { Given, StepRequest, TestedPolicy } from '../../core/backend/request.ts';
import type { LoadMode } from '../../core/plan/mode.ts';
import type { TraceSource } from '../../core/trace/trace-source.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import { parseGiven } from '../../core/scenario/parse.ts';
import { fateWords } from '../../core/scenario/words.ts';
import { hasErrors } from '../../core/source/diagnostic.ts';
import { chooseBackends } from '../../runner/backends.ts';
import type { BackendName } from '../../runner/backends.ts';
import { exitCodeOfFailure, exitCodeOfProblems, exitCodes } from '../../runner/exit-code.ts';
import { kernelOf, runningKernel } from '../../runner/kernel-data.ts';
import { withSources } from '../../runner/given-sources.ts';
import { inMode, loadPolicyFiles, readProblem, startOf } from '../../runner/policies.ts';
import { readText } from '../../runner/read-file.ts';
import { asRunError } from '../../runner/run-error.ts';
import type { HostChoice } from '../../runner/record/choose.ts';
import { openTrace, openTraces } from '../../runner/traces.ts';
import { EventWriter } from '../events-output.ts';
import type { EventForm } from '../events-output.ts';
import { hostChoice } from '../itself.ts';
import { cleanUpLeftovers } from '../leftovers.ts';
import { interruptible } from '../interrupt.ts';
import { readTraced } from '../../core/trace/strace-classes.ts';
import { UsageError, machineOf, parseSeconds } from '../options.ts';
import { standardOutput } from '../output.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { errorText, problemLine, skipTexts } from '../reporters/failure-text.ts';
import { shownLine } from '../shown.ts';

export interface RunCommandOptions {
  readonly policy: readonly string[];
  readonly mode?: LoadMode;
  readonly trace?: readonly string[];
  readonly start?: string;
  readonly exe?: string;
  /** As behind strace's `-e trace=`. */
  readonly traced?: string;
  readonly backend?: BackendName;
  readonly kernel?: string;
  readonly cpus?: string;
  readonly output?: EventForm;
  readonly nodeName?: string;
  readonly timeout?: string;
  readonly totalTimeout?: string;
  readonly here?: boolean;
  /** A scenario, or a file with nothing but `given`. */
  readonly given?: string;
  readonly allowOutside?: boolean;
}

/** As good as none: a command run by hand ends when it ends. */
const noTimeoutMs = 2 ** 31 - 1;

/** Returns the exit code: 0 also for a command that failed or was killed, 1 if something is not modelled or was lost. */
export async function run(command: readonly string[], options: RunCommandOptions): Promise<number> {
  const { out, drained, err, color } = standardOutput;
  checkUsage(command, options);
  const timeoutMs = parseSeconds(options.timeout, '--timeout') ?? noTimeoutMs;
  const totalMs = parseSeconds(options.totalTimeout, '--total-timeout');
  if (options.here === true) await cleanUpLeftovers();
  const { backends, errors } = await chooseBackends(options.backend ?? 'sim', {
    ...(options.kernel !== undefined && { kernels: [options.kernel] }),
    ...machineOf(options.cpus),
    ...hostChoice(options.here),
  });
  const [backend] = backends;
  for (const error of errors) err(`${errorText(error)}\n`);
  if (backend === undefined) return exitCodeOfFailure(errors[0]?.kind ?? 'unavailable');
  return interruptible(async (signal) => {
    signal.addEventListener('abort', () => void backend.close(), { once: true });
    try {
      const read = options.given === undefined ? undefined : readGiven(options.given, options);
      if (read === 'unreadable') return exitCodes.usage;
      const step = requestOf(command, options, timeoutMs);
      const kernel = await targetOf(backend, step, options.kernel);
      const loaded = loadPolicyFiles(
        options.policy.map((path) => ({ path, at: startOf(path) })),
        kernel,
      );
      err(printDiagnostics(loaded.diagnostics, loaded.texts, color));
      if (hasErrors(loaded.diagnostics)) return exitCodes.usage;
      const unsupported = loaded.policies.flatMap(({ plan }) => backend.supports(plan, kernel));
      if (unsupported.length > 0) {
        for (const text of skipTexts({ unsupported })) err(`backend ${backend.id.kind} cannot do ${text}\n`);
        return exitCodes.unavailable;
      }
      const events = new EventWriter({
        ...{ form: options.output ?? 'compact', nodeName: options.nodeName, out, drained },
      });
      const policies = inMode(loaded.policies, options.mode);
      const host = hostChoice(options.here);
      const outcome = await executed({
        ...{ backend, policies, kernel, command, step, events, host, signal },
        given: read,
      });
      if (signal.aborted) return exitCodes.interrupted;
      events.flush();
      // A command that was recorded as its caller runs it has printed already.
      const printed = backend.takes === 'trace' && (read === undefined || command.length === 0);
      return reportRest(outcome, events.diverged, printed);
    } catch (error) {
      if (signal.aborted) return exitCodes.interrupted;
      const failure = asRunError(error);
      err(`${errorText(failure)}\n`);
      return exitCodeOfFailure(failure.kind);
    } finally {
      await backend.close();
    }
  }, totalMs);
}

function checkUsage(
  command: readonly string[],
  { trace, start, exe, traced, backend }: RunCommandOptions,
): void {
  if (trace === undefined ? command.length === 0 : command.length > 0) {
    throw new UsageError('run takes either --trace FILE or a command after --');
  }
  const [stray] = Object.entries({ start, exe, traced }).find(([, value]) => value !== undefined) ?? [];
  if (stray !== undefined && trace === undefined) throw new UsageError(`--${stray} belongs to --trace`);
  const list = traced === undefined ? undefined : readTraced(traced);
  if (typeof list === 'string') throw new UsageError(`--traced: ${list}`);
  if (trace !== undefined && backend !== undefined && backend !== 'sim') {
    throw new UsageError('a trace is replayed on the simulator; --backend kernel and vm take a command');
  }
}

function requestOf(
  command: readonly string[],
  { trace, start, exe, traced }: RunCommandOptions,
  timeoutMs: number,
): StepRequest {
  const request = { timeoutMs, daemons: 'kill', watchFiles: [], watchCalls: [] } as const;
  if (trace === undefined) return { ...request, name: command.join(' '), run: command };
  const opened = openTraces(trace, { start, exe, traced });
  if ('error' in opened) throw new BackendError(opened.error.code, opened.error.message, 'usage');
  return { ...request, name: opened.trace.file, trace: opened.trace };
}

/** A command that is still to be recorded will be so on this host. */
function targetOf(backend: Backend, step: StepRequest, kernel: string | undefined): Promise<KernelFacts> {
  const recordsHere = backend.takes === 'trace' && step.trace === undefined;
  if (!recordsHere) return backend.target(step);
  return kernel === undefined ? runningKernel() : kernelOf(kernel);
}

interface Execution {
  readonly backend: Backend;
  readonly policies: readonly TestedPolicy[];
  readonly kernel: KernelFacts;
  readonly command: readonly string[];
  readonly step: StepRequest;
  readonly given: Given | undefined;
  readonly events: EventWriter;
  readonly host: HostChoice;
  readonly signal: AbortSignal;
}

async function executed(execution: Execution): Promise<Outcome> {
  const { backend, policies, kernel, command, step, events, host, signal } = execution;
  const given: Given = execution.given ?? { files: [], env: {}, run: [] };
  const runStep = async (request: StepRequest, on: Given): Promise<Outcome> => {
    const session = await backend.open({ scenario: 'run', policies, kernel, given: on, signal });
    try {
      return await session.runStep(request, {
        event: (event) => void events.write(event),
        ready: () => events.drained(signal),
      });
    } finally {
      await session.close();
    }
  };
  if (backend.takes === 'command') {
    return runStep(
      step,
      backend.id.kind === 'kernel' && execution.given === undefined
        ? { ...given, cwd: process.cwd() }
        : given,
    );
  }
  if (step.trace !== undefined) return runStep(step, given);
  const place = host.here
    ? 'on this machine itself (--here)'
    : 'in a throw-away view of this machine, without its network and services';
  standardOutput.err(
    `note: the command runs once ${place}, without any policy, and is recorded; the policies act on the recording\n`,
  );
  const { withRecordedCommand } = await import('../../runner/record/command.ts');
  return withRecordedCommand(
    { argv: command, timeoutMs: step.timeoutMs, signal, given: execution.given },
    host,
    (file) => runStep({ ...step, trace: recorded(file) }, given),
  );
}

/** What the file says is given; what is wrong with it is printed. */
function readGiven(file: string, { allowOutside = false }: RunCommandOptions): Given | 'unreadable' {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new UsageError(`--given ${file}: ${readProblem(error)}`);
  }
  const { given, diagnostics } = parseGiven(text, file);
  const read = given && withSources(given, allowOutside);
  const found = [...diagnostics, ...(read !== undefined && 'diagnostics' in read ? read.diagnostics : [])];
  standardOutput.err(printDiagnostics(found, new Map([[file, text]]), standardOutput.color));
  return read !== undefined && 'scenario' in read ? read.scenario.given : 'unreadable';
}

function recorded(file: string): TraceSource {
  const opened = openTrace(file);
  if ('trace' in opened) return opened.trace;
  throw new BackendError(opened.error.code, opened.error.message, 'usage');
}

/** Output of the command, fates, notes and problems go to standard error. */
function reportRest(outcome: Outcome, diverged: number, printed: boolean): number {
  const { err } = standardOutput;
  if (!printed) {
    for (const stream of [outcome.stdout, outcome.stderr]) {
      if (stream.known) process.stderr.write(Buffer.from(stream.value, 'latin1'));
    }
  }
  for (const process of outcome.processes) {
    const chain = process.restsOn === undefined ? '' : `; rests on: ${process.restsOn}`;
    const assumed = process.diverged ? ` (as recorded; an action changed the course before${chain})` : '';
    const command = `${process.binary} ${process.arguments}`.trimEnd();
    err(`fate: ${process.pid} ${shownLine(`${command} ${fateWords(process.fate)}${assumed}`)}\n`);
  }
  if (diverged > 0) err(`note: ${diverged} events rest on the recorded course after an action\n`);
  for (const note of outcome.notes) err(`note: ${shownLine(note)}\n`);
  // A value that events show as not known decides nothing, and here nobody expects another.
  for (const problem of outcome.problems) err(`${isShown(problem) ? 'note: ' : ''}${problemLine(problem)}\n`);
  return exitCodeOfProblems(outcome.problems.filter((problem) => !isShown(problem)));
}

const isShown = (problem: Problem): boolean => problem.kind === 'not-known' && problem.shown === true;
