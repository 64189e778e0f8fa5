/** Numbers the processes of a list of events by order of creation. */
import type { ProcessJson, TetragonEvent } from '../event.ts';
import { bodyOf } from '../parse.ts';

export class ProcessNumbers {
  private readonly numbers = new Map<number, number>();
  private readonly images = new Set<string>();

  /** @param constants numbers that are no mention of a process, though one may have such a pid */
  constructor(
    events: readonly TetragonEvent[],
    private readonly constants: ReadonlySet<number> = new Set(),
  ) {
    const pids = new Set<number>();
    for (const event of events) {
      const process = bodyOf(event)['process'] as ProcessJson | undefined;
      if (process?.pid === undefined) continue;
      pids.add(process.pid);
      if (process.exec_id) this.images.add(process.exec_id);
    }
    // Pids are given out in ascending order, which the order of events across processes does not tell.
    [...pids].sort((a, b) => a - b).forEach((pid, number) => this.numbers.set(pid, number));
  }

  of(process: ProcessJson): number {
    return this.ofPid(process.pid ?? -1) ?? -1;
  }

  ofPid(pid: number): number | undefined {
    return this.numbers.get(pid);
  }

  /** Number of the process that a number in a text or an argument stands for. */
  ofMention(pid: number): number | undefined {
    return this.constants.has(pid) ? undefined : this.ofPid(pid);
  }

  /** A parent counts only if some event is about this very image: the launcher of a tree may share the root's pid. */
  ofParent(parent: ProcessJson | undefined): number | 'outside' {
    if (!parent?.exec_id || !this.images.has(parent.exec_id)) return 'outside';
    return this.of(parent);
  }
}
