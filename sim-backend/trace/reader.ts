/** Reads a trace line by line: calls (their two halves joined by the caller's machine), signals, ends. */
import { newHead, readHead } from './head.ts';
import { byteString } from './bytes.ts';
import { LineCutter, type LineState } from './lines.ts';
import { isResult } from './result.ts';

export type TraceItem = { readonly line: number; readonly pid: number; readonly time: number } & (
  | { readonly kind: 'call'; readonly name: string; readonly args: string; readonly result: string }
  | { readonly kind: 'unfinished'; readonly name: string; readonly args: string }
  | { readonly kind: 'resumed'; readonly name: string; readonly args: string; readonly result: string }
  | { readonly kind: 'signal'; readonly signal: string; readonly info: string }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly core: boolean }
  | { readonly kind: 'superseded'; readonly by: number }
  /** A line that is none of these; `cut`: the file ends inside it. */
  | { readonly kind: 'unknown'; readonly text: string; readonly cut: boolean }
);

/** Decides by its name, at the first look, whether a call is to be read. */
export type Interest = (name: string) => boolean;

/** Who looks at calls before their time has come: at fewer of them, and at the bytes of a line first. */
export interface Scout {
  readonly wants: Interest;
  /** Decides on one line of a call that it wants, by what follows the name. */
  readonly looksAt: (name: string, pid: number, bytes: Uint8Array, start: number, end: number) => boolean;
  readonly note: (item: TraceItem) => void;
}

/** Reads the chunks pushed to it, and hands items on in the order of their lines. Calls that nobody wants are left out. */
export class TraceReader {
  private readonly head = newHead();
  private readonly names: NameTable;
  private readonly lines = new LineCutter((bytes, start, end, number, state) => {
    this.line(bytes, start, end, number, state);
  });

  constructor(
    wants: Interest,
    private readonly take: (item: TraceItem) => void,
    private readonly scout?: Scout,
  ) {
    this.names = new NameTable(wants, scout?.wants ?? (() => false));
  }

  /** Lines read so far. */
  get lineCount(): number {
    return this.lines.count;
  }

  push(bytes: Uint8Array): void {
    this.lines.push(bytes);
  }

  end(): void {
    this.lines.end();
  }

  private line(bytes: Uint8Array, start: number, lineEnd: number, line: number, state: LineState): void {
    const { head } = this;
    const end = bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
    if (end === start) return;
    readHead(bytes, start, end, head);
    const { pid, time } = head;
    const place = { line, pid, time };
    if (state.unreadable) {
      this.unknown(bytes, start, end, place, state);
      return;
    }
    if (head.kind === 'call' || head.kind === 'resumed') {
      const call = this.names.of(bytes, head.nameStart, head.nameEnd);
      const { name } = call;
      const noted = call.scouted && this.scout?.looksAt(name, pid, bytes, head.nameEnd, end) === true;
      if (!call.wanted && !noted && state.complete) return;
      const text = byteString(bytes, head.nameEnd, end);
      const item = head.kind === 'call' ? readCall(text, name, place) : readResumed(text, name, place);
      // What stands before the cut may look whole: `= 3` of `= 37`.
      if (!state.complete || (!item && call.wanted)) this.unknown(bytes, start, end, place, state);
      else if (item) {
        if (noted) this.scout?.note(item);
        if (call.wanted) this.take(item);
      }
      return;
    }
    const body = byteString(bytes, head.body, end);
    const item =
      head.kind === 'signal'
        ? readSignal(body, place)
        : head.kind === 'exit'
          ? readEnd(body, place)
          : undefined;
    if (item) {
      if (item.kind !== 'signal') this.scout?.note(item);
      this.take(item);
    } else if (!isRemark(body)) this.unknown(bytes, start, end, place, state);
  }

  private unknown(bytes: Uint8Array, start: number, end: number, place: Place, state: LineState): void {
    const text = byteString(bytes, start, Math.min(end, start + 120));
    this.take({ kind: 'unknown', ...place, text, cut: !state.complete });
  }
}

/** Lines that strace itself adds and that say nothing of the traced program. */
function isRemark(body: string): boolean {
  return (
    body.startsWith('strace: ') ||
    /^\[ Process PID=\d+ runs in .* mode\. \]$/.test(body) ||
    body.trim() === '' ||
    /^--- stopped by SIG[A-Z]+ ---$/.test(body)
  );
}

