/** Reads a trace line by line: calls (their two halves joined by the caller's machine), signals, ends. */
import type { ByteString } from '../../core/values/value.ts';
import { byteString } from './bytes.ts';
import type { CallText } from './call-text.ts';
import { newHead, readHead } from './head.ts';
import {
  type CallName,
  isFirstHalf,
  type LineIndex,
  lineKind,
  type LineKind,
  readCall,
  readEnd,
  readFirstHalf,
  readPersonality,
} from './line-index.ts';
import { LineCutter, type LineState } from './lines.ts';

/** Decides by its name, at the first look, whether a call is to be read. */
export type Interest = (name: string) => boolean;

/** Who looks at calls before their time has come: at fewer of them, and at the bytes of a line first. */
export interface Scout {
  /** What calls of this name are to it, in bits of its own; 0: nothing. */
  readonly rolesOf: (name: string) => number;
  /** Decides on one line of a call, by what follows the name. */
  readonly looksAt: (roles: number, pid: number, bytes: Uint8Array, start: number, end: number) => boolean;
  /** The first half of a call: its arguments. */
  readonly noteHalf: (pid: number, line: number, args: Uint8Array) => void;
  /** A whole call, or its second half. False: some argument is none that strace prints. */
  readonly noteCall: (name: CallName, pid: number, line: number, call: CallText, resumed: boolean) => boolean;
  readonly noteEnd: (pid: number) => void;
}

/** Reads the bytes pushed to it, which must not change as long as the index is in use. Calls that nobody wants are left out. */
export class TraceReader {
  /** Takes the lines of interest, in order. */
  index: LineIndex;
  private readonly head = newHead();
  private readonly names: NameTable;
  private readonly lines = new LineCutter((bytes, start, end, number, state) => {
    this.line(bytes, start, end, number, state);
  });

  constructor(
    wants: Interest,
    index: LineIndex,
    private readonly scout?: Scout,
  ) {
    this.index = index;
    this.names = new NameTable(wants, (name) => scout?.rolesOf(name) ?? 0);
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
    if (state.unreadable) this.damaged(bytes, start, end, line, state);
    else if (head.kind === 'call' || head.kind === 'resumed') this.call(bytes, start, end, line, state);
    else this.other(bytes, start, end, line, state);
  }

  private call(bytes: Uint8Array, start: number, end: number, line: number, state: LineState): void {
    const { kind, nameStart, nameEnd, nameHash, pid, time } = this.head;
    const name = this.names.of(bytes, nameStart, nameEnd, nameHash);
    const noted = name.roles !== 0 && this.scout?.looksAt(name.roles, pid, bytes, nameEnd, end) === true;
    // What stands before the cut may look whole: `= 3` of `= 37`.
    if (!state.complete) this.damaged(bytes, start, end, line, state);
    else if (name.wanted || noted) {
      const half = kind === 'call' && isFirstHalf(bytes, nameEnd, end);
      const which = half ? lineKind.unfinished : kind === 'call' ? lineKind.call : lineKind.resumed;
      const read = !noted || this.note(which, name, bytes, nameEnd, end, line);
      if (!read) this.damaged(bytes, start, end, line, state);
      else if (name.wanted) this.index.add(which, bytes, start, nameEnd, end, line, pid, time, name);
    }
  }

  /** False: the line is damaged. */
  private note(
    kind: LineKind,
    name: CallName,
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
  ): boolean {
    const { pid } = this.head;
    if (kind === lineKind.unfinished) {
      this.scout?.noteHalf(pid, line, readFirstHalf(bytes, start, end));
      return true;
    }
    const call = readCall(bytes, kind, start, end);
    if (call === undefined || this.scout === undefined) return call !== undefined;
    return this.scout.noteCall(name, pid, line, call, kind === lineKind.resumed);
  }

  private other(bytes: Uint8Array, start: number, end: number, line: number, state: LineState): void {
    const { kind, body, pid, time } = this.head;
    const text = byteString(bytes, body, end);
    const ends = kind === 'exit' ? readEnd(text) : undefined;
    if (ends) {
      if (ends.kind !== 'superseded') this.scout?.noteEnd(pid);
      this.index.add(lineKind.end, bytes, start, body, end, line, pid, time, undefined);
    } else if (kind === 'signal' && isSignal(text))
      this.index.add(lineKind.signal, bytes, start, body, end, line, pid, time, undefined);
    else if (readPersonality(text))
      this.index.add(lineKind.personality, bytes, start, body, end, line, pid, time, undefined);
    else if (!isRemark(text) && !isRemark(byteString(bytes, start, end)))
      this.damaged(bytes, start, end, line, state);
  }

  private damaged(bytes: Uint8Array, start: number, end: number, line: number, state: LineState): void {
    const { pid, time } = this.head;
    const kind = state.complete ? lineKind.unknown : lineKind.cut;
    this.index.add(kind, bytes, start, start, end, line, pid, time, undefined);
  }
}

/** Lines that strace itself adds and that say nothing of the traced program. */
function isRemark(body: ByteString): boolean {
  return (
    body.startsWith('strace: ') ||
    // Messages of strace before 4.7.
    /^Process \d+ (attached|detached|suspended|resumed)\b/.test(body) ||
    // A line of a stack, as -k adds them, and the table of -c and -C.
    /^ > .*\[0x[0-9a-f]+\]$/.test(body) ||
    /^(% time +seconds |------ -----------|( *\d+\.\d\d)( +\d+\.\d{6})( +\d+)* +\w+$)/.test(body) ||
    body.trim() === '' ||
    /^--- stopped by SIG[A-Z]+ ---$/.test(body)
  );
}

const isSignal = (body: ByteString): boolean => /^--- (SIG[A-Z0-9_+]+) (\{.*\}|\S.*) ---$/.test(body);

/** No call has a longer name; what is called so in a damaged trace is none. */
const longestName = 64;

/** Most names that are remembered: more than all kernels together have. */
const mostNames = 4096;

/** Names of calls, each asked about once, so that a line of no interest costs no string. */
class NameTable {
  private readonly known = new Map<number, (CallName & { readonly bytes: Uint8Array })[]>();

  constructor(
    private readonly wants: Interest,
    private readonly rolesOf: (name: string) => number,
  ) {}

  /** @param hash made of the name's bytes */
  of(bytes: Uint8Array, start: number, end: number, hash: number): CallName {
    const bucket = this.known.get(hash);
    if (bucket) {
      for (const call of bucket) if (equal(call.bytes, bytes, start, end)) return call;
    }
    const name = byteString(bytes, start, Math.min(end, start + longestName));
    const wanted = this.wants(name);
    const call = {
      bytes: new Uint8Array(bytes.subarray(start, end)),
      name,
      wanted,
      roles: this.rolesOf(name),
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
