/** Finds and opens the recordings of a scenario's steps. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import { defaultTracePath, startPathOf } from '../core/scenario/trace-place.ts';
import { type StartSnapshot, readStartSnapshot } from '../core/trace/start-snapshot.ts';
import { type TraceSource, straceSource } from '../core/trace/trace-source.ts';
import type { DiagnosticCode } from '../core/source/codes.ts';
import { recordingDigest } from './digest.ts';
import { readProblem } from './policies.ts';
import type { RunError } from './result.ts';
import { standardInput, traceBytes } from './trace-bytes.ts';

export type OpenedTrace = { readonly trace: TraceSource } | { readonly error: RunError };

/**
 * Opens a trace (`-`: standard input) and, if there is one, its start snapshot. `start` names it; default:
 * `X.start.json` beside `X.strace`, or `start.json` there. Nothing of the trace is read yet.
 */
export function openTrace(file: string, start?: string): OpenedTrace {
  if (file !== standardInput) {
    try {
      if (statSync(file).isDirectory()) return failure('TR-trace-file', `trace ${file}: this is a folder`);
    } catch (error) {
      return failure('TR-trace-file', `trace ${file}: ${readProblem(error)}`);
    }
  }
  const startFile = start ?? (file === standardInput ? undefined : startBeside(file));
  const bytes = (signal?: AbortSignal): AsyncIterable<Uint8Array> => traceBytes(file, signal);
  if (startFile === undefined) return { trace: straceSource(file, bytes) };
  const read = readStart(startFile);
  return 'error' in read ? read : { trace: straceSource(file, bytes, read.start) };
}

const startBeside = (trace: string): string | undefined =>
  [startPathOf(trace), join(dirname(trace), 'start.json')].find((path) => existsSync(path));

function readStart(file: string): { readonly start: StartSnapshot } | { readonly error: RunError } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return failure('TR-start-file', `start snapshot ${file}: ${readProblem(error)}`);
  }
  const read = readStartSnapshot(value);
  if ('start' in read) return read;
  const [first = '', ...others] = read.faults;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return failure('TR-start-file', `start snapshot ${file}: ${first}${more}`);
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
  const digest = opened.trace.start?.digest;
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
