/**
 * The one pass over a trace: bytes come in at the front, items go to the replay at the back, and in between lies the
 * look-ahead, in which the machine's foresight gathers what strace shows later than the kernel knew it.
 */
import { LineIndex } from '../trace/line-index.ts';
import { TraceReader, type Interest } from '../trace/reader.ts';
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

/** Lines of interest of one chunk; they are the caller's until it asks for the next. */
export interface Batch {
  readonly lines: LineIndex;
  /** Last line read when they were. */
  readonly line: number;
}

interface Held {
  readonly index: LineIndex;
  bytes: number;
  lines: number;
  line: number;
}

export class TraceWindow {
  /** Some line went to the replay before the end of the trace was read. */
  exceeded = false;
  private readonly reader: TraceReader;
  private readonly held: Held[] = [];
  /** Indexes that were handed on and are used again. */
  private readonly spare: LineIndex[] = [];
  private lines = 0;
  private bytes = 0;

  constructor(
    wants: Interest,
    private readonly foresight: Foresight,
    private readonly ahead: LookAhead = lookAhead,
  ) {
    this.reader = new TraceReader(wants, new LineIndex(), foresight);
  }

  /** Lines in order, a batch as soon as enough was read behind it. */
  async *batches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Batch> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += largestChunk) {
        // Its own copy: the source may use the chunk again while the lines wait.
        const piece = new Uint8Array(chunk.subarray(at, at + largestChunk));
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
    const { index } = this.reader;
    push();
    const line = this.reader.lineCount;
    const lines = line - before;
    this.lines += lines;
    this.bytes += bytes;
    const last = this.held.at(-1);
    // Chunks without a line of interest need no place of their own.
    if (index.count === 0 && last?.index.count === 0) {
      last.bytes += bytes;
      last.lines += lines;
      last.line = line;
    } else {
      this.held.push({ index, bytes, lines, line });
      this.reader.index = this.spare.pop() ?? new LineIndex();
    }
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
      yield { lines: first.index, line: first.line };
      first.index.clear();
      this.spare.push(first.index);
    }
  }
}
