/** Runs a scenario's steps under its policies with strace beside them: their course is the one that the actions make. */
import { BackendError } from '../../core/backend/error.ts';
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import type { SessionRequest, StepRequest } from '../../core/backend/request.ts';
import type { OutcomeEvent } from '../../core/backend/outcome.ts';
import type { Rig, Started } from '../../kernel-backend/rig.ts';
import { openSession, type StepTracer } from '../../kernel-backend/session/session.ts';
import type { Programs } from '../../kernel-backend/backend.ts';
import { fileFacts } from './file-facts.ts';
import { watchForFaults, type FaultWatch } from './recording-fault.ts';
import { readWhole, rigProcReader, strace } from './rig.ts';
import { takeStartSnapshot, type RecordedStart } from './start-snapshot.ts';
import { straceOf } from './strace.ts';

const scratch = '/run/tracerig';
const pollMs = 5;
/** Milliseconds that strace gets to take hold of the step, or to write its last lines. */
const tracerMs = 20_000;

/** A step as it went under the policies. */
export interface EnforcedStep {
  readonly trace: Uint8Array;
  readonly start: RecordedStart;
  readonly outcome: ObservedOutcome;
}

export interface EnforcedSession {
  run(step: StepRequest): Promise<EnforcedStep>;
  /** Ends everything; idempotent. */
  close(): Promise<void>;
}

/** Puts `given` in place and loads the policies; `release` lets go of the machine. */
export async function openUnderPolicies(
  rig: Rig,
  request: SessionRequest,
  programs: Programs,
  release: () => Promise<void>,
): Promise<EnforcedSession> {
  const session = await openSession(rig, request, { programs, place: { scratch, machine: 'own' } });
  let steps = 0;
  return {
    async run(step) {
      const tracer = new Tracer(`${scratch}/traced-${steps++}`);
      const events: OutcomeEvent[] = [];
      const outcome = await session.runStep(step, { event: (event) => void events.push(event) }, tracer);
      const { trace, start } = tracer.recording();
      const facts = await fileFacts(rig, trace, start);
      return { trace, start: { ...start, facts }, outcome: { ...outcome, events } };
    },
    close: release,
  };
}

class Tracer implements StepTracer {
  #pid = 0;
  #root = 0;
  #start: RecordedStart | undefined;
  #written: Uint8Array | undefined;
  #watch: FaultWatch | undefined;

  constructor(private readonly base: string) {}

  async attach(rig: Rig, { pid, plumbing }: Started): Promise<void> {
    this.#root = pid;
    this.#watch = await watchForFaults(rig, scratch);
    this.#start = await takeStartSnapshot(rigProcReader(rig), pid, plumbing);
    const started = await rig.run({
      argv: straceOf(strace, `${this.base}.strace`, pid),
      env: [],
      cwd: '/',
      stdout: `${this.base}.out`,
      stderr: `${this.base}.err`,
      fenced: false,
    });
    this.#pid = started.pid;
    const until = performance.now() + tracerMs;
    while (!(await isTraced(rig, pid))) {
      if (performance.now() > until) await this.#fail(rig);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  async ended(rig: Rig): Promise<void> {
    const { timedOut } = await rig.wait({ pid: this.#pid, timeoutMs: tracerMs, graceMs: 0, fence: false });
    if (timedOut)
      throw new BackendError('TR-strace-failed', 'strace did not end with what it traced', 'failed');
    this.#written = await readWhole(rig, `${this.base}.strace`);
    const fault = await this.#watch?.faultOf(this.#written, this.#root);
    if (fault !== undefined) throw new BackendError('TR-recording-lacks', fault, 'failed');
    await rig.remove(['strace', 'out', 'err'].map((name) => `${this.base}.${name}`));
  }

  /** What was traced, from the first program on: what comes before it is the launcher's. */
  recording(): Pick<EnforcedStep, 'trace' | 'start'> {
    if (this.#start === undefined || this.#written === undefined) throw new Error('nothing was traced yet');
    const text = Buffer.from(this.#written).toString('latin1');
    const first = new RegExp(`^${this.#root} +[\\d.]+ execve\\(`, 'm').exec(text);
    return {
      trace: Buffer.from(first === null ? '' : text.slice(first.index), 'latin1'),
      start: this.#start,
    };
  }

  async #fail(rig: Rig): Promise<never> {
    const said = Buffer.from(await rig.read(`${this.base}.err`)).toString();
    throw new BackendError(
      'TR-strace-failed',
      `strace did not take hold of the step: ${said.trim()}`,
      'failed',
    );
  }
}

async function isTraced(rig: Rig, pid: number): Promise<boolean> {
  const status = Buffer.from(await rig.read(`/proc/${pid}/status`)).toString('latin1');
  return /^TracerPid:\t[1-9]/m.test(status);
}
