/** The outcome, when the last line was taken. */
import type { ProcessFacts } from '../../core/events/facts.ts';
import { argumentsText } from '../../core/events/process-json.ts';
import { fromBytes } from '../../core/values/value.ts';
import { known, notAsked } from '../../core/backend/outcome.ts';
import type { Fate, FileOutcome, Known, Outcome, ProcessOutcome } from '../../core/backend/outcome.ts';
import type { ProcessRecord, Task } from '../machine/task.ts';
import { course } from './gathered.ts';
import { lookAhead } from './window.ts';
import type { World } from './world.ts';

/** Time that recorders give processes that outlive the root. */
const recordedGraceMs = 1000;

/** Processes that are named of many. */
const mostNamed = 5;

/** Lines that were not understood. */
export interface UnreadLines {
  count: number;
  readonly first: { readonly line: number; readonly text: string; readonly cut: boolean }[];
}

/** What was read. */
export interface ReadTrace {
  readonly garbage: UnreadLines;
  /** Of the whole trace. */
  readonly lines: number;
  /** It is longer than the look-ahead. */
  readonly exceeded: boolean;
}

export function outcomeOf(world: World, read: ReadTrace, elapsedMs: number): Outcome {
  const lines = read.garbage;
  for (const { line, text, cut } of lines.first) {
    world.record.problem(
      cut
        ? { kind: 'trace', fault: 'cut' }
        : { kind: 'trace', fault: 'not-understood', text: text.slice(0, 80) },
      line,
    );
  }
  const rest = lines.count - lines.first.length;
  if (rest > 0) world.record.problem({ kind: 'trace', fault: 'not-understood', text: '' }, undefined, rest);
  const processes = world.machine.records().filter(({ ran }) => ran !== undefined);
  reportGaps(world, processes, read);
  const fateOf = (process: { readonly fate: Fate | undefined }): Fate =>
    process.fate ?? { kind: 'unknown', why: 'the trace ends before the process does' };
  const root = world.root ? fateOf(world.root) : ({ kind: 'unknown', why: 'no process' } as const);
  return {
    root,
    processes: processes.map((process): ProcessOutcome => {
      const { number, parent, pid, ran, diverged } = process;
      return {
        number,
        ...(parent !== undefined && { parent }),
        pid,
        binary: fromBytes(ran?.binary ?? ''),
        arguments: argumentsText(ran?.args ?? []),
        ...unknownWords(ran?.unknown),
        fate: fateOf(process),
        ...course(diverged),
      };
    }),
    eventCount: world.record.eventCount,
    stdout: world.output.text(1),
    stderr: world.output.text(2),
    calls: world.record.calls,
    files: filesOf(world),
    counters: known(world.judge.counters()),
    coverage: world.options.watchCoverage === true ? known(world.judge.marks()) : notAsked,
    achieved: world.achieved === undefined ? notAsked : known(world.achieved.all()),
    problems: world.record.problems,
    notes: notesOf(world, read.exceeded),
    elapsedMs: elapsedMs,
  };
}

/** Why it is not known what was executed, or with which arguments. */
function unknownWords({ binary, args }: ProcessFacts['unknown'] = {}): Pick<ProcessOutcome, 'unknown'> {
  if (binary === undefined && args === undefined) return {};
  return {
    unknown: { ...(binary !== undefined && { binary }), ...(args !== undefined && { arguments: args }) },
  };
}

/** What the trace lacks though each of its lines is understood. */
function reportGaps(world: World, processes: readonly ProcessRecord[], read: ReadTrace): void {
  const { options, start } = world;
  if (processes.length === 0) {
    world.record.problem({ kind: 'trace', fault: 'no-program' });
    return;
  }
  const left = processes.filter(
    ({ fate, pid }) => (fate?.kind ?? 'running') === 'running' && start.left.has(pid),
  );
  if (left.length > 0 && options.daemons !== 'kill') {
    const named = left.map(({ ran, pid }) => ({ pid, binary: fromBytes(ran?.binary ?? '') }));
    world.record.problemOf({ kind: 'left-processes', processes: named, graceMs: recordedGraceMs });
  }
  if (!read.garbage.first.some(({ cut }) => cut)) reportOpenEnds(world, read.lines);
}

/** Processes that were seen and had not ended, though strace goes on until all have, unless it is detached. */
function reportOpenEnds(world: World, line: number): void {
  const open = [...world.machine.processes].filter(
    ({ fate, pid, threads }) => !fate && !world.start.left.has(pid) && [...threads].some(stillTraced),
  );
  if (open.length === 0) return;
  const named = open.slice(0, mostNamed).map(({ pid, image }) => ({
    pid,
    binary: image?.process === undefined ? '' : fromBytes(image.facts.binary),
  }));
  world.record.problem({ kind: 'trace', fault: 'ends-early', line, processes: named }, line);
}

const stillTraced = ({ seen, pending }: Task): boolean => seen && pending?.detached !== true;

function filesOf(world: World): Record<string, Known<FileOutcome>> {
  const files: Record<string, Known<FileOutcome>> = {};
  for (const path of world.options.watchFiles ?? []) files[path] = world.output.fileAfter(path);
  return files;
}

function notesOf(world: World, exceeded: boolean): string[] {
  const notes = [...world.start.assumed, ...world.machine.notes];
  if (exceeded)
    notes.push(
      `the trace is longer than the look-ahead (${lookAhead.lines} lines or ${lookAhead.bytes >> 20} MiB): what it shows of a file, link, script or connection only after more than that was not known at the call`,
    );
  const links = [...world.machine.links.assumed].sort();
  if (links.length > 0) {
    const words = links.map((link) => `${link} -> /usr${link}`).join(', ');
    notes.push(`links of a merged /usr are assumed, the trace does not show them: ${words}`);
  }
  return notes;
}
