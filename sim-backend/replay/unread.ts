/** Lines that are understood but could not be used: how many, of how many processes, and why. */
import type { UnreadReason } from '../../core/backend/problem.ts';
import type { Gathered } from './gathered.ts';

interface Lines {
  count: number;
  readonly first: number;
  readonly pids: Set<number>;
}

export class Unread {
  private readonly found = new Map<UnreadReason, Lines>();

  add(why: UnreadReason, pid: number, line: number): void {
    const lines = this.found.get(why);
    if (lines === undefined) {
      this.found.set(why, { count: 1, first: line, pids: new Set([pid]) });
      return;
    }
    lines.count += 1;
    lines.pids.add(pid);
  }

  report(record: Gathered): void {
    for (const [why, { count, first, pids }] of this.found)
      record.problem({ kind: 'unread-lines', why, processes: pids.size }, first, count);
  }
}
