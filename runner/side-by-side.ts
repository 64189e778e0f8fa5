/** Tasks that run side by side, and whose reports are told one task after the other, in their order. */
import type { Reporter, RunEvent } from './reporter.ts';

export interface SideBySideOptions {
  /** Tasks that run at once, at most. */
  readonly jobs: number;
  readonly report: Reporter;
  /** Asked before each task: false if nothing more is to be started. */
  readonly goOn: () => boolean;
  /** As `RunOptions.ready`. */
  readonly ready?: (() => Promise<unknown> | undefined) | undefined;
}

export interface TaskReports {
  readonly report: Reporter;
  readonly ready: () => Promise<unknown> | undefined;
}

/** Reports that a task may be ahead of those before it: then it waits. */
const mostHeld = 65_536;

/** A promise that is kept when a task is the first of those that run. */
function turnOf(): { readonly came: Promise<void>; readonly come: () => void } {
  let come = (): void => undefined;
  const came = new Promise<void>((resolve) => (come = resolve));
  return { came, come: () => come() };
}

/** Results in the order of the tasks; undefined where one was not started. */
export async function sideBySide<T, R>(
  tasks: readonly T[],
  { jobs, report, goOn, ready }: SideBySideOptions,
  run: (task: T, reports: TaskReports) => Promise<R>,
): Promise<(R | undefined)[]> {
  const results = tasks.map((): R | undefined => undefined);
  const held = tasks.map((): RunEvent[] => []);
  const ended = tasks.map(() => false);
  const turns = tasks.map(turnOf);
  let front = 0;
  let next = 0;
  const failures: unknown[] = [];

  const reportsOf = (index: number): TaskReports => ({
    report: (event) => {
      if (index === front) report(event);
      else held[index]?.push(event);
    },
    ready: () => {
      if (index === front) return ready?.();
      return (held[index]?.length ?? 0) < mostHeld ? undefined : turns[index]?.came;
    },
  });
  const advance = (): void => {
    while (ended[front] === true) {
      front++;
      for (const event of held[front]?.splice(0) ?? []) report(event);
      turns[front]?.come();
    }
  };
  const work = async (): Promise<void> => {
    while (next < tasks.length && failures.length === 0 && goOn()) {
      const index = next++;
      try {
        results[index] = await run(tasks[index] as T, reportsOf(index));
      } catch (error) {
        failures.push(error);
      }
      ended[index] = true;
      advance();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
