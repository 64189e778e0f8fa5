/** The stream of events of a run. A reporter is one function of it; order is that of the types here. */
import type { OutcomeEvent } from '../core/backend/outcome.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import type {
  NamedBackend,
  ParityResult,
  RunError,
  RunResult,
  ScenarioResult,
  ScenarioSkip,
  SkippedBackend,
  StepResult,
} from './result.ts';

/** One thing that happens in a run. */
export type RunEvent =
  | {
      readonly type: 'run-start';
      readonly files: readonly string[];
      readonly backends: readonly NamedBackend[];
    }
  | { readonly type: 'backend-skipped'; readonly skip: SkippedBackend }
  | {
      readonly type: 'scenario-start';
      readonly file: string;
      readonly name: string;
      /** Of a run that repeats its scenarios: which time this is, from 1. */
      readonly turn?: { readonly number: number; readonly of: number };
    }
  /** Findings about a scenario or its policies; `texts` holds the texts of the files that they point into. */
  | {
      readonly type: 'diagnostics';
      readonly diagnostics: readonly Diagnostic[];
      readonly texts: ReadonlyMap<string, string>;
    }
  | {
      readonly type: 'step-start';
      readonly file: string;
      readonly step: string;
      readonly backend: string;
    }
  /** An event of the step that started last, when it happens. */
  | { readonly type: 'event'; readonly event: OutcomeEvent }
  | { readonly type: 'scenario-skipped'; readonly skip: ScenarioSkip }
  | { readonly type: 'step-end'; readonly result: StepResult; readonly text: string }
  | { readonly type: 'parity-end'; readonly result: ParityResult }
  | { readonly type: 'scenario-end'; readonly result: ScenarioResult }
  | { readonly type: 'error'; readonly error: RunError }
  | { readonly type: 'run-end'; readonly result: RunResult };

/** Called with every event, in order. */
export type Reporter = (event: RunEvent) => void;
