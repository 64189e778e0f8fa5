/** Finds and opens the recordings of a scenario's steps. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import { coursesPathOf, defaultTracePath, startPathOf } from '../core/scenario/trace-place.ts';
import { type StartSnapshot, readStartSnapshot } from '../core/trace/start-snapshot.ts';
import { type TraceSource, straceSource } from '../core/trace/trace-source.ts';
import type { DiagnosticCode } from '../core/source/codes.ts';
import { recordingDigest } from './digest.ts';
import { mergedTrace, pidOfFile } from './merged-trace.ts';
import { readProblem } from './policies.ts';
import { beyondReach } from './reach.ts';
import { mostSnapshotBytes, readText, specialFile } from './read-file.ts';
import { orMeant } from './near-path.ts';
import type { RunError } from './result.ts';
import { shellWord } from './shell-word.ts';
import { standardInput, traceBytes } from './trace-bytes.ts';

export type OpenedTrace = { readonly trace: TraceSource } | { readonly error: RunError };

/** What is told of a trace beside its file. */
export interface TraceStart {
  /** File of the start snapshot. */
  readonly start?: string | undefined;
  /** Path of the program that ran when strace was attached. */
  readonly exe?: string | undefined;
  /** What strace was told to trace, as behind its `-e trace=`. */
  readonly traced?: string | undefined;
}

/** Opens a trace, or the files of `strace -ff`: several, or what all of them begin with. */
export function openTraces(files: readonly string[], told: TraceStart = {}): OpenedTrace {
  const [first = '', ...others] = files;
  const all = others.length > 0 ? files : filesOf(first);
  if (all === undefined) return openTrace(first, told);
  for (const file of all) {
    if (pidOfFile(file) === undefined) {
      const message = `trace ${file}: of several files each must be one of strace -ff, whose name ends with the pid of its process`;
      return failure('TR-trace-file', message);
    }
    const unreadable = unreadableFile(file);
    if (unreadable) return unreadable;
  }
  const read = startOf(told.start ?? startBeside(first), told);
  if ('error' in read) return read;
  return { trace: mergedTrace(others.length > 0 ? `${first} …` : `${first}*`, all, traceBytes, read.start) };
}

/** Files whose names are this one and a pid, if there is no file of this name itself. */
function filesOf(prefix: string): readonly string[] | undefined {
  if (prefix === standardInput || existsSync(prefix)) return undefined;
  const folder = dirname(prefix);
  const name = prefix.endsWith('/') ? '' : basename(prefix);
  const found = existsSync(folder)
    ? readdirSync(folder).filter((entry) => entry.startsWith(name) && isPid(entry.slice(name.length)))
    : [];
  return found.length === 0 ? undefined : found.sort().map((entry) => join(folder, entry));
}

const isPid = (rest: string): boolean => /^\.?\d{1,7}(\.(gz|zst))?$/.test(rest);

/**
 * Opens a trace (`-`: standard input) and, if there is one, its start snapshot. `start` names it; default:
 * `X.start.json` beside `X.strace`, or `start.json` there. Nothing of the trace is read yet.
 */
export function openTrace(file: string, told: TraceStart = {}): OpenedTrace {
  const unreadable = file === standardInput ? undefined : unreadableFile(file);
  if (unreadable) return unreadable;
  const beside = file === standardInput ? undefined : startBeside(file);
  const read = startOf(told.start ?? beside, told);
  if ('error' in read) return read;
  return { trace: straceSource(file, (signal) => traceBytes(file, signal), read.start) };
}

function unreadableFile(file: string): { error: RunError } | undefined {
  try {
    const found = statSync(file);
    const special = found.isFIFO() ? undefined : specialFile(found);
    return special === undefined ? undefined : failure('TR-trace-file', `trace ${file}: this is ${special}`);
  } catch (error) {
    const meant = existsSync(file) ? '' : orMeant(file);
    return failure('TR-trace-file', `trace ${file}: ${readProblem(error)}${meant}`);
  }
}

