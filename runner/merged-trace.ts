/**
 * The files of `strace -ff`, one for each process, as one trace: by the times of their lines, or where these do not tell,
 * each child's lines behind the call that made it.
 */
import { TraceError } from '../core/trace/trace-error.ts';
import { straceSource, type StraceSource } from '../core/trace/trace-source.ts';
import type { StartSnapshot } from '../core/trace/start-snapshot.ts';
import { readColumns, type TimeForm } from '../sim-backend/trace/columns.ts';
import { LogClock } from '../sim-backend/trace/log-clock.ts';
import { madeChild } from '../sim-backend/trace/made-child.ts';

/** One file of a process. */
interface ProcessLog {
  readonly file: string;
  readonly pid: number;
  readonly lines: readonly Line[];
}

interface Line {
  readonly text: string;
  readonly pid: number;
  readonly file: string;
  /** From 1. */
  readonly number: number;
  /** Seconds; undefined: it has none that those of another file can be compared with. */
  readonly time: number | undefined;
  readonly child: number | undefined;
}

/** Coarser times do not tell which of two processes was first. */
const finestStep = 0.001;

/** Pid in the name of a file of -ff; undefined: it is none. */
export function pidOfFile(file: string): number | undefined {
  const found = /\.(\d{1,7})(?:\.(?:gz|zst))?$/.exec(file)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** A trace source of all of them; `name` is for messages, `open` gives a file's bytes. */
export function mergedTrace(
  name: string,
  files: readonly string[],
  open: (file: string, signal?: AbortSignal) => AsyncIterable<Uint8Array>,
  start?: StartSnapshot,
): StraceSource {
  let merged: readonly Line[] = [];
  async function* bytes(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const logs: ProcessLog[] = [];
    for (const file of files) logs.push(await readLog(file, open, signal));
    merged = ordered(logs);
    yield Buffer.from(merged.map(({ pid, text }) => `${pid} ${text}\n`).join(''), 'latin1');
  }
  return {
    ...straceSource(name, bytes, start),
    placeOf: (line) => {
      const { file, number } = merged[line - 1] ?? {};
      return file === undefined || number === undefined ? undefined : { file, line: number };
    },
  };
}

async function readLog(
  file: string,
  open: (file: string, signal?: AbortSignal) => AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<ProcessLog> {
  const pid = pidOfFile(file);
  if (pid === undefined) {
    const message =
      'of several files each must be one of strace -ff, whose name ends with the pid of its process';
    throw new TraceError('TR-trace-file', message, file);
  }
  const pieces: Uint8Array[] = [];
  const source = straceSource(file, (abort) => open(file, abort));
  for await (const chunk of source.open(signal)) pieces.push(Uint8Array.from(chunk));
  const texts = Buffer.concat(pieces).toString('latin1').split('\n');
  if (texts.at(-1) === '') texts.pop();
  const clock = new LogClock();
  const usable = new Set<TimeForm>(['unix', 'day']);
  const lines = texts.map((text, index): Line => {
    const { time, body } = readColumns(text);
    const seconds = clock.read(time);
    return {
      ...{ text, pid, file, number: index + 1 },
      time: time && usable.has(time.form) && time.step <= finestStep ? seconds : undefined,
      child: madeChild(body),
    };
  });
  return { file, pid, lines };
}

function ordered(logs: readonly ProcessLog[]): readonly Line[] {
  const timed = logs.every(({ lines }) => lines.every(({ time }) => time !== undefined));
  if (!timed) return byFork(logs);
  const lines = logs.flatMap((log) => log.lines);
  // A stable sort keeps the lines of a file in their order, and a maker's before its child's where their times are equal.
  return [...byMakers(logs, lines)].sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
}

/** Makers first: pids do not tell, since they come again. */
function byMakers(logs: readonly ProcessLog[], lines: readonly Line[]): readonly Line[] {
  const rank = new Map(inForkOrder(logs).map((log, index) => [log.pid, index]));
  return [...lines].sort((a, b) => (rank.get(a.pid) ?? 0) - (rank.get(b.pid) ?? 0));
}

function inForkOrder(logs: readonly ProcessLog[]): readonly ProcessLog[] {
  const order: ProcessLog[] = [];
  walk(logs, (log) => void order.push(log));
  return order;
}

function byFork(logs: readonly ProcessLog[]): readonly Line[] {
  const lines: Line[] = [];
  walk(
    logs,
    () => undefined,
    (line) => void lines.push(line),
  );
  return lines;
}

/** Each process where its maker's call returns; those that none of them made come after the others. */
function walk(
  logs: readonly ProcessLog[],
  begins: (log: ProcessLog) => void,
  takes: (line: Line) => void = () => undefined,
): void {
  const waiting = new Map(logs.map((log) => [log.pid, log]));
  const made = new Set(logs.flatMap(({ lines }) => lines.map(({ child }) => child)));
  const visit = (log: ProcessLog): void => {
    waiting.delete(log.pid);
    begins(log);
    for (const line of log.lines) {
      takes(line);
      const child = line.child === undefined ? undefined : waiting.get(line.child);
      if (child) visit(child);
    }
  };
  for (const log of logs) if (!made.has(log.pid)) visit(log);
  for (const log of [...waiting.values()]) if (waiting.has(log.pid)) visit(log);
}
