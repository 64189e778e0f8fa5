/** What test/browser.test.ts runs in a realm without Node: nothing but the two entry points that browsers may use. */
import {
  factsOfRelease,
  hasErrors,
  loadPolicies,
  observeStep,
  parseScenario,
  readStartSnapshot,
  straceSource,
} from '../core/public-api.ts';
import type { ObservedOutcome } from '../core/public-api.ts';
import { createSimBackend } from '../sim-backend/public-api.ts';

export interface Recording {
  readonly scenario: string;
  readonly policy: string;
  readonly trace: string;
  readonly start: string;
}

/** Outcome of the scenario's first step. */
export async function replayRecording(recording: Recording): Promise<ObservedOutcome> {
  const { scenario } = parseScenario(recording.scenario, 'a.scenario.yaml');
  const first = scenario?.steps[0];
  if (scenario === undefined || first === undefined) throw new Error('no scenario');
  const read = readStartSnapshot(JSON.parse(recording.start));
  if ('faults' in read) throw new Error(read.faults.join());
  const step = {
    name: first.name,
    trace: straceSource('a.strace', () => streamOf(recording.trace), read.start),
    timeoutMs: 0,
    daemons: first.daemons,
    watchFiles: [],
    watchCalls: [],
  };
  const noneShipped = () => Promise.resolve(undefined);
  const backend = createSimBackend({ kernelOf: (release) => factsOfRelease(release, noneShipped) });
  const kernel = await backend.target(step);
  const { plans, diagnostics } = loadPolicies(recording.policy, 'policy.yaml', kernel);
  if (hasErrors(diagnostics)) throw new Error('bad policy');
  const session = await backend.open({
    scenario: scenario.name,
    policies: plans.map((plan) => ({ text: recording.policy, plan })),
    kernel,
    given: scenario.given,
  });
  try {
    return await observeStep(session, step);
  } finally {
    await session.close();
  }
}

/** As `File.stream()` gives it. */
function streamOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}