/** The snapshot of the file, with what is told beside it. */
function startOf(
  file: string | undefined,
  { exe, traced }: TraceStart,
): { readonly start?: StartSnapshot } | { readonly error: RunError } {
  const read: ReturnType<typeof startOf> = file === undefined ? {} : readStart(file);
  if ('error' in read || (exe ?? traced) === undefined) return read;
  const start = { ...read.start, ...(traced !== undefined && { traced }) };
  if (exe === undefined) return { start };
  const [first, ...above] = start.ancestry ?? [];
  const process = { pid: start.pid ?? 1, ...first, exe, cmdline: [exe] };
  return { start: { ...start, ancestry: [process, ...above] } };
}

const startBeside = (trace: string): string | undefined =>
  [startPathOf(trace), join(dirname(trace), 'start.json')].find((path) => existsSync(path));

function readStart(file: string): { readonly start: StartSnapshot } | { readonly error: RunError } {
  let value: unknown;
  try {
    value = JSON.parse(readText(file, mostSnapshotBytes));
  } catch (error) {
    return failure('TR-start-file', `start snapshot ${file}: ${readProblem(error)}`);
  }
  const read = readStartSnapshot(value);
  if ('start' in read) return read;
  const [first = '', ...others] = read.faults;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return failure('TR-start-file', `start snapshot ${file}: ${first}${more}`);
}

/**
 * The recordings of a scenario's step, after their digests were compared with the scenario's. `allowOutside`: they may lie
 * outside of the scenario's project.
 */
export function openStepTrace(
  scenario: Scenario,
  step: Step,
  allowOutside = false,
): { readonly trace: TraceSource; readonly courses: readonly TraceSource[] } | { readonly error: RunError } {
  const file =
    step.trace === undefined
      ? defaultTracePath(scenario.file, step.name)
      : join(dirname(scenario.file), step.trace);
  const refused = (path: string | undefined): ReturnType<typeof failure> | undefined =>
    path === undefined ? undefined : refusedOf(scenario, path, allowOutside);
  const beyond = refused(file);
  if (beyond) return beyond;
  const recordCommand = `npx tracerig record ${shellWord(scenario.file)}`;
  if (!existsSync(file)) {
    return step.run === undefined
      ? failure('TR-trace-missing', `step "${step.name}": its trace ${file} does not exist`)
      : failure('TR-trace-missing', `step "${step.name}" has no recording (${file})`, recordCommand);
  }
  const traces: TraceSource[] = [];
  for (const each of [file, ...coursesOf(file)]) {
    const opened = refused(each) ?? refused(startBeside(each)) ?? openTrace(each);
    if ('error' in opened) return opened;
    const digest = opened.trace.start?.digest;
    if (step.run !== undefined && digest !== undefined && digest !== recordingDigest(scenario, step.number)) {
      return failure(
        'TR-trace-outdated',
        `step "${step.name}": ${each} was recorded from another given or run than the scenario now has`,
        recordCommand,
      );
    }
    traces.push(opened.trace);
  }
  const [trace, ...courses] = traces;
  return trace === undefined ? failure('TR-trace-missing', `${file} is gone`) : { trace, courses };
}

/** Named in a scenario, it lies in the project and is a file that has an end. */
function refusedOf(
  scenario: Scenario,
  path: string,
  allowOutside: boolean,
): ReturnType<typeof failure> | undefined {
  const beyond = allowOutside ? undefined : beyondReach(dirname(scenario.file), path);
  if (beyond !== undefined)
    return failure('TR-outside', `trace ${path}: ${beyond}; --allow-outside lifts that`);
  const found = statSync(path, { throwIfNoEntry: false });
  const special = found === undefined ? undefined : specialFile(found);
  return special === undefined ? undefined : failure('TR-trace-file', `trace ${path}: this is ${special}`);
}

/** Recordings of the step under policies. */
function coursesOf(file: string): string[] {
  const folder = coursesPathOf(file);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.strace(\.gz|\.zst)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function failure(code: DiagnosticCode, message: string, enable?: string): { error: RunError } {
  return { error: { code, message, kind: 'usage', ...(enable === undefined ? {} : { enable }) } };
}
