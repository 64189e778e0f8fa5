/** What a replay gathers: events, output, results of calls, problems. */
import type { TetragonEvent } from '../../core/events/event.ts';
import type { StepObserver } from '../../core/backend/observer.ts';
import type { CallOutcome, Known } from '../../core/backend/outcome.ts';
import { ProblemList } from '../../core/backend/problem.ts';
import type { Problem, ProblemCause } from '../../core/backend/problem.ts';
import { assumed, known, notKnown } from '../../core/backend/outcome.ts';
import type { TraceSource } from '../../core/trace/trace-source.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { Cause } from '../machine/cause.ts';
import type { Process } from '../machine/task.ts';

/** As an outcome says it. */
export const course = (
  cause: Cause | undefined,
): { readonly diverged: boolean; readonly restsOn?: string } =>
  cause === undefined ? { diverged: false } : { diverged: true, restsOn: cause.text };

export class Gathered {
  eventCount = 0;
  readonly calls: CallOutcome[] = [];
  private readonly found: ProblemList;
  private readonly output: Record<1 | 2, ByteString[]> = { 1: [], 2: [] };
  private readonly unknownOutput: Record<1 | 2, string | undefined> = { 1: undefined, 2: undefined };
  private readonly assumedOutput: Record<1 | 2, string | undefined> = { 1: undefined, 2: undefined };

  /** `trace`: what problems point into. */
  constructor(
    private readonly trace: Pick<TraceSource, 'file' | 'placeOf'>,
    private readonly observer: StepObserver = {},
  ) {
    this.found = new ProblemList((problem) => this.observer.problem?.(problem));
  }

  event(event: TetragonEvent, process: Process): void {
    this.eventCount += 1;
    this.observer.event?.({ event, process: process.number, ...course(process.diverged) });
  }

  /** `line` of the trace, if it is about one; `occurredAt`: where it occurred, if it is about something else. */
  problem(cause: ProblemCause, line?: number, count = 1, occurredAt = line): void {
    if (occurredAt !== undefined) this.observer.occurrence?.(cause, occurredAt);
    const known = line !== undefined && line > 0;
    const before = known ? this.trace.placeOf?.(line) : undefined;
    this.found.add(cause, before ?? { file: this.trace.file, ...(known && { line }) }, count);
  }

  /** A problem of the step or of a policy: it has no place in the trace. */
  problemOf(cause: ProblemCause, place?: { readonly file: string; readonly line: number }, count = 1): void {
    this.found.add(cause, place, count);
  }

  get problems(): Problem[] {
    return this.found.all();
  }

  write(to: 1 | 2, bytes: ByteString): void {
    this.output[to].push(bytes);
  }

  outputUnknown(to: 1 | 2, why: string): void {
    this.unknownOutput[to] ??= why;
  }

  /** What was written holds only if the recorded course does. */
  outputAssumed(to: 1 | 2, why: string): void {
    this.assumedOutput[to] ??= why;
  }

  text(of: 1 | 2): Known<ByteString> {
    const why = this.unknownOutput[of];
    if (why !== undefined) return notKnown(why);
    const text = this.output[of].join('');
    const onlyIf = this.assumedOutput[of];
    return onlyIf === undefined ? known(text) : assumed(text, onlyIf);
  }
}
