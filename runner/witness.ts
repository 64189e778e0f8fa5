/** Why a step that was replayed is red: it is replayed once more, with the hits of its policies' hooks watched. */
import type { Session } from '../core/backend/backend.ts';
import { Witness } from '../core/judge/witness.ts';
import { watchedFiles } from '../core/scenario/expect.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import { namingCalls } from '../sim-backend/replay/naming-calls.ts';
import type { PreparedStep, Target } from './prepare.ts';
import type { StepWitness } from './step-witness.ts';

type Runnable = Extract<PreparedStep, { readonly request: unknown }>;

/**
 * Sessions beside those that were judged: a step may depend on what earlier ones left behind, so those are replayed, too, each
 * at most once. Costs nothing as long as all is green.
 */
export class Witnesses {
  readonly #sessions = new Map<Target, { readonly session: Promise<Session>; next: number }>();

  /** @param steps of the scenario, in order */
  constructor(
    private readonly open: (target: Target) => Promise<Session>,
    private readonly steps: readonly PreparedStep[],
    private readonly scenario: Scenario,
  ) {}

  async of(failed: Runnable): Promise<StepWitness> {
    const { target, request } = failed;
    const kept = this.#sessions.get(target) ?? { session: this.open(target), next: 0 };
    this.#sessions.set(target, kept);
    const session = await kept.session;
    const own = this.steps.indexOf(failed);
    for (const step of this.steps.slice(kept.next, own))
      if ('request' in step && step.target === target) await session.runStep(step.request, {});
    kept.next = own + 1;
    const witness = new Witness(target.policies.map(({ plan }) => plan));
    await session.runStep({ ...request, watchReasons: true }, { hit: (judged) => witness.hit(judged) });
    const hooks = witness.rows();
    const silent = hooks.some(({ hits }) => hits === 0);
    const calls =
      silent && request.trace !== undefined
        ? await namingCalls(
            request.trace,
            filesOf(this.scenario),
            target.kernel.release ?? target.kernel.version,
          )
        : [];
    return { hooks, calls };
  }

  async close(): Promise<void> {
    for (const { session } of this.#sessions.values()) await (await session).close();
  }
}

/** Files that the scenario makes, or looks at. */
const filesOf = ({ given, steps }: Scenario): string[] => [
  ...new Set([...given.files.map(({ path }) => path), ...steps.flatMap((step) => watchedFiles(step))]),
];
