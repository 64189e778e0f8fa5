/** Whether the lines stand in the order in which strace wrote them, each once, as far as their times tell. */
import type { LineIndex } from '../trace/line-index.ts';
import type { LogForm } from '../trace/log-clock.ts';
import type { Gathered } from './gathered.ts';

export class LineOrder {
  private latest = -Infinity;
  private last: { readonly line: number; readonly bytes: Uint8Array } | undefined;

  constructor(
    private readonly record: Gathered,
    private readonly form: LogForm,
  ) {}

  /** @param seconds NaN: the line has no time */
  take(lines: LineIndex, at: number, seconds: number): void {
    if (Number.isNaN(seconds)) return;
    const line = lines.line(at);
    if (seconds < this.latest || this.isDouble(lines, at, line, seconds))
      this.record.problem({ kind: 'trace', fault: 'out-of-order' }, line);
    this.latest = seconds;
    this.last = { line, bytes: lines.bytesOf(at) };
  }

  /** No two stops of a task have one time, unless the clock is coarse. */
  private isDouble(lines: LineIndex, at: number, line: number, seconds: number): boolean {
    const { last } = this;
    return (
      seconds === this.latest &&
      this.form.stepNs === 0n &&
      last?.line === line - 1 &&
      equal(last.bytes, lines.bytesOf(at))
    );
  }
}

const equal = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
