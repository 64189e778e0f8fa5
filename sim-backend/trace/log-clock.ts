/** Times of a foreign log as one count of seconds: past midnight, and out of differences. */
import type { Columns } from './columns.ts';

/** What is learned of a log while it is read. */
export interface LogForm {
  /** Its times may be off by less than so many nanoseconds; 0: they are as exact as a recorder's. */
  stepNs: bigint;
}

const day = 86_400;

/** Times go back a little where lines of several processors are written out of order. */
const mostBack = day / 2;

export class LogClock {
  private days = 0;
  private last = 0;
  private sum = 0;

  /** Seconds; undefined where the line has no time. */
  read(time: Columns['time']): number | undefined {
    if (time === undefined) return undefined;
    switch (time.form) {
      case 'unix':
        return time.seconds;
      case 'day':
        // A day begins: the first of January 1970 and those after it will do.
        if (time.seconds < this.last - mostBack) this.days += 1;
        this.last = time.seconds;
        return day * (this.days + 1) + time.seconds;
      case 'since-last':
        this.sum += time.seconds;
        return day + this.sum;
    }
  }
}
