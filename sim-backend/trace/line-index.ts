/** What a reader found in a piece of a trace: the lines of interest, each as a few numbers beside the bytes. */
import type { ByteString } from '../../core/values/value.ts';
import { signalNumber } from '../../core/names/signals.ts';
import { byteString } from './bytes.ts';
import { CallText } from './call-text.ts';
import { readTime } from './head.ts';
import { type Cut, findResult, hasText, isBlank } from './scan.ts';

/** Kinds of lines. */
export const lineKind = {
  /** A whole call. */
  call: 0,
  /** The first half of a call. */
  unfinished: 1,
  /** The second half. */
  resumed: 2,
  signal: 3,
  /** A task ended, or was superseded by another of its process that executed a program. */
  end: 4,
  /** The process makes system calls of another ABI from now on. */
  personality: 5,
  /** None of these: a message of strace, or garbage. */
  unknown: 6,
  /** The trace ends inside this line. */
  cut: 7,
} as const;
export type LineKind = (typeof lineKind)[keyof typeof lineKind];

/** A name of a system call, read once. */
export interface CallName {
  readonly name: string;
  /** The replay is to see its calls. */
  readonly wanted: boolean;
  /** What its calls are to the scout, in the scout's own bits; 0: nothing. */
  readonly roles: number;
}

/** How a task ended. */
export type TaskEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly core: boolean }
  | { readonly kind: 'superseded'; readonly by: number };

const firstRoom = 1024;
/** Most bytes that are shown of a line that is not understood. */
const longestShown = 120;
const unfinishedMark = '<unfinished ...>';
const detachedMark = '<detached ...>';
/** Length of the mark behind the execve of a thread that gets the pid of its leader: `<pid changed to 4194304 ...>`. */
const longestChange = 32;
const cut: Cut = { close: 0, result: 0 };

/** Rows in the order of their lines. The bytes that they lie in must not change. */
export class LineIndex {
  count = 0;
  private room = firstRoom;
  private kinds = new Uint8Array(firstRoom);
  private pids = new Int32Array(firstRoom);
  private heads = new Int32Array(firstRoom);
  private starts = new Int32Array(firstRoom);
  private ends = new Int32Array(firstRoom);
  private lines = new Float64Array(firstRoom);
  private times = new Int32Array(firstRoom);
  private readonly names: (CallName | undefined)[] = [];
  private readonly pieces: Uint8Array[] = [];

  /**
   * @param head offset of the line
   * @param start offset of what follows the name of a call, else of the body
   * @param time offset of the time, -1 where there is none
   */
  add(
    kind: LineKind,
    bytes: Uint8Array,
    head: number,
    start: number,
    end: number,
    line: number,
    pid: number,
    time: number,
    name: CallName | undefined,
  ): void {
    const at = this.count;
    if (at === this.room) this.grow();
    this.count = at + 1;
    this.kinds[at] = kind;
    this.pids[at] = pid;
    this.heads[at] = head;
    this.starts[at] = start;
    this.ends[at] = end;
    this.lines[at] = line;
    this.times[at] = time;
    this.names[at] = name;
    this.pieces[at] = bytes;
  }

  /** Makes it as new. */
  clear(): void {
    this.count = 0;
    this.names.length = 0;
    this.pieces.length = 0;
  }

  kind(at: number): LineKind {
    return this.kinds[at] as LineKind;
  }

  /** -1 when the line has no process column. */
  pid(at: number): number {
    return this.pids[at] ?? -1;
  }

  /** Counts from 1. */
  line(at: number): number {
    return this.lines[at] ?? 0;
  }

  /** Seconds; NaN when the line has no time column. */
  time(at: number): number {
    const time = this.times[at] ?? -1;
    return time < 0 ? NaN : readTime(this.bytes(at), time);
  }

  name(at: number): string {
    return this.names[at]?.name ?? '';
  }

  /** Arguments and result of a call, or of its second half; undefined when it has none, so that it is no whole line. */
  call(at: number): CallText | undefined {
    const start = this.starts[at] ?? 0;
    return readCall(this.bytes(at), this.kind(at), start, this.ends[at] ?? 0);
  }

  /** Arguments of the first half of a call; a copy. */
  firstHalf(at: number): Uint8Array {
    return readFirstHalf(this.bytes(at), this.starts[at] ?? 0, this.ends[at] ?? 0);
  }

  /** The first half is of a call in which strace was detached. */
  isDetached(at: number): boolean {
    const end = this.ends[at] ?? 0;
    return hasText(this.bytes(at), detachedMark, end - detachedMark.length, end);
  }

