/** Replays damaged traces: each must come to the same as the whole one, say that something is missing, or be no trace. */
import type { Outcome } from '../../core/backend/outcome.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { replay } from '../replay/replay.ts';
import { damaged, garbled, randomOf } from './mutations.ts';
import { traceOf } from './sample.ts';

/** What went wrong, in words; garbled bytes are only held against crashes, since they may make another valid trace. */
export async function fuzzTraces(
  traces: readonly string[],
  plans: readonly Plan[],
  count: number,
  seed: number,
): Promise<readonly string[]> {
  const random = randomOf(seed);
  const whole = new Map<string, string>();
  for (const text of traces) whole.set(text, told(await replay({ trace: traceOf(text), plans })));
  const silent: string[] = [];
  for (let run = 0; run < count; run += 1) {
    const text = traces[random(traces.length)] ?? '';
    const showing = run % 2 === 0;
    const mutation = showing ? damaged(text, random) : undefined;
    if (showing && mutation === undefined) continue;
    const trace = mutation?.text ?? garbled(new TextEncoder().encode(text), random);
    try {
      const outcome = await replay({ trace: traceOf(trace), plans });
      const wrong = told(outcome) !== whole.get(text);
      if (mutation && wrong && outcome.problems.length === 0) silent.push(`${run}: ${mutation.what}`);
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
    }
  }
  return silent;
}

/** Events and ends: what the policies came to. */
const told = ({ eventCount, processes }: Outcome): string =>
  JSON.stringify([eventCount, processes.map(({ pid, fate }) => [pid, fate])]);
