/** The outcome, when the last line was taken. */
import { argumentsText } from '../../core/events/process-json.ts';
import { fromBytes } from '../../core/values/value.ts';
import { known, notAsked } from '../../core/backend/outcome.ts';
import type { Fate, FileOutcome, Known, Outcome, ProcessOutcome } from '../../core/backend/outcome.ts';
import type { ProcessRecord } from '../machine/task.ts';
import { lookAhead } from './window.ts';
import type { World } from './world.ts';

/** Time that recorders give processes that outlive the root. */
const recordedGraceMs = 1000;

/** Lines that were not understood. */
export interface UnreadLines {
  count: number;
  readonly first: { readonly line: number; readonly text: string; readonly cut: boolean }[];
}

/** `exceeded`: the trace is longer than the look-ahead. */
export function outcomeOf(world: World, lines: UnreadLines, exceeded: boolean, elapsedMs: number): Outcome {
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
  reportGaps(world, processes, lines);
  const cut = lines.first.some((line) => line.cut);
  const fateOf = (process: { readonly fate: Fate | undefined }): Fate =>
    process.fate ??
    (cut || lines.count > 0
      ? { kind: 'unknown', why: 'the trace ends before the process does' }
      : { kind: 'running' });
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
        fate: fateOf(process),
        diverged,
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
    notes: notesOf(world, exceeded),
    elapsedMs: elapsedMs,
  };
}

/** What the trace lacks though each of its lines is understood. */
function reportGaps(world: World, processes: readonly ProcessRecord[], lines: UnreadLines): void {
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
  // Lines written by hand may stop anywhere; a recording goes on until the root has ended.
  const recorded = (options.start ?? options.trace.start) !== undefined;
  if (recorded && lines.count === 0 && world.root && !world.root.fate)
    world.record.problem({ kind: 'trace', fault: 'ends-early' });
}

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
  const { assumed } = world.machine.inodes;
  if (assumed.size > 0) {
    const some = [...assumed].slice(0, 3).join(', ');
    notes.push(
      `permissions of ${assumed.size} files are assumed, the trace does not show them: ${some}${assumed.size > 3 ? ', …' : ''}`,
    );
  }
  return notes;
}
