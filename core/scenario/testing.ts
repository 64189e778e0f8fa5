/** Outcomes and steps for tests. */
import type { TetragonEvent } from '../events/event.ts';
import { known, notAsked } from '../backend/outcome.ts';
import type { ObservedOutcome } from '../backend/observer.ts';
import type { OutcomeEvent, ProcessOutcome } from '../backend/outcome.ts';
import { parseScenario } from './parse.ts';
import type { Step } from './scenario.ts';

export function makeOutcome(parts: Partial<ObservedOutcome> = {}): ObservedOutcome {
  return {
    root: { kind: 'exited', code: 0 },
    processes: [],
    events: [],
    eventCount: parts.events?.length ?? 0,
    stdout: known(''),
    stderr: known(''),
    calls: [],
    files: {},
    counters: notAsked,
    coverage: notAsked,
    achieved: notAsked,
    problems: [],
    notes: [],
    elapsedMs: 1,
    ...parts,
  };
}

export function makeProcess(
  number: number,
  binary: string,
  parts: Partial<ProcessOutcome> = {},
): ProcessOutcome {
  return {
    number,
    pid: 100 + number,
    binary,
    arguments: '',
    fate: { kind: 'exited', code: 0 },
    diverged: false,
    ...parts,
  };
}

export function makeEvent(event: TetragonEvent, parts: Partial<OutcomeEvent> = {}): OutcomeEvent {
  return { event, process: 0, diverged: false, ...parts };
}

/** A step with this YAML below `expect:` (in flow style) and, before it, other keys. */
export function makeStep(expectation: string, more = ''): Step {
  const text = `name: n\npolicies: []\nsteps: [{run: x, ${more} expect: ${expectation}}]\n`;
  const { scenario, diagnostics } = parseScenario(text, 's');
  const step = scenario?.steps[0];
  if (step === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return step;
}
