/** When each line was, and how well that is known. */
import { type Instant, TraceInstant } from '../machine/instant.ts';
import type { Machine } from '../machine/machine.ts';
import type { LogForm } from '../trace/log-clock.ts';

/** Seconds: ten years. */
const longestTrace = 315_360_000;

/** More than any two times differ: nothing but the order is known. */
const noClockNs = 1n << 62n;

export class TraceClock {
  private first: number | undefined;
  /** Microseconds between the first line and the last one read; undefined before the first. */
  private since: number | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly form: LogForm,
  ) {}

  /** @param seconds NaN: the line has no time */
  at(seconds: number): Instant {
    this.since = this.microseconds(seconds);
    return new TraceInstant(this.machine.start.bootNs, this.since);
  }

  private microseconds(seconds: number): number {
    const next = this.since === undefined ? 0 : this.since + 1;
    this.first ??= Number.isNaN(seconds) ? undefined : seconds;
    const since = seconds - (this.first ?? NaN);
    // A damaged line may show any time; its place in the trace is then all that is known.
    const told = Math.abs(since) <= longestTrace;
    this.machine.clockStepNs = told ? this.form.stepNs : noClockNs;
    if (!told) return next;
    return Math.round(since * 1e6);
  }
}
