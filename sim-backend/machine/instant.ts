/** A time of the trace, in nanoseconds since boot: told only when it is asked for, since most are not. */
export interface Instant {
  readonly ns: bigint;
}

export class TraceInstant implements Instant {
  private known: bigint | undefined;

  /** @param microseconds since the trace's first line, which was read at `firstNs` */
  constructor(
    private readonly firstNs: bigint,
    private readonly microseconds: number,
  ) {}

  get ns(): bigint {
    return (this.known ??= this.firstNs + BigInt(this.microseconds) * 1000n);
  }
}