  /** ABI of a process's calls, as strace words it: `64 bit`, `32 bit`, `x32`. */
  personality(at: number): { readonly pid: number; readonly mode: string } | undefined {
    return readPersonality(byteString(this.bytes(at), this.starts[at] ?? 0, this.ends[at] ?? 0));
  }

  end(at: number): TaskEnd | undefined {
    return readEnd(byteString(this.bytes(at), this.starts[at] ?? 0, this.ends[at] ?? 0));
  }

  /** The beginning of a line that is not understood. */
  shown(at: number): ByteString {
    const start = this.heads[at] ?? 0;
    return byteString(this.bytes(at), start, Math.min(this.ends[at] ?? 0, start + longestShown));
  }

  /** The line; its bytes must not change. */
  bytesOf(at: number): Uint8Array {
    return this.bytes(at).subarray(this.heads[at], this.ends[at]);
  }

  private bytes(at: number): Uint8Array {
    const piece = this.pieces[at];
    if (!piece) throw new RangeError(`no line ${at} in this index`);
    return piece;
  }

  private grow(): void {
    this.room *= 2;
    this.kinds = larger(new Uint8Array(this.room), this.kinds);
    this.pids = larger(new Int32Array(this.room), this.pids);
    this.heads = larger(new Int32Array(this.room), this.heads);
    this.starts = larger(new Int32Array(this.room), this.starts);
    this.ends = larger(new Int32Array(this.room), this.ends);
    this.lines = larger(new Float64Array(this.room), this.lines);
    this.times = larger(new Int32Array(this.room), this.times);
  }
}

function larger<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}

/** `start` is at the parenthesis after the name, or at ` resumed>`. */
export function readCall(
  bytes: Uint8Array,
  kind: LineKind,
  start: number,
  end: number,
): CallText | undefined {
  // A resumed half without arguments reads `resumed>) = 0`, `resumed> <unfinished ...>) = ?` or `resumed>) = ?`.
  const resumed = ' resumed>';
  if (kind === lineKind.resumed && !hasText(bytes, resumed, start, end)) return undefined;
  const from = kind === lineKind.resumed ? start + resumed.length : start;
  if (!findResult(bytes, from, end, cut)) return undefined;
  const first = kind === lineKind.resumed ? from : from + 1;
  // A call that never returned has the mark inside its parentheses.
  const mark = cut.close - unfinishedMark.length;
  const marked =
    mark - 1 >= first && bytes[mark - 1] === 32 && hasText(bytes, unfinishedMark, mark, cut.close);
  return new CallText(bytes, first, marked ? mark - 1 : cut.close, cut.result, end);
}

/** Is it the first half of a call, or one that strace was detached in? */
export const isFirstHalf = (bytes: Uint8Array, start: number, end: number): boolean =>
  bytes[end - 1] === 62 && markOf(bytes, start, end) > 0;

/** Length of the mark at the end of a first half; 0 if there is none. */
function markOf(bytes: Uint8Array, start: number, end: number): number {
  for (const mark of [unfinishedMark, detachedMark])
    if (end - mark.length >= start && hasText(bytes, mark, end - mark.length, end)) return mark.length;
  if (!hasText(bytes, ' ...>', end - 5, end)) return 0;
  const tail = byteString(bytes, Math.max(start, end - longestChange), end);
  return /<pid changed to \d+ \.\.\.>$/.exec(tail)?.[0].length ?? 0;
}

export function readFirstHalf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let last = end - markOf(bytes, start, end);
  while (last > start + 1 && isBlank(bytes[last - 1])) last -= 1;
  return new Uint8Array(bytes.subarray(start + 1, last));
}

export function readPersonality(
  body: ByteString,
): { readonly pid: number; readonly mode: string } | undefined {
  const [, pid, mode] = /^\[ Process PID=(\d+) runs in (.+) mode\. \]$/.exec(body) ?? [];
  return pid === undefined || mode === undefined ? undefined : { pid: Number(pid), mode };
}

export function readEnd(body: ByteString): TaskEnd | undefined {
  const exited = /^\+\+\+ exited with (\d+) \+\+\+$/.exec(body);
  if (exited) return { kind: 'exited', code: Number(exited[1]) };
  const killed = /^\+\+\+ killed by (SIG[A-Z0-9_+]+)( \(core dumped\))? \+\+\+$/.exec(body);
  if (killed && signalNumber(killed[1] ?? '') !== undefined)
    return { kind: 'killed', signal: killed[1] ?? '', core: killed[2] !== undefined };
  const superseded = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/.exec(body);
  return superseded ? { kind: 'superseded', by: Number(superseded[1]) } : undefined;
}
