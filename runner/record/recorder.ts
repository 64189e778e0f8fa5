/** What records scenarios: this host or the VM. */
import type { Scenario, Step } from '../../core/scenario/scenario.ts';
import type { RecordedStart } from './start-snapshot.ts';

/** What a recorder needs of a scenario: what is put in place, and what will run there. */
export interface MachineToRecord {
  readonly given: Scenario['given'];
  readonly steps: readonly StepToRecord[];
}

/** What a recorder needs of a step. */
export type StepToRecord = Pick<Step, 'number' | 'run'>;

export interface StepRecording {
  readonly trace: Uint8Array;
  readonly start: RecordedStart;
  /** The time was up and everything was killed: the recording is not kept. */
  readonly timedOut: boolean;
  /** Why it is not kept otherwise. */
  readonly fault?: string;
}

/** One scenario's machine: `given` is in place, no policy is loaded. */
export interface RecordingSession {
  recordStep(step: StepToRecord, timeoutMs: number): Promise<StepRecording>;
  /** Ends everything and removes what was made; idempotent. */
  close(): Promise<void>;
}

export interface Recorder {
  /** For reports: `this host`, `vm (Debian 6.12.117, TCG)`. */
  describe(): string;
  /** It can run the steps under their policies, too. */
  readonly enforces: boolean;
  open(scenario: MachineToRecord, signal: AbortSignal): Promise<RecordingSession>;
  close(): Promise<void>;
}
