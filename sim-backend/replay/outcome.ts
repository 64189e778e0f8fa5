/** The outcome, when the last line was taken. */
import { argumentsText } from '../../core/events/process-json.ts';
import { fromBytes } from '../../core/values/value.ts';
import type { Fate, FileOutcome, Known, Outcome, ProcessOutcome } from '../../core/backend/outcome.ts';
import type { Process } from '../machine/task.ts';
import type { World } from './world.ts';

/** Lines that were not understood. */
export interface UnreadLines {
  count: number;
  readonly first: { readonly line: number; readonly text: string; readonly cut: boolean }[];
}

export function outcomeOf(world: World, lines: UnreadLines, elapsedMs: number): Outcome {
  const { trace } = world.options;
  for (const { line, text, cut } of lines.first) {
    world.record.problem({
      kind: 'trace',
      message: cut
        ? `the trace ends in the middle of line ${line}`
        : `line ${line} is not understood: ${JSON.stringify(text.slice(0, 80))}`,
      file: trace.file,
      line,
    });
  }
  if (lines.count > lines.first.length) {
    world.record.problem({
      kind: 'trace',
      message: `${lines.count} lines in all are not understood`,
      file: trace.file,
    });
  }
  const processes = world.machine.processes.filter(
    ({ image }) => image !== undefined && image !== world.launcher,
  );
  reportGaps(world, processes, lines);
  const cut = lines.first.some((line) => line.cut);
  const fateOf = (process: Process): Fate =>
    process.fate ??
    (cut || lines.count > 0
      ? { kind: 'unknown', why: 'the trace ends before the process does' }
      : { kind: 'running' });
  const root = world.root ? fateOf(world.root) : ({ kind: 'unknown', why: 'no process' } as const);
  return {
    root,
    processes: processes.map((process): ProcessOutcome => {
      const parent = process.parent?.number;
      return {
        number: process.number,
        ...(parent !== undefined && { parent }),
        pid: process.pid,
        binary: fromBytes(process.image?.facts.binary ?? ''),
        arguments: argumentsText(process.image?.facts.args ?? []),
        fate: fateOf(process),
        diverged: process.diverged,
      };
    }),
    events: world.record.events,
    stdout: world.output.text(1),
    stderr: world.output.text(2),
    calls: world.record.calls,
    files: filesOf(world),
    problems: world.record.problems,
    notes: notesOf(world),
    elapsedMs: elapsedMs,
  };
}

/** What the trace lacks though each of its lines is understood. */
function reportGaps(world: World, processes: readonly Process[], lines: UnreadLines): void {
  const { options, start } = world;
  const { file } = options.trace;
  if (processes.length === 0) {
    const message = 'no program is started in the trace: it must begin with the execve of the step’s command';
    world.record.problem({ kind: 'trace', message, file });
    return;
  }
  const left = processes.filter(
    ({ fate, pid }) => (fate?.kind ?? 'running') === 'running' && start.left.has(pid),
  );
  if (left.length > 0 && options.daemons !== 'kill') {
    const names = left.map(({ image, pid }) => `${fromBytes(image?.facts.binary ?? '')} (pid ${pid})`);
    world.record.problem({
      kind: 'left-processes',
      message: `left processes: ${names.join(', ')} still ran 1 s after the root's end; \`daemons: kill\` allows it`,
    });
  }
  // Lines written by hand may stop anywhere; a recording goes on until the root has ended.
  const recorded = (options.start ?? options.trace.start) !== undefined;
  if (recorded && lines.count === 0 && world.root && !world.root.fate)
    world.record.problem({ kind: 'trace', message: 'the trace ends before its first process does', file });
}

function filesOf(world: World): Record<string, Known<FileOutcome>> {
  const files: Record<string, Known<FileOutcome>> = {};
  for (const path of world.options.watchFiles ?? []) files[path] = world.output.fileAfter(path);
  return files;
}

function notesOf(world: World): string[] {
  const notes = [...world.start.assumed, ...world.machine.notes];
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
