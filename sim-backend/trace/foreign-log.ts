/**
 * A log as people have it, line for line in the form that the reader takes: process, time, body. Each line stays where it
 * is; what belongs to a line above it leaves an empty one. What cannot be brought into that form is left as it is, for the
 * reader to name.
 */
import { readColumns, type Columns } from './columns.ts';
import { cutAttached, withoutOutput } from './glue.ts';
import { LogClock, type LogForm } from './log-clock.ts';
import { madeChild } from './made-child.ts';

/** Seconds: a recorder's times are as fine as that. */
const exactStep = 1e-6;

/** Lines that wait at most for the first process to show its pid. */
const mostWaiting = 65_536;

/** A call whose line goes on in the next one is given up after so many lines and bytes of output. */
const longestOpen = 4 * 1024 * 1024;

interface Entry {
  text: string;
  /** Its process is the first one, whose pid is not known yet. */
  first: boolean;
}

interface Open {
  readonly entry: Entry;
  readonly before: string;
  /** From the name of the call on. */
  text: string;
  /** Lines as they were, should it not end. */
  readonly lines: { readonly entry: Entry; readonly line: string }[];
}

const call = /^[a-z_][A-Za-z0-9_#?]*\(/;
const resumed = /^<\.\.\. ([A-Za-z0-9_#?]+) resumed>/;
const ending = /^\+\+\+ (exited with|killed by) /;
const remark = /^(\+\+\+ |--- |strace: |\[ Process PID=)/;
const whole = /\)\s+= (?:\?|-?\d|0x)/;
const halves = /<(?:unfinished|detached) \.\.\.>(?:\)\s+= \?.*)?$/;

export class ForeignLog {
  private readonly clock = new LogClock();
  private waiting: Entry[] = [];
  private open: Open | undefined;
  private firstPid: number | undefined;
  /** The log has `[pid N]` columns, or none. */
  private onStandardError = false;
  private firstEnded = false;
  /** Call in which the first process was interrupted. */
  private firstIn: string | undefined;
  /** Children that strace follows, and that have not ended. */
  private readonly children = new Set<number>();
  private readonly known = new Set<number>();
  private readonly quoted: boolean;

  /** @param sample lines at the beginning */
  constructor(
    sample: readonly string[],
    private readonly form: LogForm,
  ) {
    this.quoted = sample.length > 0 && sample.every((line) => /^\s*>\s/.test(line));
  }

  /** Takes a line; returns those that are ready, in order. */
  push(raw: string): string[] {
    const line = this.quoted ? raw.replace(/^\s*>\s/, '') : raw;
    const entry: Entry = { text: line, first: false };
    this.waiting.push(entry);
    if (!this.open || !this.goesOn(this.open, line, entry)) this.begin(line, entry);
    return this.ready();
  }

  end(): string[] {
    this.giveUp();
    return this.flush();
  }

  private ready(): string[] {
    if (this.open) return [];
    const waits = this.firstPid === undefined && this.waiting.some(({ first }) => first);
    return waits && this.waiting.length < mostWaiting ? [] : this.flush();
  }

  private flush(): string[] {
    const lines = this.waiting.map(({ text, first }) =>
      first && this.firstPid !== undefined ? `${this.firstPid} ${text}` : text,
    );
    this.waiting = [];
    return lines;
  }

  private begin(line: string, entry: Entry): void {
    const columns = readColumns(line);
    const { body } = columns;
    const attached = cutAttached(body);
    if (attached) this.attach(attached.pid);
    const text = attached ? attached.before : body;
    if (attached && text === '') return;
    if (call.test(text) && !whole.test(text) && !halves.test(text)) {
      this.open = { entry, before: line.slice(0, line.length - body.length), text, lines: [{ entry, line }] };
      return;
    }
    if (call.test(text) || resumed.test(text) || remark.test(text)) this.place(columns, text, entry);
  }

  /** True if the line belongs to the call that is open. */
  private goesOn(open: Open, line: string, entry: Entry): boolean {
    const columns = readColumns(line);
    const begins =
      columns.bracketed || call.test(columns.body) || resumed.test(columns.body) || ending.test(columns.body);
    const attached = cutAttached(line);
    const bare = attached ? attached.before : line;
    const text = open.text + (open.text.startsWith('write(') ? '\n' : '') + bare;
    if ((begins && !attached) || text.length > longestOpen) {
      this.giveUp();
      return false;
    }
    if (attached) this.attach(attached.pid);
    open.text = open.text.startsWith('write(') ? text : open.text + bare;
    open.lines.push({ entry, line });
    entry.text = '';
    const clean = withoutOutput(open.text) ?? open.text;
    if (!(whole.test(clean) || halves.test(clean)) || clean.includes('\n')) return true;
    this.open = undefined;
    this.place(readColumns(open.before + clean), clean, open.entry);
    return true;
  }

  /** The call never ends: its lines stay as they were. */
  private giveUp(): void {
    for (const { entry, line } of this.open?.lines ?? []) entry.text = line;
    this.open = undefined;
  }

  private attach(pid: number): void {
    this.children.add(pid);
    this.known.add(pid);
  }

  private place(columns: Columns, body: string, entry: Entry): void {
    const clean = withoutOutput(body) ?? body;
    const seconds = this.clock.read(columns.time);
    if (columns.time && columns.time.step > exactStep)
      this.form.stepNs = BigInt(Math.round(columns.time.step * 1e9));
    const time = seconds === undefined ? '' : `${seconds.toFixed(6)} `;
    entry.text = `${time}${clean}`;
    const pid = columns.pid ?? this.only();
    if (columns.bracketed || columns.pid === undefined) this.onStandardError = true;
    const first = this.onStandardError && (pid === undefined || this.isFirst(pid, clean));
    if (first && pid !== undefined) this.firstPid ??= pid;
    if (first && pid === undefined) entry.first = true;
    else if (pid !== undefined) entry.text = `${pid} ${entry.text}`;
    this.note(pid, first, clean);
  }

  /** Whose a line without a process column is: strace leaves it out while it follows one process. undefined: the first one's. */
  private only(): number | undefined {
    if (!this.firstEnded) return this.firstPid;
    const [child] = this.children;
    return this.children.size === 1 ? child : this.firstPid;
  }

  private isFirst(pid: number, body: string): boolean {
    if (this.firstPid !== undefined) return pid === this.firstPid;
    if (this.known.has(pid)) return false;
    // While the first process is inside a call, whatever else is new is its child.
    return this.firstIn === undefined || resumed.exec(body)?.[1] === this.firstIn;
  }

  private note(pid: number | undefined, first: boolean, body: string): void {
    const child = madeChild(body);
    if (child !== undefined) this.known.add(child);
    const ends = ending.test(body);
    if (first) {
      this.firstIn = body.endsWith('<unfinished ...>') ? /^\w+/.exec(body)?.[0] : undefined;
      if (ends) this.firstEnded = true;
    } else if (pid !== undefined) {
      if (ends) this.children.delete(pid);
      else this.children.add(pid);
      this.known.add(pid);
    }
  }
}
