/** Numbers the processes of a list of events by order of creation. */
import type { ProcessJson, TetragonEvent } from '../event.ts';
import { bodyOf } from '../parse.ts';

export class ProcessNumbers {
  private readonly numbers = new Map<number, number>();
  /** Of threads that are not their process's first, by tid. */
  private readonly threads = new Map<number, string>();
  private readonly images = new Set<string>();

  /**
   * @param constants numbers that are no mention of a process, though one may have such a pid
   * @param given numbers of processes by pid; others come behind them
   */
  constructor(
    events: readonly TetragonEvent[],
    private readonly constants: ReadonlySet<number> = new Set(),
    given: ReadonlyMap<number, number> = new Map(),
  ) {
    const pids = new Set<number>();
    const tids = new Map<number, number>();
    for (const event of events) {
      const process = bodyOf(event)['process'] as ProcessJson | undefined;
      if (process?.pid === undefined) continue;
      pids.add(process.pid);
      if (process.tid !== undefined && process.tid !== process.pid) tids.set(process.tid, process.pid);
      if (process.exec_id) this.images.add(process.exec_id);
    }
    // Pids are given out in ascending order, which the order of events across processes does not tell.
    const taken = Math.max(-1, ...given.values()) + 1;
    for (const [pid, number] of given) this.numbers.set(pid, number);
    [...pids]
      .filter((pid) => !given.has(pid))
      .sort((a, b) => a - b)
      .forEach((pid, index) => this.numbers.set(pid, taken + index));
    this.nameThreads(tids);
  }

  private nameThreads(tids: ReadonlyMap<number, number>): void {
    const counts = new Map<number, number>();
    for (const [tid, pid] of [...tids].sort(([a], [b]) => a - b)) {
      const count = (counts.get(pid) ?? 0) + 1;
      counts.set(pid, count);
      if (!this.numbers.has(tid)) this.threads.set(tid, `thread ${count} of ${this.numbers.get(pid)}`);
    }
  }

  of(process: ProcessJson): number {
    return this.ofPid(process.pid ?? -1) ?? -1;
  }

  ofPid(pid: number): number | undefined {
    return this.numbers.get(pid);
  }

  /** What a number in a text or an argument stands for: a process's number, or a thread of one. */
  ofMention(id: number): number | string | undefined {
    return this.constants.has(id) ? undefined : this.nameOf(id);
  }

  nameOf(id: number): number | string | undefined {
    return this.numbers.get(id) ?? this.threads.get(id);
  }

  /** A parent counts only if some event is about this very image: the launcher of a tree may share the root's pid. */
  ofParent(parent: ProcessJson | undefined): number | 'outside' {
    if (!parent?.exec_id || !this.images.has(parent.exec_id)) return 'outside';
    return this.of(parent);
  }
}
