/** What a run of scenarios came to. Plain data: reporters and the JSON report read it, exit codes are derived from it. */
import type { Unavailable, Unsupported } from '../core/backend/backend.ts';
import type { ExpectationFailure } from '../core/scenario/failure.ts';
import type { Outcome } from '../core/backend/outcome.ts';
import type { FailureKind } from '../core/backend/error.ts';
import type { ParityDifference } from '../core/scenario/parity.ts';
import type { BackendId } from '../core/backend/id.ts';
import type { DiagnosticCode } from '../core/source/codes.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import type { StepWitness } from './step-witness.ts';

/** A failure that is no expectation's: a machine that failed, a policy the kernel refused. `code` is stable. */
export interface RunError {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly kind: FailureKind;
  readonly enable?: string;
  readonly log?: string;
}

/** What one step came to on one backend. */
export interface StepResult {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  readonly number: number;
  /** Text of the backend's id: `sim`, `vm@6.12`. */
  readonly backend: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Absent when the step did not come to run. Its events went to the reporter (`event`) and are not kept. */
  readonly outcome?: Outcome;
  readonly failures: readonly ExpectationFailure[];
  /** Why it failed before, or instead of, its expectations. */
  readonly errors: readonly RunError[];
  /** Of a step that failed and can be replayed: what its policies' hooks saw. */
  readonly witness?: StepWitness;
  /** Of a skip: why, and the command that would enable it. */
  readonly skip?: Unavailable;
  readonly elapsedMs: number;
}

/** Outcomes of one step on the simulator (or the first backend) and on another one, compared. */
export interface ParityResult {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  readonly between: readonly [string, string];
  readonly status: 'agree' | 'disagree' | 'skipped';
  readonly differences: readonly ParityDifference[];
  /** What the simulator took from the recorded course after an action, against what the kernel did. */
  readonly assumption?: 'confirmed' | 'refuted';
  readonly assumptionDifferences: readonly ParityDifference[];
  /** The scenario itself expects one thing on one and another on the other. */
  readonly expectedDifferences: readonly ParityDifference[];
  readonly why?: string;
}

/** What one scenario file came to, on all backends. */
export interface ScenarioResult {
  readonly name: string;
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Backends that cannot run it, with what they lack. */
  readonly skips: readonly ScenarioSkip[];
  readonly steps: readonly StepResult[];
  readonly parity: readonly ParityResult[];
}

/** A backend that cannot do what the scenario's policies say. */
export interface ScenarioSkip {
  readonly scenario: string;
  readonly file: string;
  readonly backend: string;
  readonly unsupported: readonly Unsupported[];
}

export interface SkippedBackend extends Unavailable {
  readonly backend: string;
}

/** Who took part, for reports. */
export interface NamedBackend extends BackendId {
  /** The id as text, by which results are keyed. */
  readonly id: string;
  readonly description: string;
}

/** How many checks passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How often a step passed and failed in a run that repeats its scenarios. */
export interface FlakyStep {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  readonly backend: string;
  readonly passed: number;
  readonly failed: number;
}

/** What all scenarios of a run came to. */
export interface RunResult {
  readonly backends: readonly NamedBackend[];
  readonly scenarios: readonly ScenarioResult[];
  readonly skippedBackends: readonly SkippedBackend[];
  /** Errors that are no scenario's: no scenario found, no backend can run. */
  readonly errors: readonly RunError[];
  /** Steps × backend and parity checks; a backend that cannot run a scenario counts as one skip, a scenario that cannot be read counts as one failure. */
  readonly counts: Counts;
  /** Scenarios of which no step was selected. */
  readonly notSelected: number;
  /** It was stopped after as many failures as were allowed. */
  readonly bailed: boolean;
  /** Of a run that repeats its scenarios: steps that passed and failed. */
  readonly flaky: readonly FlakyStep[];
  readonly interrupted: boolean;
  readonly exitCode: number;
  readonly elapsedMs: number;
}

export function countResults(scenarios: readonly ScenarioResult[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const scenario of scenarios) {
    if (scenario.steps.length === 0 && scenario.diagnostics.some((one) => one.severity === 'error'))
      counts.failed++;
    counts.skipped += scenario.skips.length;
    for (const step of scenario.steps) counts[step.status]++;
    for (const parity of scenario.parity) {
      counts[parity.status === 'agree' ? 'passed' : parity.status === 'disagree' ? 'failed' : 'skipped']++;
    }
  }
  return counts;
}
