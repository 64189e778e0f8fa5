/** What a piece of work costs in a process of its own. */
import { spawnSync } from 'node:child_process';

export interface Measured {
  /** Milliseconds of user CPU time: other processes' load does not show in it. */
  readonly userMs: number;
  /** Most memory that was resident, in MB. */
  readonly mostMB: number;
  /** Shows that the work was done. */
  readonly saw: string;
}

/** Runs this script again with `measure` and these words; the run is to end in `printMeasured`. */
export function inOwnProcess(...words: readonly string[]): Measured {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [process.argv[1] ?? '', 'measure', ...words],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  if (stderr !== '') console.error(stderr);
  return JSON.parse(stdout) as Measured;
}

/** Does the work, and prints what it cost. */
export async function printMeasured(work: () => Promise<string>): Promise<void> {
  const began = process.cpuUsage().user;
  const saw = await work();
  const userMs = (process.cpuUsage().user - began) / 1000;
  const measured: Measured = { userMs, mostMB: process.resourceUsage().maxRSS / 1024, saw };
  console.log(JSON.stringify(measured));
}
