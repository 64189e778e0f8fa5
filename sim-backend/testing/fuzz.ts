/** Replays damaged traces: each must come to the same as the whole one, say that something is wrong, or be no trace. */
import { problemText } from '../../core/backend/problem-words.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import { type Damage, damages, garbled, type Random, randomOf } from './mutations.ts';
import { replayed } from './replayed.ts';
import { traceOf } from './sample.ts';

/** What came of the runs. */
export interface Fuzzed {
  /** Damages that the simulator took for something else without a word, by kind. */
  readonly silent: readonly { readonly words: string; readonly what: string; readonly trace: number }[];
  /** Damages that were judged. */
  readonly judged: number;
}

/**
 * One run in eight changes any byte; those are only held against crashes, since they may make another valid trace.
 *
 * @param traces each with a line for each hook that its policies are judged at, and without any problem
 */
export async function fuzzTraces(
  traces: readonly string[],
  plans: readonly Plan[],
  count: number,
  seed: number,
): Promise<Fuzzed> {
  const random = randomOf(seed);
  const wholes: Whole[] = [];
  for (const text of traces) wholes.push(await wholeOf(text, plans));
  const silent: Fuzzed['silent'][number][] = [];
  let judged = 0;
  for (let run = 0; run < count; run += 1) {
    const trace = random(wholes.length);
    const whole = wholes[trace];
    if (whole === undefined) break;
    const damage = run % 8 === 0 ? undefined : damageOf(whole, random);
    const mutation = damage?.make(whole.lines, random);
    if (damage !== undefined && mutation === undefined) continue;
    const changed = mutation?.text ?? garbled(new TextEncoder().encode(whole.text), random);
    const came = await told(changed, plans);
    if (mutation === undefined || damage === undefined) continue;
    judged += 1;
    if (came !== undefined && came.said === '' && came.verdicts() !== whole.verdicts)
      silent.push({ words: damage.words, what: mutation.what, trace });
  }
  return { silent, judged };
}

interface Whole {
  readonly text: string;
  readonly lines: readonly string[];
  readonly damages: readonly Damage[];
  readonly verdicts: string;
}

async function wholeOf(text: string, plans: readonly Plan[]): Promise<Whole> {
  const came = await told(text, plans);
  if (came?.said !== '') throw new Error(`this trace has problems of its own: ${came?.said ?? 'unreadable'}`);
  const timed = /^\d+ +\d+\.\d{6} /.test(text);
  return {
    text,
    lines: text.trimEnd().split('\n'),
    damages: damages.filter(({ byTimes }) => timed || byTimes !== true),
    verdicts: came.verdicts(),
  };
}

const damageOf = (whole: Whole, random: Random): Damage | undefined =>
  whole.damages[random(whole.damages.length)];

/** Events and ends: what the policies came to, and what was said; undefined: it is no trace. */
async function told(
  text: string | Uint8Array,
  plans: readonly Plan[],
): Promise<{ readonly verdicts: () => string; readonly said: string } | undefined> {
  try {
    const { events, processes, problems } = await replayed({ trace: traceOf(text), plans });
    const fates = processes.map(({ pid, fate }) => [pid, fate]);
    return {
      verdicts: () => JSON.stringify([events.map(({ event }) => event), fates], withoutTimes),
      said: problems.map(problemText).join('\n'),
    };
  } catch (error) {
    if (error instanceof TraceError) return undefined;
    throw error;
  }
}

/** Times are values, which damage may change, and so is what is made of them. */
const withoutTimes = (key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : ofTimes.has(key) ? undefined : value;

const ofTimes = new Set(['time', 'start_time', 'exec_id', 'parent_exec_id']);
