/**
 * The one pass over a trace: bytes come in at the front, items go to the replay at the back, and in between lies the
 * look-ahead, in which the machine's foresight gathers what strace shows later than the kernel knew it.
 */
import { TraceReader, type Interest, type TraceItem } from '../trace/reader.ts';
import type { Foresight } from '../machine/foresight.ts';

/**
 * How far the simulator looks ahead: at a call, what the trace shows within so many lines or bytes after it (whichever
 * is reached first) is known, or more by up to a chunk. What lies beyond is not known at that call, and said so.
 */
export interface LookAhead {
  readonly lines: number;
  readonly bytes: number;
}
export const lookAhead: LookAhead = { lines: 65_536, bytes: 16 * 1024 * 1024 };

/** Larger chunks are cut, so that the look-ahead does not grow with what a source happens to give at once. */
const largestChunk = 1 << 20;

/** Items of one chunk. */
export interface Batch {
  readonly items: readonly TraceItem[];
  /** Last line read when they were. */
  readonly line: number;
}

interface Held {
  readonly items: TraceItem[];
  readonly bytes: number;
  lines: number;
  line: number;
}

export class TraceWindow {
  /** Some item went to the replay before the end of the trace was read. */
  exceeded = false;
  private readonly reader: TraceReader;
  private readonly held: Held[] = [];
  private items: TraceItem[] = [];
  private lines = 0;
  private bytes = 0;

  constructor(
    wants: Interest,
    private readonly foresight: Foresight,
    private readonly ahead: LookAhead = lookAhead,
  ) {
    this.reader = new TraceReader(wants, (item) => this.items.push(item), foresight);
  }

  /** Items in order, a batch as soon as enough was read behind it. */
  async *batches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Batch> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += largestChunk) {
        const piece = chunk.subarray(at, at + largestChunk);
        this.read(piece.length, () => {
          this.reader.push(piece);
        });
        yield* this.due(this.ahead);
      }
    }
    this.read(0, () => {
      this.reader.end();
    });
    this.foresight.whole = true;
    yield* this.due({ lines: 0, bytes: 0 });
  }

  private read(bytes: number, push: () => void): void {
    const before = this.reader.lineCount;
    this.items = [];
    push();
    const line = this.reader.lineCount;
    const lines = line - before;
    this.lines += lines;
    this.bytes += bytes;
    const last = this.held.at(-1);
    // Chunks without an item of interest need no place of their own.
    if (this.items.length === 0 && last?.items.length === 0) {
      this.held[this.held.length - 1] = {
        items: [],
        bytes: last.bytes + bytes,
        lines: last.lines + lines,
        line,
      };
    } else this.held.push({ items: this.items, bytes, lines, line });
  }

  /** Batches that have enough behind them. */
  private *due(ahead: LookAhead): Generator<Batch> {
    for (;;) {
      const [first] = this.held;
      if (!first) return;
      const enough = this.lines - first.lines >= ahead.lines || this.bytes - first.bytes >= ahead.bytes;
      if (!enough) return;
      this.held.shift();
      this.lines -= first.lines;
      this.bytes -= first.bytes;
      if (!this.foresight.whole) this.exceeded = true;
      yield first;
    }
  }
}
