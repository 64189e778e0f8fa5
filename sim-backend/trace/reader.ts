/** Reads a trace line by line: calls (their two halves joined by the caller's machine), signals, ends. */
import { newHead, readHead } from './head.ts';
import { lines } from './lines.ts';
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

/** Decides by its name, at the first look, whether a call matters to the reader's user. */
export type Interest = (name: string) => boolean;

/** Decides on one line of a call of interest, by its bytes (arguments and result). */
export type LineInterest = (name: string, bytes: Uint8Array, start: number, end: number) => boolean;

/** Items of a trace in the order of its lines. Calls without interest are left out. */
export function* readTrace(
  chunks: Iterable<Uint8Array>,
  interest: Interest,
  lineInterest?: LineInterest,
): Generator<TraceItem> {
  const head = newHead();
  const wanted = new NameSet(interest);
  for (const { chunk, start, end: lineEnd, number: line, complete, binary } of lines(chunks)) {
    const { bytes } = chunk;
    const end = bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
    if (end === start) continue;
    readHead(bytes, start, end, head);
    const place = { line, pid: head.pid, time: head.time };
    const unknown = (): TraceItem => ({
      ...place,
      kind: 'unknown',
      text: chunk.slice(start, Math.min(end, start + 120)),
      cut: !complete,
    });
    if (binary) {
      yield unknown();
      continue;
    }
    if (head.kind === 'call' || head.kind === 'resumed') {
      const name = wanted.name(bytes, head.nameStart, head.nameEnd);
      if (name === undefined && complete) continue;
      if (complete && lineInterest && !lineInterest(name ?? '', bytes, head.nameEnd, end)) continue;
      const text = chunk.slice(head.nameEnd, end);
      const item =
        head.kind === 'call' ? readCall(text, name ?? '', place) : readResumed(text, name ?? '', place);
      // What stands before the cut may look whole: `= 3` of `= 37`.
      if (!item || !complete) yield unknown();
      else if (name !== undefined) yield item;
      continue;
    }
    const body = chunk.slice(head.body, end);
    const item =
      head.kind === 'signal'
        ? readSignal(body, place)
        : head.kind === 'exit'
          ? readEnd(body, place)
          : undefined;
    if (item) yield item;
    else if (!isRemark(body)) yield unknown();
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

function readCall(text: string, name: string, place: Place): TraceItem | undefined {
  if (text.endsWith('<unfinished ...>'))
    return { ...place, kind: 'unfinished', name, args: text.slice(1, -16).trimEnd() };
  if (text.endsWith('<detached ...>'))
    return { ...place, kind: 'unfinished', name, args: text.slice(1, -14).trimEnd() };
  const cut = resultAt(text);
  if (!cut) return undefined;
  return {
    ...place,
    kind: 'call',
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
  return {
    ...place,
    kind: 'resumed',
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

/** Names of calls by a hash of their bytes, so that a line of no interest costs no string. */
class NameSet {
  private readonly known = new Map<number, { bytes: Uint8Array; name: string | undefined }[]>();

  constructor(private readonly interest: Interest) {}

  /** The name if it is of interest. */
  name(bytes: Uint8Array, start: number, end: number): string | undefined {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const bucket = this.known.get(hash);
    if (bucket) {
      for (const entry of bucket) if (equal(entry.bytes, bytes, start, end)) return entry.name;
    }
    const text = String.fromCharCode(...bytes.subarray(start, end));
    const entry = { bytes: bytes.slice(start, end), name: this.interest(text) ? text : undefined };
    if (bucket) bucket.push(entry);
    else if (this.known.size < 4096) this.known.set(hash, [entry]);
    return entry.name;
  }
}

function equal(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) if (name[at] !== bytes[start + at]) return false;
  return true;
}
