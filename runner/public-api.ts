/** `tracerig`: runs scenarios on backends, as `tracerig test` does. */
export { chooseBackends } from './backends.ts';
export type { BackendChoice, BackendOptions, ChosenBackends } from './backends.ts';
export { defineConfig } from './config.ts';
export type { TracerigConfig } from './config.ts';
export { compile, loadPolicy } from './load-policy.ts';
export type { PolicyOptions } from './load-policy.ts';
export type { LoadedPolicies } from './policies.ts';
export type { Reporter, RunEvent } from './reporter.ts';
export type { Selection } from './selection.ts';
export type { Shard } from './shard.ts';
export type {
  Counts,
  FlakyStep,
  ParityResult,
  RunError,
  RunResult,
  ScenarioResult,
  StepResult,
} from './result.ts';
export { runScenarios } from './run.ts';
export type { RunOptions } from './run.ts';