/** Where and when a line stands. */
interface Place {
  readonly line: number;
  readonly pid: number;
  readonly time: number;
}

const unfinished = ({ line, pid, time }: Place, name: string, args: string): TraceItem => ({
  kind: 'unfinished',
  line,
  pid,
  time,
  name,
  args,
});

function readCall(text: string, name: string, place: Place): TraceItem | undefined {
  if (text.endsWith('<unfinished ...>')) return unfinished(place, name, text.slice(1, -16).trimEnd());
  if (text.endsWith('<detached ...>')) return unfinished(place, name, text.slice(1, -14).trimEnd());
  const cut = resultAt(text);
  if (!cut) return undefined;
  const { line, pid, time } = place;
  return {
    kind: 'call',
    line,
    pid,
    time,
    name,
    args: withoutMark(text.slice(1, cut.close)),
    result: text.slice(cut.result),
  };
}

function readResumed(text: string, name: string, place: Place): TraceItem | undefined {
  // A resumed half without arguments reads `resumed>) = 0`, `resumed> <unfinished ...>) = ?` or `resumed>) = ?`.
  if (!text.startsWith(' resumed>')) return undefined;
  const rest = text.slice(9);
  const cut = resultAt(rest);
  if (!cut) return undefined;
  const { line, pid, time } = place;
  return {
    kind: 'resumed',
    line,
    pid,
    time,
    name,
    args: withoutMark(rest.slice(0, cut.close)),
    result: rest.slice(cut.result),
  };
}

/** A call that never returned has the mark inside its parentheses. */
function withoutMark(args: string): string {
  return args.endsWith(' <unfinished ...>') ? args.slice(0, -17) : args;
}

/** Finds the last `) = result`; blanks pad the equals sign to a column. */
function resultAt(text: string): { close: number; result: number } | undefined {
  let equals = text.lastIndexOf(' = ');
  while (equals >= 0) {
    let close = equals;
    while (close > 0 && text[close] === ' ') close -= 1;
    if (text[close] === ')' && isResult(text.slice(equals + 3, equals + 40)))
      return { close, result: equals + 3 };
    equals = equals === 0 ? -1 : text.lastIndexOf(' = ', equals - 1);
  }
  return undefined;
}

function readSignal(body: string, place: Place): TraceItem | undefined {
  const match = /^--- (SIG[A-Z0-9_+]+) (\{.*\}|\S.*) ---$/.exec(body);
  return match ? { ...place, kind: 'signal', signal: match[1] ?? '', info: match[2] ?? '' } : undefined;
}

function readEnd(body: string, place: Place): TraceItem | undefined {
  const exited = /^\+\+\+ exited with (\d+) \+\+\+$/.exec(body);
  if (exited) return { ...place, kind: 'exited', code: Number(exited[1]) };
  const killed = /^\+\+\+ killed by (SIG[A-Z0-9_+]+)( \(core dumped\))? \+\+\+$/.exec(body);
  if (killed) return { ...place, kind: 'killed', signal: killed[1] ?? '', core: killed[2] !== undefined };
  const superseded = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/.exec(body);
  return superseded ? { ...place, kind: 'superseded', by: Number(superseded[1]) } : undefined;
}

/** What is known of the name of a call. */
interface NamedCall {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly wanted: boolean;
  readonly scouted: boolean;
}

/** No call has a longer name; what is called so in a damaged trace is none. */
const longestName = 64;

/** Most names that are remembered: more than all kernels together have. */
const mostNames = 4096;

/** Names of calls by a hash of their bytes, so that a line of no interest costs no string. */
class NameTable {
  private readonly known = new Map<number, NamedCall[]>();

  constructor(
    private readonly wants: Interest,
    private readonly scouts: Interest,
  ) {}

  of(bytes: Uint8Array, start: number, end: number): NamedCall {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const bucket = this.known.get(hash);
    if (bucket) {
      for (const call of bucket) if (equal(call.bytes, bytes, start, end)) return call;
    }
    const name = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + longestName)));
    const call = {
      bytes: bytes.slice(start, end),
      name,
      wanted: this.wants(name),
      scouted: this.scouts(name),
    };
    if (bucket && bucket.length < 8) bucket.push(call);
    else if (!bucket && this.known.size < mostNames) this.known.set(hash, [call]);
    return call;
  }
}

function equal(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) if (name[at] !== bytes[start + at]) return false;
  return true;
}
