/** Cuts chunks of bytes into lines without copying, but for the line that straddles two chunks. */

const newline = 10;

/** Longest line that is kept; what is beyond is no trace line of any use. */
const longestLine = 64 * 1024 * 1024;

/** How a line ended up. */
export interface LineState {
  /** It ended with a newline. */
  readonly complete: boolean;
  /** It is no line of strace whatever it looks like: a zero byte is in it, or it was too long to be kept whole. */
  readonly unreadable: boolean;
}

/** Takes one line, not yet decoded: `start`..`end` (exclusive) of the bytes, without its newline; numbers count from 1. */
export type LineTaker = (
  bytes: Uint8Array,
  start: number,
  end: number,
  number: number,
  state: LineState,
) => void;

const whole: LineState = { complete: true, unreadable: false };
const binary: LineState = { complete: true, unreadable: true };

/** Hands the lines of the chunks pushed to it on, in order. */
export class LineCutter {
  /** Lines that ended so far. */
  count = 0;
  /** Pieces of the line that has not ended yet. */
  private pieces: Uint8Array[] = [];
  private kept = 0;
  private tooLong = false;

  constructor(private readonly take: LineTaker) {}

  /** Lines lie in these bytes, but for the first, which may have begun before them. */
  push(bytes: Uint8Array): void {
    let start = 0;
    let zero = bytes.indexOf(0);
    for (;;) {
      const end = bytes.indexOf(newline, start);
      if (end < 0) break;
      if (this.pieces.length > 0) {
        this.keep(bytes.subarray(start, end));
        this.takeKept(true);
      } else {
        this.count += 1;
        this.take(bytes, start, end, this.count, zero >= 0 && zero < end ? binary : whole);
      }
      start = end + 1;
      if (zero >= 0 && zero < start) zero = bytes.indexOf(0, start);
    }
    if (start < bytes.length) this.keep(new Uint8Array(bytes.subarray(start)));
  }

  /** What follows the last newline. */
  end(): void {
    if (this.pieces.length > 0) this.takeKept(false);
  }

  private keep(piece: Uint8Array): void {
    const room = longestLine - this.kept;
    if (piece.length > room) this.tooLong = true;
    const fits = piece.subarray(0, room);
    if (fits.length === 0 && this.pieces.length > 0) return;
    this.pieces.push(fits);
    this.kept += fits.length;
  }

  private takeKept(complete: boolean): void {
    const line = new Uint8Array(this.kept);
    let at = 0;
    for (const piece of this.pieces) {
      line.set(piece, at);
      at += piece.length;
    }
    const state = { complete, unreadable: this.tooLong || line.includes(0) };
    this.pieces = [];
    this.kept = 0;
    this.tooLong = false;
    this.count += 1;
    this.take(line, 0, line.length, this.count, state);
  }
}
