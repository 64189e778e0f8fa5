/** Finds and opens the recordings of a scenario's steps. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TraceSource } from '../core/backend/request.ts';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import { defaultTracePath, startPathOf } from '../core/scenario/trace-place.ts';
import type { DiagnosticCode } from '../core/source/codes.ts';
import { recordingDigest } from './digest.ts';
import { readProblem } from './policies.ts';
import type { RunError } from './result.ts';

const chunkBytes = 1 << 20;

/** Streams a file; a small one is read at once. */
export function* fileChunks(path: string): Iterable<Uint8Array> {
  if (statSync(path).size <= chunkBytes) {
    yield readFileSync(path);
    return;
  }
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const chunk = new Uint8Array(chunkBytes);
      const read = readSync(descriptor, chunk, 0, chunkBytes, null);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}

export type OpenedTrace = { readonly trace: TraceSource } | { readonly error: RunError };

/** Opens a trace and, if there is one, its start state. `start` names it; default: `X.start.json` beside `X.strace`, or `start.json` there. */
export function openTrace(file: string, start?: string): OpenedTrace {
  try {
    if (statSync(file).isDirectory()) return failure('TR-trace-file', `trace ${file}: this is a folder`);
  } catch (error) {
    return failure('TR-trace-file', `trace ${file}: ${readProblem(error)}`);
  }
  const startFile =
    start ?? [startPathOf(file), join(dirname(file), 'start.json')].find((path) => existsSync(path));
  const trace = { file, chunks: () => fileChunks(file) };
  if (startFile === undefined) return { trace };
  try {
    return { trace: { ...trace, start: JSON.parse(readFileSync(startFile, 'utf8')) as unknown } };
  } catch (error) {
    return failure('TR-start-file', `start state ${startFile}: ${readProblem(error)}`);
  }
}

/** The recording of a scenario's step, after its digest was compared with the scenario's. */
export function openStepTrace(scenario: Scenario, step: Step): OpenedTrace {
  const file =
    step.trace === undefined
      ? defaultTracePath(scenario.file, step.name)
      : join(dirname(scenario.file), step.trace);
  const recordCommand = `tracerig record --scenario ${scenario.file}`;
  if (!existsSync(file)) {
    return step.run === undefined
      ? failure('TR-trace-missing', `step "${step.name}": its trace ${file} does not exist`)
      : failure('TR-trace-missing', `step "${step.name}" has no recording (${file})`, recordCommand);
  }
  const opened = openTrace(file);
  if ('error' in opened) return opened;
  const digest = (opened.trace.start as { digest?: unknown } | undefined)?.digest;
  if (step.run !== undefined && digest !== undefined && digest !== recordingDigest(scenario, step.number)) {
    return failure(
      'TR-trace-outdated',
      `step "${step.name}": ${file} was recorded from another given or run than the scenario now has`,
      recordCommand,
    );
  }
  return opened;
}

function failure(code: DiagnosticCode, message: string, enable?: string): { error: RunError } {
  return { error: { code, message, kind: 'usage', ...(enable === undefined ? {} : { enable }) } };
}
