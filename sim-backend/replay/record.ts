/** What a replay gathers: events, output, results of calls, problems. */
import type { TetragonEvent } from '../../core/events/event.ts';
import type { CallOutcome, Known, OutcomeEvent, Problem } from '../../core/backend/outcome.ts';
import { assumed, known, notKnown } from '../../core/backend/outcome.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { Process } from '../machine/task.ts';

const mostProblems = 50;

export class Recorder {
  readonly events: OutcomeEvent[] = [];
  readonly calls: CallOutcome[] = [];
  readonly problems: Problem[] = [];
  private readonly seen = new Set<string>();
  private readonly output: Record<1 | 2, ByteString[]> = { 1: [], 2: [] };
  private readonly unknownOutput: Record<1 | 2, string | undefined> = { 1: undefined, 2: undefined };
  private readonly assumedOutput: Record<1 | 2, string | undefined> = { 1: undefined, 2: undefined };

  event(event: TetragonEvent, process: Process): void {
    this.events.push({ event, process: process.number, diverged: process.diverged });
  }

  /** The same thing is said once, at its first place. */
  problem(problem: Problem): void {
    if (this.seen.has(problem.message) || this.problems.length >= mostProblems) return;
    this.seen.add(problem.message);
    this.problems.push(problem);
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
